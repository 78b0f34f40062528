"""What is left of a call's time bounds what is begun, and how long is waited."""

from datetime import timedelta

import pytest

from fakes.serverless.bootstrap import Context
from functions._deadline import RESERVE, UNLIMITED, Deadline

FIVE = timedelta(seconds=5)
ONE = timedelta(seconds=1)


class Call:
    """A context with so many milliseconds left."""

    def __init__(self, left):
        self.left = left

    def get_remaining_time_in_millis(self):
        return self.left


def test_the_context_tells_what_is_left():
    """It is asked anew every time."""
    call = Call(20_000)
    deadline = Deadline.of(call)
    assert deadline.left() == timedelta(seconds=20)
    call.left = 15
    assert deadline.left() == timedelta(milliseconds=15)


def test_the_local_platform_tells_it_too():
    """A call that ended long ago has nothing left."""
    assert Deadline.of(Context({"deadline_ms": 1})).left() == timedelta(0)


@pytest.mark.parametrize("context", [None, object()])
def test_a_context_that_tells_nothing_leaves_all_the_time(context):
    """Nothing is hurried where there is no end."""
    deadline = Deadline.of(context)
    assert deadline == UNLIMITED
    assert not deadline.near()
    assert deadline.bound(FIVE, ONE) == FIVE


@pytest.mark.parametrize(("spare", "near"), [(1, False), (0, True), (-1, True)])
def test_nothing_new_is_begun_within_the_reserve(spare, near):
    """The reserve is for what was begun."""
    left = RESERVE // timedelta(milliseconds=1) + spare
    assert Deadline.of(Call(left)).near() is near


@pytest.mark.parametrize(
    ("left", "wait"),
    [(30_000, 5), (6_000, 5), (5_999, 4.999), (1_500, 0.5), (1_000, 0), (-50, 0)],
)
def test_a_wait_ends_before_the_call_does(left, wait):
    """Something is kept of the time, and no wait is negative."""
    assert Deadline.of(Call(left)).bound(FIVE, ONE) == timedelta(seconds=wait)
