"""How much is tried of what is claimed for all values, and what is measured of it."""

import sys
import threading

import pytest
from hypothesis import settings

# Every run repeats the last, so that what fails is the change.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, max_examples=150
)
# `make fuzz`: other values at each run; what fails is printed as a line to try again.
settings.register_profile(
    "deep", deadline=None, database=None, max_examples=5000, print_blob=True
)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items):
    """Begin with what is long, so that the other processes have work meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Measure no coverage of a test that is marked as long.

    Its millions of steps would take three times as long.  pytest-cov's own marker
    stops one of the two measurements that run in a process of xdist's.
    """
    traces = sys.gettrace(), threading.gettrace()
    if item.get_closest_marker("long"):
        sys.settrace(None)
        threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(traces[0])
        threading.settrace(traces[1])
