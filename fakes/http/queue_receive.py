"""The action ReceiveMessage, with long polling that never polls.

(yandex-cloud/docs: en/message-queue/api-ref/message/ReceiveMessage.md)
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fakes.clock import Clock
from fakes.http.queue_answer import Answer, present
from fakes.http.queue_call import Call
from fakes.http.queue_form import values
from fakes.queue.attributes import read_count, read_span
from fakes.queue.limits import check_span
from fakes.queue.message import (
    MessageAttribute,
    ReceivedMessage,
    md5_of_attributes,
)
from fakes.queue.queue import Queue

_ALL: Final = frozenset({"All", ".*"})


class ClientGoneError(Exception):
    """The client closed the connection: there is nobody to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What a consumer asks for; no visibility means the queue's own."""

    limit: int
    visibility: timedelta | None
    attempt_id: str | None
    deadline: datetime
    system: frozenset[str]
    user: frozenset[str]


async def receive_message(
    call: Call, clock: Clock, gone: Callable[[], Awaitable[object]]
) -> Answer:
    """Answer with messages as soon as there are some, or with none in the end.

    Args:
        call: What was asked.
        clock: By which to wait.
        gone: Waits until the client has closed the connection.

    Raises:
        QueueError: As `Queue.receive` does, and for parameters beyond bounds.
        ClientGoneError: The client went while it waited; it was handed nothing.
    """
    queue = call.queue()
    wish = _read_wish(call, queue)
    patient = wish.deadline > call.now
    if not patient and queue.looks_at_nothing():
        return {}
    messages = _receive(queue, wish, call.now)
    if not messages and patient:
        messages = await _wait(queue, wish, clock, gone)
    return present(Messages=[_told(message, wish) for message in messages])


def _receive(queue: Queue, wish: _Wish, now: datetime) -> list[ReceivedMessage]:
    return queue.receive(now, wish.limit, wish.visibility, wish.attempt_id)


def _read_wish(call: Call, queue: Queue) -> _Wish:
    form = call.form
    wait, visibility = form.get("WaitTimeSeconds"), form.get("VisibilityTimeout")
    patience = queue.attributes.receive_wait
    if wait is not None:
        patience = read_span("WaitTimeSeconds", wait)
        check_span("WaitTimeSeconds", patience, call.service.bounds.wait)
    return _Wish(
        limit=read_count("MaxNumberOfMessages", form.get("MaxNumberOfMessages", "1")),
        visibility=None
        if visibility is None
        else read_span("VisibilityTimeout", visibility),
        attempt_id=form.get("ReceiveRequestAttemptId"),
        deadline=call.now + patience,
        system=frozenset(values(form, "AttributeName")),
        user=frozenset(values(form, "MessageAttributeName")),
    )


async def _wait(
    queue: Queue, wish: _Wish, clock: Clock, gone: Callable[[], Awaitable[object]]
) -> list[ReceivedMessage]:
    """Sleep until something changes, the next message shows, or time is up."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    # Whoever changes the queue may do so in another thread.
    unwatch = queue.watch(lambda: loop.call_soon_threadsafe(changed.set))
    leaving = asyncio.ensure_future(gone())
    try:
        while (now := clock.now()) < wish.deadline:
            wake_at = min(queue.next_visible(now) or wish.deadline, wish.deadline)
            await _first(leaving, changed.wait(), clock.sleep_until(wake_at))
            if leaving.done():
                raise ClientGoneError
            changed.clear()
            messages = _receive(queue, wish, clock.now())
            if messages:
                return messages
    finally:
        unwatch()
        leaving.cancel()
    return []


async def _first(leaving: asyncio.Future[object], *others: Awaitable[object]) -> None:
    """Return once one of them is done; end the *others*."""
    tasks = [asyncio.ensure_future(it) for it in others]
    try:
        await asyncio.wait([leaving, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _told(message: ReceivedMessage, wish: _Wish) -> Answer:
    shown = {
        name: value
        for name, value in message.attributes.items()
        if value and (name in wish.system or not _ALL.isdisjoint(wish.system))
    }
    user = {
        name: value
        for name, value in message.message_attributes.items()
        if _is_wanted(name, wish.user)
    }
    return present(
        MessageId=message.message_id,
        ReceiptHandle=message.receipt_handle,
        MD5OfBody=message.md5,
        Body=message.body,
        Attributes=shown,
        MD5OfMessageAttributes=md5_of_attributes(user),  # of what is shown
        MessageAttributes={name: _attribute(it) for name, it in user.items()},
    )


def _is_wanted(name: str, wanted: frozenset[str]) -> bool:
    """Tell whether *name* is asked for: by itself, by a prefix, or with all."""
    return (
        name in wanted
        or not _ALL.isdisjoint(wanted)
        or any(it.endswith(".*") and name.startswith(it[:-1]) for it in wanted)
    )


def _attribute(attribute: MessageAttribute) -> Answer:
    binary = isinstance(attribute.value, bytes)
    return {
        "BinaryValue" if binary else "StringValue": attribute.value,
        "DataType": attribute.data_type.value,
    }
