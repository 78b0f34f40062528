"""A rule of EventRouter hands events over as they are."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.triggers.redelivery import RouterRetries
from fakes.triggers.router_trigger import RouterTrigger

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Bus:
    """What events are put on."""

    def __init__(self):
        self._hooks = []

    def subscribe(self, hook):
        self._hooks.append(hook)

    def put(self, *events):
        for event in events:
            for hook in self._hooks:
                hook(event)


@pytest.fixture
def bus():
    return Bus()


def taken(trigger, now=NOW):
    found = []
    while batch := trigger.take(now):
        found.append(batch.event)
    return found


def test_every_event_comes_by_itself(bus):
    """Bare, one call for each, in order."""
    trigger = RouterTrigger(bus)
    bus.put({"a": 1}, {"b": 2})
    assert taken(trigger) == [{"a": 1}, {"b": 2}]


def test_a_batch_is_a_list(bus):
    """Also where it holds one event."""
    trigger = RouterTrigger(bus, batch_size=2, cutoff=5 * SECOND)
    bus.put({"a": 1}, {"b": 2}, {"c": 3})
    assert taken(trigger) == [[{"a": 1}, {"b": 2}]]
    assert taken(trigger, NOW + 5 * SECOND) == [[{"c": 3}]]


def test_what_the_filter_rejects_is_not_delivered(bus):
    """A rule is triggered by what it accepts."""
    trigger = RouterTrigger(bus, accepts=lambda event: "a" in event)
    bus.put({"b": 2}, {"a": 1})
    assert taken(trigger) == [{"a": 1}]


def test_a_failed_delivery_is_made_again(bus):
    """The same event; in the end it is lost, and counted."""
    trigger = RouterTrigger(bus, RouterRetries(attempts=1))
    bus.put({"a": 1})
    trigger.take(NOW).failed(NOW)
    again = trigger.take(NOW + SECOND)
    again.failed(NOW + SECOND)
    assert (again.event, trigger.redelivery.lost) == ({"a": 1}, 1)
    assert trigger.next_due(NOW) is None


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_has_bounds(bus, size):
    """From 1 to 1000 events."""
    with pytest.raises(ValueError, match="batch_size must be from 1 to 1000"):
        RouterTrigger(bus, batch_size=size)
