"""Many things are done at once, one alone right here."""

import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from functions._parallel import in_parallel

PATIENCE = 10
COLD = """
import sys
from functions._parallel import in_parallel
print(in_parallel([3], str), "concurrent.futures.thread" in sys.modules)
print(in_parallel([3, 4], str), "concurrent.futures.thread" in sys.modules)
"""
place = ContextVar("place", default="outside")


def test_several_are_worked_on_at_once():
    """Three that wait for each other all come to their end, in order."""
    met = threading.Barrier(3)

    def meet(thing):
        met.wait(PATIENCE)
        return thing * 2

    assert in_parallel([1, 2, 3], meet, threads=3) == [2, 4, 6]


def test_no_more_threads_than_allowed():
    """However many there are to do."""
    names = in_parallel(range(50), lambda _: threading.current_thread().name, 2)
    assert len(set(names)) <= 2


@pytest.mark.parametrize(("things", "threads"), [([1], 16), ([], 16), ([1, 2], 1)])
def test_without_others_it_is_done_right_here(things, threads):
    """One thing, or one thread, needs no other."""
    here = threading.current_thread()
    found = in_parallel(things, lambda _: threading.current_thread(), threads)
    assert found == [here] * len(things)


def test_one_alone_pays_for_no_pool():
    """What several need is imported when several come."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", COLD],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stdout.splitlines() == ["['3'] False", "['3', '4'] True"]


def test_context_is_handed_down_and_kept_apart():
    """Each sees what the caller bound, and what it binds nobody else sees."""
    token = place.set("caller")

    def bind(thing):
        before = place.get()
        place.set(thing)
        return before

    try:
        assert in_parallel("abcdef", bind, threads=2) == ["caller"] * 6
        assert place.get() == "caller"
    finally:
        place.reset(token)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_first_error_is_raised(error):
    """In the order of the things, whichever failed sooner."""
    second_failed = threading.Event()

    def fail(thing):
        if thing == 1:
            second_failed.set()
        else:
            second_failed.wait(PATIENCE)
        raise error(thing)

    with pytest.raises(error, match="0"):
        in_parallel([0, 1], fail)
