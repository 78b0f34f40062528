"""Every known envelope becomes deliveries, and no event is a crash."""

import json
from datetime import UTC, datetime

import pytest

from events.envelope import (
    LOG_BATCH,
    QUEUE_MESSAGE,
    TIMER,
    Broken,
    Delivery,
    deliveries,
)
from tests.unit.build import SAMPLES, nested, sample

ID = "cce76685-5828-4304-a83d-95643a2b1c7e"


def message(kind=QUEUE_MESSAGE, event_id=ID, **details):
    return {
        "event_metadata": {"event_id": event_id, "event_type": kind},
        "details": details,
    }


def queue(**fields):
    return {"messages": [message(message={"body": "{}", **fields})]}


def only(event):
    (delivery,) = deliveries(event)
    return delivery


def test_a_queue_message_is_delivered_with_its_attempt_and_time():
    """The queue trigger's sample tells body, sending time and receive count."""
    event = sample("queue-trigger.request")
    assert deliveries(event) == (
        Delivery(
            event_id=ID,
            body=event["messages"][0]["details"]["message"]["body"],
            created=datetime(2026, 1, 2, 3, 4, 4, 980_000, tzinfo=UTC),
            attempt=2,
        ),
    )


def test_the_queue_samples_body_is_the_sample_request():
    """Both samples show the same request."""
    body = only(sample("queue-trigger.request")).body
    assert json.loads(body) == sample("request")


def test_a_log_batch_delivers_each_of_its_entries():
    """Entries share the batch's id and keep their order; one may have no payload."""
    found = deliveries(sample("logging-trigger.other-events"))
    assert [(one.event_id, one.body is None, one.created.second) for one in found] == [
        ("1a6e4c8b-5d3f-4b27-9c01-7e2a8f5b6d94", False, 51),
        ("1a6e4c8b-5d3f-4b27-9c01-7e2a8f5b6d94", False, 56),
        ("1a6e4c8b-5d3f-4b27-9c01-7e2a8f5b6d94", True, 4),
    ]


def test_a_log_entrys_body_is_its_payload():
    """What Audit Trails wrote arrives as it is."""
    event = sample("logging-trigger.stop-instance")
    entry = event["messages"][0]["details"]["messages"][0]
    assert only(event).body == entry["json_payload"]


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in SAMPLES.glob("*trigger*"))
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", None])
def test_events_may_arrive_unparsed(name, encoding):
    """Text and bytes of an envelope deliver what the mapping does."""
    text = json.dumps(sample(name))
    event = text.encode(encoding) if encoding else text
    assert deliveries(event) == deliveries(sample(name))


def test_no_messages_are_no_deliveries():
    """An empty envelope is in order."""
    assert deliveries({"messages": []}) == ()


@pytest.mark.parametrize(
    ("attributes", "attempt"),
    [
        (None, 1),
        ({}, 1),
        ({"ApproximateReceiveCount": "7"}, 7),
        ({"ApproximateReceiveCount": 7}, 7),
        ({"ApproximateReceiveCount": "0"}, 1),
        ({"ApproximateReceiveCount": "x"}, 1),
        ({"ApproximateReceiveCount": "\u0667"}, 1),
        ({"ApproximateReceiveCount": "9" * 5_000}, 1),
    ],
)
def test_attempts_count_from_one(attributes, attempt):
    """Where the envelope tells no count, it is the first attempt."""
    assert only(queue(attributes=attributes)).attempt == attempt


@pytest.mark.parametrize("attributes", [None, {}, {"SentTimestamp": "soon"}])
def test_a_time_that_is_not_told_is_none(attributes):
    """Without a readable sending time a delivery has none."""
    assert only(queue(attributes=attributes)).created is None


@pytest.mark.parametrize(
    "event",
    [None, 1, [], {}, {"messages": None}, {"messages": {}}, "", "{", b"\xff", "[]"],
)
def test_what_is_no_envelope_is_one_broken(event):
    """An event that no trigger sends is one answer that says so."""
    assert only(event).problem.startswith("not a trigger's event: ")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        1,
        "text",
        '"text"',
        b"\xff",
        bytearray(b"{}"),
        [1],
        {"event_metadata": None},
        {"event_metadata": {}, "details": {}},
        message(kind=TIMER, event_id=None),
        message(kind="yandex.cloud.events.storage.ObjectDelete"),
        message(event_id=None, message={"body": "{}"}),
        message(),
        message(message=None),
        message(message={}),
        message(message={"body": None}),
        message(message={"body": {}}),
        message(message={"body": "", "attributes": [1]}),
        message(LOG_BATCH),
        message(LOG_BATCH, messages=None),
        message(LOG_BATCH, messages=["entry"]),
        message(LOG_BATCH, messages="entries"),
    ],
)
def test_a_broken_message_spoils_no_neighbour(broken):
    """What is not as documented is `Broken` at its place; its neighbours arrive."""
    good = message(message={"body": "{}"})
    before, found, after = deliveries({"messages": [good, broken, good]})
    assert isinstance(found, Broken)
    assert found.problem.startswith("$.messages[1]")
    assert before == after == Delivery(event_id=ID, body="{}")


def test_a_broken_message_keeps_its_name():
    """A message that tells its id is buried under it."""
    assert only({"messages": [message()]}).event_id == ID


def test_a_nameless_message_gets_the_same_name_every_time():
    """The id of what has none is derived from all of it."""
    nameless = [{"event_metadata": {"a": number}} for number in (1, 1, 2)]
    first, again, other = deliveries({"messages": nameless})
    assert (first.event_id == again.event_id, first.event_id == other.event_id) == (
        True,
        False,
    )


@pytest.mark.parametrize("name", ["", "two words", "x" * 101, "\ud800"])
def test_a_name_that_can_name_no_request_is_replaced(name):
    """An id that would not pass as a request's is replaced by one that does."""
    event_id = only(
        {"messages": [message(event_id=name, message={"body": ""})]}
    ).event_id
    assert len(event_id) == len(ID)


@pytest.mark.parametrize(
    "event",
    [
        nested(50_000),
        {"messages": nested(50_000)},
        {"messages": [message(kind=nested(50_000))]},
        {"messages": [message(event_id=nested(50_000), message={"body": ""})]},
        queue(body=nested(50_000)),
        "[" * 50_000,
    ],
    ids=["event", "message", "type", "id", "body", "text"],
)
def test_depth_is_no_crash(event):
    """What is nested deeper than the stack is broken, not an exception."""
    assert isinstance(only(event), Broken)
