"""The deliveries of one event are worked through, whatever becomes of each."""

import threading

import pytest
import structlog
from structlog.testing import capture_logs

from events.envelope import Broken, Delivery
from functions._batch import OutOfTimeError, raise_first, work_through
from functions._deadline import Deadline

FIRST = Delivery(event_id="first", body="", attempt=3)
SECOND = Broken(event_id="second", problem="odd")
THIRD = Delivery(event_id="third", body="")
EVERY = [FIRST, SECOND, THIRD]


class Worker:
    """Fails over what it was told to, and keeps what it was given."""

    def __init__(self, *failing):
        self.failing = failing
        self.seen = []
        self.bound = []

    def __call__(self, delivery):
        self.seen.append(delivery)
        self.bound.append((delivery, structlog.contextvars.get_contextvars()))
        if delivery in self.failing:
            raise ValueError(delivery.event_id)


@pytest.fixture(autouse=True)
def logs():
    with capture_logs() as lines:
        yield lines


def test_work_that_succeeds_leaves_no_failures():
    """Every delivery is worked on, once."""
    worker = Worker()
    assert work_through([FIRST, SECOND, THIRD], worker) == []
    assert sorted(worker.seen, key=EVERY.index) == EVERY


def test_one_failure_stops_no_other():
    """What failed is returned with its error; the neighbours were worked on."""
    worker = Worker(FIRST, SECOND)
    failures = work_through([FIRST, SECOND, THIRD], worker)
    assert [(one, str(error)) for one, error in failures] == [
        (FIRST, "first"),
        (SECOND, "second"),
    ]
    assert sorted(worker.seen, key=EVERY.index) == EVERY


def test_failures_are_in_the_order_of_the_deliveries():
    """Whichever failed sooner."""
    third_failed = threading.Event()

    def work(delivery):
        if delivery is THIRD:
            third_failed.set()
        elif not third_failed.wait(10):
            return
        raise ValueError

    failures = work_through([FIRST, SECOND, THIRD], work)
    assert [one for one, _ in failures] == EVERY


def test_each_failure_is_logged(logs):
    """A failure leaves a line of its own, with what was raised."""
    work_through([FIRST, SECOND, THIRD], Worker(FIRST, THIRD))
    assert [(line["event"], line["exc_info"]) for line in logs] == [
        ("failed", True),
        ("failed", True),
    ]


def test_lines_tell_which_delivery_they_are_about():
    """Event id and attempt are bound while a delivery is worked on."""
    worker = Worker()
    work_through([FIRST, SECOND], worker)
    assert sorted(worker.bound, key=lambda one: EVERY.index(one[0])) == [
        (FIRST, {"event_id": "first", "attempt": 3}),
        (SECOND, {"event_id": "second", "attempt": 1}),
    ]


def test_nothing_stays_bound():
    """After the batch no delivery's context is left behind."""
    work_through([FIRST], Worker(FIRST))
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize("deliveries", [[FIRST], EVERY])
def test_a_request_to_stop_is_not_swallowed(deliveries):
    """Only errors are failures; what ends the process does."""

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_through(deliveries, stop)


class Call:
    """The time of a call, of which every piece of work takes a part."""

    def __init__(self, left):
        self.left = left

    def remaining(self):
        return self.left

    def work(self, _delivery):
        self.left -= 6_000


def test_nothing_new_is_begun_when_the_time_is_nearly_over(logs):
    """The rest is told apart from what failed, and told once in the log."""
    call = Call(20_000)
    failures = work_through(EVERY, call.work, Deadline(call.remaining), threads=1)
    [(late, error)] = failures
    assert late == THIRD
    assert isinstance(error, OutOfTimeError)
    assert [(one["event"], one["begun"], one["not_begun"]) for one in logs] == [
        ("out of time", 2, 1)
    ]


def test_the_first_is_begun_however_short_the_call_is():
    """Otherwise a function with a short timeout would never come to anything."""
    call = Call(500)
    failures = work_through(EVERY, call.work, Deadline(call.remaining), threads=1)
    assert [one for one, _ in failures] == [SECOND, THIRD]


def test_the_first_failure_is_raised():
    """The event comes again for the first of its failures."""
    failures = work_through([FIRST, SECOND, THIRD], Worker(SECOND, THIRD))
    with pytest.raises(ValueError, match="second"):
        raise_first(failures)


def test_without_failures_nothing_is_raised():
    """An event that went well does not come again."""
    assert raise_first([]) is None
