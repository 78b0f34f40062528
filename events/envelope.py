"""From a trigger's envelope to deliveries.

Triggers call a function with `integration=raw`; whether the event arrives
parsed is not settled by the documentation (yandex-cloud/docs: ru/functions/
concepts/trigger/index.md against en/functions/lang/python/handler.md), so a
mapping, text and bytes are all taken, with names in either spelling.

A data stream and EventRouter bring what was put into them, without any
metadata (yandex-cloud/docs: en/_includes/functions/yds-format.md).  Assumed is
that a record of a trail is one event or a list of them, and that EventRouter
hands over the event itself, or a list if it batches.
"""

import enum
import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events import syntax
from events.identity import derived_id
from events.moments import read_millis, read_moment
from events.reading import InvalidDocumentError, camel_keys, read_json

QUEUE_MESSAGE = "yandex.cloud.events.messagequeue.QueueMessage"
LOG_BATCH = "yandex.cloud.events.serverless.triggers.LoggingMessageBatch"
TIMER = "yandex.cloud.events.serverless.triggers.TimerMessage"
_SHOWN = 80
_LONGEST_NAME = 100  # leaves room for the place of a request in a list
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Source(enum.Enum):
    """What brought a delivery."""

    QUEUE = "queue"
    LOG = "log"
    TIMER = "timer"
    BARE = "bare"  # a data stream or EventRouter


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message, as one of possibly several attempts to deliver it.

    Attributes:
        event_id: Names the message; the same on every attempt.  The entries of
            one log batch share the batch's.
        body: A queue message's text, a log entry's JSON payload, a timer's
            payload, or the whole of what came bare.
        created: When it was sent or logged, where the envelope tells.
        attempt: Counts deliveries from 1, where the envelope tells; else 1.
        source: What brought it.
    """

    event_id: str
    body: Any
    created: datetime | None = None
    attempt: int = 1
    source: Source = Source.QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An event or a message in it that is not as its trigger promises.

    It can never be understood: delivering it again is useless.

    Attributes:
        event_id: Its name, or one derived from all of it.
        problem: Where and what, for a person.
    """

    event_id: str
    problem: str


def deliveries(event: Any) -> tuple[Delivery | Broken, ...]:
    """Return what *event* delivers, in its order; possibly nothing.

    One broken message spoils none of its neighbours; an event that is no
    envelope at all is one `Broken`.

    Args:
        event: What a trigger hands over, as a mapping or a list, or as JSON in
            text or bytes.
    """
    try:
        messages = _messages(event)
    except (InvalidDocumentError, TypeError) as error:
        return (_broken(event, f"not a trigger's event: {error}"),)
    return tuple(
        found
        for place, message in enumerate(messages)
        for found in _read_message(message, f"$.messages[{place}]")
    )


def _messages(event: Any) -> list[Any]:
    if isinstance(event, str | bytes | bytearray):
        event = read_json(event)
    if isinstance(event, list) and event:
        return event
    messages = event.get("messages") if isinstance(event, Mapping) else None
    if isinstance(messages, list):
        return messages
    if isinstance(event, Mapping) and "eventType" in camel_keys(event):
        return [event]
    msg = f"{type(event).__name__} without a list $.messages"
    raise TypeError(msg)


def _read_message(message: Any, path: str) -> tuple[Delivery | Broken, ...]:
    if isinstance(message, str | bytes | list):
        return tuple(_records(message, path))
    try:
        fields = camel_keys(message)
        if "eventMetadata" not in fields:
            return (_bare(message),)
        metadata = camel_keys(fields["eventMetadata"])
        details = camel_keys(fields["details"])
        return _enveloped(metadata, details, path)
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        problem = f"not as documented: {type(error).__name__} {str(error)[:_SHOWN]}"
    return (_broken(message, f"{path}: {problem}"),)


def _enveloped(
    metadata: Mapping[str, Any], details: Mapping[str, Any], path: str
) -> tuple[Delivery | Broken, ...]:
    event_id, kind = _named(metadata["eventId"]), metadata["eventType"]
    if kind == QUEUE_MESSAGE:
        return (_queue_message(event_id, camel_keys(details["message"])),)
    if kind == LOG_BATCH:
        return tuple(_log_entries(event_id, details["messages"], path))
    if kind == TIMER:
        created = read_moment(metadata.get("createdAt"))
        return (
            Delivery(
                event_id=event_id,
                body=details.get("payload", ""),
                created=created,
                source=Source.TIMER,
            ),
        )
    problem = f"event_type {str(kind)[:_SHOWN]!r} is not served"
    return (Broken(event_id=event_id, problem=f"{path}: {problem}"),)


def _records(
    message: str | bytes | list[Any], path: str
) -> Iterator[Delivery | Broken]:
    """Read a stream's record that is no object: a list of them, or their text."""
    if not isinstance(message, list):
        try:
            found = read_json(message)
        except InvalidDocumentError as error:
            yield _broken(message, f"{path}: {error}")
            return
        message = found if isinstance(found, list) else [found]
    for place, one in enumerate(message):
        if isinstance(one, Mapping):
            yield _bare(one)
        else:
            yield _broken(one, f"{path}[{place}]: not an object")


def _bare(event: Mapping[str, Any]) -> Delivery:
    own = camel_keys(event).get("eventId")
    named = isinstance(own, str) and own
    event_id = _named(own) if named else derived_id("event", _text_of(event))
    return Delivery(event_id=event_id, body=event, source=Source.BARE)


def _broken(event: Any, problem: str) -> Broken:
    try:
        event_id = _named(camel_keys(camel_keys(event)["eventMetadata"])["eventId"])
    except (AttributeError, KeyError, TypeError):
        event_id = derived_id("event", _text_of(event))
    return Broken(event_id=event_id, problem=problem)


def _named(event_id: Any) -> str:
    """Return *event_id* if it can name a request, else an id derived from it."""
    if not isinstance(event_id, str):
        msg = "event_id must be a string"
        raise TypeError(msg)
    usable = len(event_id) <= _LONGEST_NAME and not syntax.request_id(event_id)
    return event_id if usable else derived_id("event", event_id)


def _text_of(event: Any) -> str:
    try:
        return repr(event)
    except RecursionError:  # so deep that only its outside is told
        return reprlib.repr(event)


def _queue_message(event_id: str, message: Mapping[str, Any]) -> Delivery:
    """Read yandex-cloud/docs: en/_includes/functions/ymq-format.md."""
    attributes = message.get("attributes") or {}
    count = str(attributes.get("ApproximateReceiveCount", "1"))
    body = message["body"]
    if not isinstance(body, str):
        msg = "body must be a string"
        raise TypeError(msg)
    return Delivery(
        event_id=event_id,
        body=body,
        created=read_millis(attributes.get("SentTimestamp")),
        attempt=int(count) if _COUNT.fullmatch(count) else 1,
    )


def _log_entries(event_id: str, entries: Any, path: str) -> Iterator[Delivery | Broken]:
    """Read yandex-cloud/docs: en/_includes/functions/logging-format.md."""
    if not isinstance(entries, list):
        msg = "details.messages must be a list"
        raise TypeError(msg)
    for place, entry in enumerate(entries):
        if isinstance(entry, Mapping):
            yield Delivery(
                event_id=event_id,
                body=camel_keys(entry).get("jsonPayload"),
                created=read_moment(entry.get("timestamp")),
                source=Source.LOG,
            )
        else:
            problem = f"{path}: details.messages[{place}] is not an object"
            yield Broken(event_id=event_id, problem=problem)
