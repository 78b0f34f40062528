"""The envelopes of triggers, exactly as documented.

(yandex-cloud/docs: en/_includes/functions/ymq-format.md, logging-format.md,
timer-format.md, yds-format.md)
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fakes.logs import LogEntry
from fakes.queue.message import DataType, ReceivedMessage

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose events these are."""

    cloud_id: str
    folder_id: str


def queue_envelope(
    messages: Sequence[ReceivedMessage], queue_arn: str, place: Place
) -> JSON:
    """Return what a queue's trigger sends for *messages*."""
    return {"messages": [_queue_message(one, queue_arn, place) for one in messages]}


def _queue_message(message: ReceivedMessage, queue_arn: str, place: Place) -> JSON:
    content: JSON = {
        "message_id": message.message_id,
        "md5_of_body": message.md5,
        "body": message.body,
        # The sample shows `SentTimestamp` alone; `ApproximateReceiveCount` was
        # seen in the wild, not confirmed.
        "attributes": dict(message.attributes),
    }
    if message.message_attributes:
        content["message_attributes"] = {
            name: {"data_type": "StringValue", "string_value": attribute.value}
            for name, attribute in message.message_attributes.items()
            if attribute.data_type is not DataType.BINARY
        }
        content["md5_of_message_attributes"] = message.md5_of_attributes
    sent = int(message.attributes["SentTimestamp"]) / 1000
    return {
        "event_metadata": {
            "event_id": message.message_id,
            "event_type": "yandex.cloud.events.messagequeue.QueueMessage",
            "created_at": _rfc3339(datetime.fromtimestamp(sent, UTC)),
            "cloud_id": place.cloud_id,
            "folder_id": place.folder_id,
        },
        "details": {"queue_id": queue_arn, "message": content},
    }


def logging_envelope(entries: Sequence[LogEntry], event_id: str, now: datetime) -> JSON:
    """Return what a log group's trigger sends for *entries*: a batch in a batch."""
    return {
        "messages": [
            {
                "event_metadata": {
                    "event_id": event_id,
                    "event_type": (
                        "yandex.cloud.events.serverless.triggers.LoggingMessageBatch"
                    ),
                    "created_at": {
                        "seconds": int(now.timestamp()),
                        "nanos": now.microsecond * 1000,
                    },
                },
                "details": {"messages": [log_entry(one) for one in entries]},
            }
        ]
    }


def log_entry(entry: LogEntry) -> JSON:
    """Return what stands for one entry of a log in a batch."""
    found: JSON = {
        "resource": {"type": entry.resource_type, "id": entry.resource_id},
        "timestamp": f"{entry.timestamp:%Y-%m-%d %H:%M:%S.%f}000 +0000 UTC",
        "level": entry.level,
        "message": entry.message,
    }
    if entry.json_payload is not None:
        found["json_payload"] = entry.json_payload
    return found


def timer_envelope(
    trigger_id: str, payload: str, event_id: str, now: datetime, place: Place
) -> JSON:
    """Return what a timer sends.

    The id of its event looks like that of a resource in the sample; here it is a
    UUID, as everywhere else.
    """
    return {
        "messages": [
            {
                "event_metadata": {
                    "event_id": event_id,
                    "event_type": (
                        "yandex.cloud.events.serverless.triggers.TimerMessage"
                    ),
                    "created_at": _rfc3339(now),
                    "cloud_id": place.cloud_id,
                    "folder_id": place.folder_id,
                },
                "details": {"trigger_id": trigger_id, "payload": payload},
            }
        ]
    }


def stream_envelope(records: Sequence[bytes]) -> JSON:
    """Return what a stream's trigger sends for *records*: bare, without metadata.

    Assumption: a record that is no JSON arrives as text.
    """
    return {"messages": [_stream_record(one) for one in records]}


def _stream_record(record: bytes) -> Any:
    try:
        return json.loads(record)
    except ValueError:
        return record.decode(errors="replace")


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
