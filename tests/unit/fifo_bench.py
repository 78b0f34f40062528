"""FIFO queues for the tests beside this, and what to do with them."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import FifoQueue, Limits, NewMessage, QueueAttributes, QueueError

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def make_queue(bounds=None, **attributes):
    return FifoQueue(
        name="tasks.fifo",
        queue_id="dj6",
        arn="arn",
        chance=Chance(1),
        created_at=T0,
        attributes=QueueAttributes(fifo=True, **attributes),
        bounds=bounds or Limits(),
    )


def message(body, group="a", key=None, **more):
    return NewMessage(body=body, group_id=group, deduplication_id=key or body, **more)


def send(queue, *places, at=T0):
    """Send messages such as a1, b1, a2: the group, and its place in it."""
    return [queue.send(message(it, group=it[0]), at) for it in places]


def bodies(messages):
    return [it.body for it in messages]


def counts(queue, at=T0):
    return tuple(queue.counters(at).values())


def refusal(call, *arguments):
    with pytest.raises(QueueError) as caught:
        call(*arguments)
    return caught.value.refusal
