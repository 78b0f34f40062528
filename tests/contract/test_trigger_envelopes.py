"""The local triggers send what the samples, and so the documentation, show."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import events
from events.envelope import Delivery, Source, deliveries
from fakes.chance import Chance
from fakes.logs import LogEntry, LogGroup
from fakes.queue import DataType, MessageAttribute, MessageQueue, NewMessage
from fakes.triggers.envelope import Place
from fakes.triggers.logging_trigger import LoggingTrigger
from fakes.triggers.queue_trigger import QueueTrigger

SAMPLES = Path(events.__file__).parent / "samples"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
PLACE = Place(cloud_id="b1gcloud", folder_id="b1gfolder")
# Their keys are names of somebody's choice.
FREE = {"attributes", "message_attributes", "json_payload"}


def shape(value, name=""):
    """Return *value* with names instead of what they hold."""
    if isinstance(value, dict):
        if name in FREE:
            return name
        return {key: shape(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


def sample(name):
    return json.loads((SAMPLES / name).read_text())


def queue_event(**attributes):
    service = MessageQueue(folder_id="b1gfolder", cloud_id="b1gcloud", chance=Chance(1))
    queue = service.create("tasks", NOW)
    queue.send(NewMessage(body="{}", attributes=attributes), NOW)
    return QueueTrigger(queue=queue, place=PLACE).take(NOW).event


def log_event(payload):
    group = LogGroup()
    trigger = LoggingTrigger(group, Chance(1), batch_size=1)
    group.write(
        LogEntry(
            timestamp=NOW - timedelta(seconds=1),
            level="INFO",
            message="DONE",
            resource_type="audit-trails.trail",
            resource_id="cnp1",
            json_payload=payload,
        )
    )
    return trigger.take(NOW).event


def text(value):
    return MessageAttribute(data_type=DataType.STRING, value=value)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (queue_event(producer=text("billing")), "queue-trigger.request.json"),
        (log_event({}), "logging-trigger.stop-instance.json"),
    ],
    ids=["queue", "logging"],
)
def test_an_envelope_has_the_samples_shape(event, name):
    """The same keys hold values of the same kinds, nothing more, nothing less."""
    assert shape(event) == shape(sample(name))


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (queue_event(), "queue-trigger.request.json"),
        (log_event({}), "logging-trigger.stop-instance.json"),
    ],
    ids=["queue", "logging"],
)
def test_an_envelope_names_its_kind_as_the_sample(event, name):
    """By the event type a function tells the triggers apart."""
    kinds = [
        one["messages"][0]["event_metadata"]["event_type"]
        for one in (event, sample(name))
    ]
    assert kinds[0] == kinds[1]


def test_a_queue_message_is_understood():
    """Name, body, time and number of the delivery arrive."""
    event = queue_event()
    [message] = event["messages"]
    assert deliveries(event) == (
        Delivery(
            event_id=message["details"]["message"]["message_id"],
            body="{}",
            created=NOW.replace(microsecond=678000),
            attempt=1,
        ),
    )


def test_a_log_entry_is_understood():
    """The batch's name, the payload and the entry's time arrive."""
    event = log_event({"a": 1})
    [message] = event["messages"]
    assert deliveries(event) == (
        Delivery(
            event_id=message["event_metadata"]["event_id"],
            body={"a": 1},
            created=NOW - timedelta(seconds=1),
            source=Source.LOG,
        ),
    )


def test_a_message_without_attributes_has_none():
    """What nobody set is left out, as is its digest."""
    message = queue_event()["messages"][0]["details"]["message"]
    assert set(message) == {"message_id", "md5_of_body", "body", "attributes"}


def test_binary_attributes_are_left_out():
    """An envelope is JSON: only text and numbers fit."""
    raw = MessageAttribute(data_type=DataType.BINARY, value=b"\xff")
    event = queue_event(raw=raw, text=text("x"))
    message = json.loads(json.dumps(event))["messages"][0]["details"]["message"]
    assert message["message_attributes"] == {
        "text": {"data_type": "StringValue", "string_value": "x"}
    }


def test_an_entry_without_a_payload_has_none():
    """A line of plain text is an entry too."""
    [outer] = log_event(None)["messages"]
    assert "json_payload" not in outer["details"]["messages"][0]
