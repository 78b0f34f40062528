"""A call that failed is made again, then a dead letter, or lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import MessageQueue
from fakes.triggers.redelivery import Redelivery, Retries, RouterRetries

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def service():
    return MessageQueue(folder_id="f", cloud_id="c", chance=Chance(1))


@pytest.fixture
def dead(service):
    return service.create("dead", NOW)


def fail(patience, event="event", patiently=timedelta(days=2)):
    """Fail an event for as long as it comes again; return when it came, and it."""
    redelivery = Redelivery(patience)
    now, batch, times = NOW, redelivery.first(event, NOW), []
    while batch is not None and now - NOW < patiently:
        times.append((now - NOW) // SECOND)
        batch.failed(now)
        now = redelivery.next_due() or now
        batch = redelivery.again(now)
    return times, redelivery


@pytest.mark.parametrize("attempts", [1, 5])
def test_a_trigger_calls_again_at_intervals(attempts):
    """As often as it was set to, then no more."""
    times, _ = fail(Retries(attempts=attempts, interval=20 * SECOND))
    assert times == [20 * number for number in range(attempts + 1)]


def test_a_router_calls_again_ever_later():
    """Twice as late every time, up to a minute, ten times by default."""
    times, _ = fail(RouterRetries())
    assert times == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303]


def test_a_router_may_not_try_again_at_all():
    """Its retries may be none, a trigger's may not."""
    times, redelivery = fail(RouterRetries(attempts=0))
    assert (times, redelivery.lost) == ([0], 1)


def test_a_router_gives_up_what_is_too_old():
    """No attempt is made later than the age allows."""
    times, _ = fail(RouterRetries(maximum_age=10 * SECOND))
    assert times == [0, 1, 3, 7]


def test_what_cannot_be_handed_over_is_a_dead_letter(dead):
    """Once, as it was, and nothing is lost."""
    _, redelivery = fail(Retries(attempts=1, dead_letters=dead), {"a": ["ы"]})
    [letter] = dead.receive(NOW + 60 * SECOND, 10)
    assert (json.loads(letter.body), redelivery.lost) == ({"a": ["ы"]}, 0)


def test_without_a_dead_letter_queue_it_is_lost():
    """And counted."""
    _, redelivery = fail(Retries(attempts=1))
    assert (redelivery.lost, redelivery.next_due()) == (1, None)


@pytest.mark.parametrize("size", [262_144, 262_142])
def test_a_dead_letter_that_is_too_long_is_lost(dead, size):
    """What fits a message with its quotes is kept; the rest stops nobody."""
    _, redelivery = fail(Retries(attempts=1, dead_letters=dead), "x" * size)
    fits = size + 2 <= 262_144
    assert redelivery.lost == (not fits)
    assert len(dead.receive(NOW + 60 * SECOND, 10)) == fits


def test_success_is_the_end():
    """What was handled does not come again."""
    redelivery = Redelivery(Retries())
    redelivery.first("event", NOW).succeeded(NOW)
    assert (redelivery.again(NOW + 60 * SECOND), redelivery.lost) == (None, 0)


def test_the_earliest_turn_is_due_first():
    """Of several events that failed, the one that waits longest is told."""
    redelivery = Redelivery(Retries())
    for name, after in (("a", 5), ("b", 0)):
        redelivery.first(name, NOW).failed(NOW + after * SECOND)
    assert redelivery.next_due() == NOW + 10 * SECOND
    assert redelivery.again(NOW + 10 * SECOND).event == "b"
    assert redelivery.again(NOW + 10 * SECOND) is None


@pytest.mark.parametrize(
    ("kind", "settings", "complaint"),
    [
        (Retries, {"attempts": 0}, "attempts must be from 1 to 5, not 0"),
        (Retries, {"attempts": 6}, "attempts must be from 1 to 5, not 6"),
        (Retries, {"interval": 9 * SECOND}, "interval must be from 10 seconds"),
        (Retries, {"interval": 61 * SECOND}, "interval must be from 10 seconds"),
        (RouterRetries, {"attempts": -1}, "attempts must be 0 to 10, not -1"),
        (RouterRetries, {"attempts": 11}, "attempts must be 0 to 10, not 11"),
        (RouterRetries, {"maximum_age": 0 * SECOND}, "maximum_age must be up to 24"),
        (RouterRetries, {"maximum_age": timedelta(hours=25)}, "up to 24 hours"),
    ],
)
def test_numbers_out_of_bounds_are_refused(kind, settings, complaint):
    """The bounds are the API's."""
    with pytest.raises(ValueError, match=complaint):
        kind(**settings)
