"""The deliveries of one event are worked through, whatever becomes of each."""

import pytest
import structlog
from structlog.testing import capture_logs

from events.envelope import Broken, Delivery
from functions._batch import raise_first, work_through

FIRST = Delivery(event_id="first", body="", attempt=3)
SECOND = Broken(event_id="second", problem="odd")
THIRD = Delivery(event_id="third", body="")


class Worker:
    """Fails over what it was told to, and keeps what it was given."""

    def __init__(self, *failing):
        self.failing = failing
        self.seen = []
        self.bound = []

    def __call__(self, delivery):
        self.seen.append(delivery)
        self.bound.append(structlog.contextvars.get_contextvars())
        if delivery in self.failing:
            raise ValueError(delivery.event_id)


@pytest.fixture(autouse=True)
def logs():
    with capture_logs() as lines:
        yield lines


def test_work_that_succeeds_leaves_no_failures():
    """Every delivery is worked on, in order."""
    worker = Worker()
    assert work_through([FIRST, SECOND, THIRD], worker) == []
    assert worker.seen == [FIRST, SECOND, THIRD]


def test_one_failure_stops_no_other():
    """What failed is returned with its error; the neighbours were worked on."""
    worker = Worker(FIRST, SECOND)
    failures = work_through([FIRST, SECOND, THIRD], worker)
    assert [(one, str(error)) for one, error in failures] == [
        (FIRST, "first"),
        (SECOND, "second"),
    ]
    assert worker.seen == [FIRST, SECOND, THIRD]


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
    assert worker.bound == [
        {"event_id": "first", "attempt": 3},
        {"event_id": "second", "attempt": 1},
    ]


def test_nothing_stays_bound():
    """After the batch no delivery's context is left behind."""
    work_through([FIRST], Worker(FIRST))
    assert structlog.contextvars.get_contextvars() == {}


def test_a_request_to_stop_is_not_swallowed():
    """Only errors are failures; what ends the process does."""

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_through([FIRST], stop)


def test_the_first_failure_is_raised():
    """The event comes again for the first of its failures."""
    failures = work_through([FIRST, SECOND, THIRD], Worker(SECOND, THIRD))
    with pytest.raises(ValueError, match="second"):
        raise_first(failures)


def test_without_failures_nothing_is_raised():
    """An event that went well does not come again."""
    assert raise_first([]) is None
