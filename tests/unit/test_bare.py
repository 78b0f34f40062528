"""Timers, data streams and EventRouter, and every envelope in camelCase."""

import json
from datetime import UTC, datetime

import pytest

from events.cause import read_audit_event
from events.envelope import Broken, Delivery, Source, deliveries
from events.reading import camel
from tests.unit.build import SAMPLES, sample

EVENT = sample("event-router.stop-instance")
OTHER = {**EVENT, "event_id": "fhm-other"}


def bare(event):
    return Delivery(event_id=event["event_id"], body=event, source=Source.BARE)


def camelled(value):
    """Return *value* with all names in lowerCamelCase, down to the last."""
    if isinstance(value, dict):
        return {camel(name): camelled(item) for name, item in value.items()}
    return [camelled(item) for item in value] if isinstance(value, list) else value


def test_a_timers_payload_is_delivered():
    """The timer's sample tells its own id, its time and its payload."""
    assert deliveries(sample("timer-trigger")) == (
        Delivery(
            event_id="a1s41g2n5g0o8c3x6t9w",
            body='{"policies": ["management"], "dryRun": true}',
            created=datetime(2026, 1, 2, 3, 15, 0, 227_761, tzinfo=UTC),
            source=Source.TIMER,
        ),
    )


def test_a_timer_needs_no_payload():
    """Then it is an empty text."""
    event = sample("timer-trigger")
    del event["messages"][0]["details"]["payload"]
    [found] = deliveries(event)
    assert (found.body, found.source) == ("", Source.TIMER)


def test_the_samples_of_all_ways_show_the_same_event():
    """Whether it came through a log, a stream or a bus."""
    ways = ("logging-trigger", "data-stream-trigger", "event-router")
    found = [deliveries(sample(f"{way}.stop-instance")) for way in ways]
    assert {len(one) for one in found} == {1}
    assert [one.body for (one,) in found] == [EVENT] * 3


RECORDS = {
    "object": EVENT,
    "list": [EVENT],
    "text": json.dumps(EVENT),
    "text of a list": json.dumps([EVENT]),
    "bytes": json.dumps(EVENT).encode(),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_streams_record_is_one_event_or_several(record):
    """An object, a list of them, or either as JSON; its neighbours stay in place."""
    found = deliveries({"messages": [OTHER, record, OTHER]})
    assert found == (bare(OTHER), bare(EVENT), bare(OTHER))


@pytest.mark.parametrize(
    "event",
    [[EVENT, OTHER], [[EVENT, OTHER]], [json.dumps(EVENT), OTHER]],
    ids=["list", "list in a list", "text"],
)
@pytest.mark.parametrize("parsed", [True, False])
def test_a_batch_of_a_bus_is_a_list(event, parsed):
    """Of events, each delivered by its own id."""
    given = event if parsed else json.dumps(event)
    assert deliveries(given) == (bare(EVENT), bare(OTHER))


def test_a_bad_item_of_a_list_spoils_no_neighbour():
    """It is broken by its place."""
    first, bad, last = deliveries({"messages": [[EVENT, 7, OTHER]]})
    assert (first, last) == (bare(EVENT), bare(OTHER))
    assert isinstance(bad, Broken)
    assert bad.problem == "$.messages[0][1]: not an object"


@pytest.mark.parametrize("event_id", [None, "", 7])
def test_an_event_without_an_id_has_the_same_every_time(event_id):
    """Derived from all of it, as long as an id."""
    first, again, other = deliveries(
        [
            {**EVENT, "event_id": event_id},
            {**EVENT, "event_id": event_id},
            {**OTHER, "event_id": event_id, "more": 1},
        ]
    )
    assert first.event_id == again.event_id != other.event_id
    assert len(first.event_id) == 36


def test_an_id_that_can_name_no_request_is_replaced():
    """The event keeps its own."""
    [found] = deliveries({**EVENT, "event_id": "two words"})
    assert len(found.event_id) == 36
    assert found.body["event_id"] == "two words"


@pytest.mark.parametrize(
    "name",
    sorted(
        path.stem
        for path in SAMPLES.glob("*.json")
        if "trigger" in path.stem or "router" in path.stem
    ),
)
@pytest.mark.parametrize("kind", [dict, str, bytes])
def test_envelopes_are_read_in_camel_case(name, kind):
    """However they come, the same is delivered; what they carry stays as it is."""
    spelt = camelled(sample(name))
    text = json.dumps(spelt)
    event = {dict: spelt, str: text, bytes: text.encode()}[kind]
    expected = deliveries(sample(name))
    found = deliveries(event)
    assert [(one.event_id, one.created, one.attempt, one.source) for one in found] == [
        (one.event_id, one.created, one.attempt, one.source) for one in expected
    ]
    assert [read_audit_event(one.body) for one in found] == [
        read_audit_event(one.body) for one in expected
    ]
