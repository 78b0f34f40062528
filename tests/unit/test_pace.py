"""Looks come soon at first, then ever later, and never past the due time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.pace import look_after, retry_after, spread
from events.request import Options
from tests.unit.build import NOW, request, sweep, task, texts, wish

LATE = task().due + timedelta(hours=1)


def bounds(seconds):
    """Return the shortest and the longest wait: jitter adds up to a quarter."""
    return timedelta(seconds=seconds), timedelta(seconds=seconds * 1.25)


@pytest.mark.parametrize(
    ("looks", "seconds"),
    [(0, 3), (1, 3), (2, 4.5), (3, 6.75), (8, 51.2578125), (9, 60), (1_000_000, 60)],
)
def test_looks_come_half_as_late_again_each_time(looks, seconds):
    """From 3 seconds a wait grows by half at each look, to a minute at most."""
    low, high = bounds(seconds)
    assert low <= look_after(task(looks=looks)) < high


@pytest.mark.parametrize(
    ("hurdles", "seconds"),
    [(0, 3), (1, 3), (2, 6), (3, 12), (7, 192), (8, 300), (1_000_000, 300)],
)
def test_retries_come_twice_as_late_each_time(hurdles, seconds):
    """From 3 seconds a wait doubles at each hurdle, to five minutes; half is chance."""
    usual = timedelta(seconds=seconds)
    assert usual / 2 <= retry_after(task(hurdles=hurdles), NOW) < usual * 1.5


@pytest.mark.parametrize("left", [timedelta(seconds=1.001), timedelta(seconds=30)])
def test_the_last_retry_comes_when_due(left):
    """A wait that would outlast the due time ends with it."""
    hindered = task(hurdles=9)
    assert retry_after(hindered, hindered.due - left) == left


@pytest.mark.parametrize(
    "left", [timedelta(seconds=1), timedelta(0), -timedelta(days=1)]
)
def test_retries_when_due_do_not_hurry(left):
    """With a second left or none, the wait is the usual one."""
    hindered = task(hurdles=9)
    assert retry_after(hindered, hindered.due - left) == retry_after(hindered, NOW)


@given(looks=st.integers(0, 10**6), hurdles=st.integers(0, 10**6))
def test_no_wait_is_longer_than_a_message_can_be_delayed(looks, hurdles):
    """Whatever the counts, a wait is more than nothing and fits Message Queue."""
    tired = task(looks=looks, hurdles=hurdles)
    waits = (look_after(tired), retry_after(tired, NOW), retry_after(tired, LATE))
    assert timedelta(0) < min(waits)
    assert max(waits) <= timedelta(minutes=15)


@pytest.mark.parametrize("make", [task, wish, sweep])
def test_whatever_is_hindered_has_the_same_patience(make):
    """Tasks, wishes and sweeps: ever later, and at the last when due."""
    first, fourth = (retry_after(make(hurdles=count), NOW) for count in (1, 4))
    assert first < fourth
    hindered = make(hurdles=9)
    left = timedelta(seconds=30)
    assert retry_after(hindered, hindered.due - left) == left


@given(name=texts)
def test_what_is_spread_comes_within_the_while(name):
    """At the same moment for the same name, at the latest just before its end."""
    within = timedelta(seconds=60)
    assert timedelta(0) <= spread(name, within) < within
    assert spread(name, within) == spread(name, within)


def test_what_is_spread_does_not_come_at_once():
    """Other names come at other moments, early ones and late ones."""
    found = {spread(f"request-{i}", timedelta(seconds=60)) for i in range(40)}
    assert len(found) > 20
    assert max(found) - min(found) > timedelta(seconds=40)


def test_tasks_do_not_look_in_step():
    """Tasks of other names wait differently long."""
    waits = {look_after(task(request=request(id=f"request-{i}"))) for i in range(20)}
    assert len(waits) > 10


def test_the_same_task_waits_as_long_again():
    """Jitter is derived, not drawn: equal tasks of one look wait equally long."""
    patient = Options(timeout=timedelta(hours=2))
    waits = {
        look_after(task(looks=4)),
        look_after(task(looks=4, request=request(options=patient))),
    }
    assert len(waits) == 1
