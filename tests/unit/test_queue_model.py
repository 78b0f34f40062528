"""What a standard queue does with messages as time goes by."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import (
    Limits,
    NewMessage,
    QueueAttributes,
    QueueError,
    Refusal,
    StandardQueue,
)

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def make_queue(bounds=None, **attributes):
    return StandardQueue(
        name="tasks",
        queue_id="dj6",
        arn="arn",
        chance=Chance(1),
        created_at=T0,
        attributes=QueueAttributes(**attributes),
        bounds=bounds or Limits(),
    )


def send(queue, *bodies, at=T0, delay=None):
    return [queue.send(NewMessage(body=it, delay=delay), at) for it in bodies]


def bodies(messages):
    return [message.body for message in messages]


def counts(queue, at):
    return tuple(queue.counters(at).values())


def refusal(call, *arguments):
    with pytest.raises(QueueError) as caught:
        call(*arguments)
    return caught.value.refusal


def test_hands_out_what_was_sent():
    """A received message is the sent one, with the system's facts about it."""
    queue = make_queue()
    sent = queue.send(NewMessage(body="x", sender_id="me"), T0)
    (message,) = queue.receive(T0 + SECOND)
    assert (message.message_id, message.md5) == (sent.message_id, sent.md5_of_body)
    assert message.attributes == {
        "ApproximateFirstReceiveTimestamp": "1769860801000",
        "ApproximateReceiveCount": "1",
        "SenderId": "me",
        "SentTimestamp": "1769860800000",
    }


def test_a_receive_hides_for_the_visibility_timeout():
    """A received message comes back when its timeout ends, and not before."""
    queue = make_queue(visibility=30 * SECOND)
    send(queue, "x")
    queue.receive(T0)
    assert queue.receive(T0 + 29 * SECOND) == []
    (again,) = queue.receive(T0 + 30 * SECOND)
    assert again.attributes["ApproximateReceiveCount"] == "2"
    assert again.attributes["ApproximateFirstReceiveTimestamp"] == "1769860800000"


@pytest.mark.parametrize("limit", range(1, 11))
def test_hands_out_at_most_the_limit(limit):
    """A receive gives as many as asked for, each to nobody else."""
    queue = make_queue()
    send(queue, *map(str, range(12)))
    first, second = queue.receive(T0, limit), queue.receive(T0, 10)
    assert len(first) == limit
    assert not set(bodies(first)) & set(bodies(second))


@pytest.mark.parametrize("limit", [0, 11])
def test_refuses_other_limits(limit):
    """No other number than 1 to 10 can be asked for."""
    assert refusal(make_queue().receive, T0, limit) is Refusal.INVALID_PARAMETER_VALUE


@pytest.mark.parametrize("visibility", [-SECOND, 12 * HOUR + SECOND])
def test_refuses_other_visibility(visibility):
    """A timeout is 0 to 12 hours."""
    queue = make_queue()
    assert refusal(queue.receive, T0, 1, visibility) is Refusal.INVALID_PARAMETER_VALUE


def test_no_visibility_leaves_it_visible():
    """With a timeout of 0 a message is received and stays visible."""
    queue = make_queue()
    send(queue, "x")
    assert queue.receive(T0, visibility=timedelta())
    assert queue.receive(T0)


@pytest.mark.parametrize(
    ("own", "message", "expected"),
    [(0, None, 0), (10, None, 10), (10, 0, 0), (0, 900, 900)],
)
def test_delay(own, message, expected):
    """A message stays hidden for its own delay or, without one, the queue's."""
    queue = make_queue(delay=own * SECOND)
    send(queue, "x", delay=None if message is None else message * SECOND)
    visible_at = T0 + expected * SECOND
    assert queue.next_visible(T0) == visible_at
    assert counts(queue, T0) == ((0, 1, 0) if expected else (1, 0, 0))
    assert bodies(queue.receive(visible_at)) == ["x"]


def test_counters_follow_a_message():
    """Each message counts as visible, delayed or in flight."""
    queue = make_queue()
    send(queue, "a", "b")
    send(queue, "c", delay=60 * SECOND)
    assert counts(queue, T0) == (2, 1, 0)
    (message,) = queue.receive(T0)
    assert counts(queue, T0) == (1, 1, 1)
    queue.delete(message.receipt_handle, T0)
    assert counts(queue, T0 + 60 * SECOND) == (2, 0, 0)


@pytest.mark.parametrize("hidden", [True, False])
def test_old_messages_vanish(hidden):
    """After the retention period a message is gone, even in flight."""
    queue = make_queue(retention=60 * SECOND)
    send(queue, "x")
    if hidden:
        queue.receive(T0, visibility=HOUR)
    assert sum(counts(queue, T0 + 59 * SECOND)) == 1
    assert sum(counts(queue, T0 + 60 * SECOND)) == 0
    assert queue.next_visible(T0 + 60 * SECOND) is None


def test_deletes_by_the_newest_receipt_only():
    """An earlier receipt is accepted and deletes nothing; the newest deletes."""
    queue = make_queue(visibility=SECOND)
    send(queue, "x")
    (first,) = queue.receive(T0)
    (second,) = queue.receive(T0 + SECOND)
    queue.delete(first.receipt_handle, T0 + SECOND)
    assert counts(queue, T0 + SECOND) == (0, 0, 1)
    queue.delete(second.receipt_handle, T0 + HOUR)
    assert counts(queue, T0 + HOUR) == (0, 0, 0)


def test_deleting_twice_is_no_error():
    """The receipt of a deleted message is accepted again."""
    queue = make_queue()
    send(queue, "x")
    (message,) = queue.receive(T0)
    queue.delete(message.receipt_handle, T0)
    queue.delete(message.receipt_handle, T0)


@pytest.mark.parametrize(
    "handle", ["", "?", "ä", "eA", "ZGo2IDAgMSA", "ZGo2IDAwIDE", "ZGo2IDAgMQ"]
)
def test_refuses_invented_receipts(handle):
    """A handle that this queue never gave is refused, whatever is in it."""
    queue = make_queue()
    assert refusal(queue.delete, handle, T0) is Refusal.RECEIPT_HANDLE_IS_INVALID


def test_changes_visibility():
    """A received message can be hidden for longer, or shown at once."""
    queue = make_queue()
    send(queue, "x")
    (message,) = queue.receive(T0)
    queue.change_visibility(message.receipt_handle, HOUR, T0)
    assert queue.next_visible(T0) == T0 + HOUR
    queue.change_visibility(message.receipt_handle, timedelta(), T0 + SECOND)
    assert queue.next_visible(T0 + SECOND) == T0 + SECOND


def test_hides_for_twelve_hours_in_all():
    """The timeouts of one receipt add up to 12 hours at most."""
    queue = make_queue()
    send(queue, "x")
    (message,) = queue.receive(T0, visibility=2 * HOUR)
    later, change = T0 + HOUR, queue.change_visibility
    change(message.receipt_handle, 11 * HOUR, later)
    refused = refusal(change, message.receipt_handle, 11 * HOUR + SECOND, later)
    assert refused is Refusal.INVALID_PARAMETER_VALUE


def test_changes_only_what_is_in_flight():
    """A visible, a newly received and a deleted message are refused apart."""
    queue = make_queue(visibility=SECOND)
    send(queue, "x")
    (first,) = queue.receive(T0)
    arguments = (first.receipt_handle, SECOND, T0 + SECOND)
    change = queue.change_visibility
    assert refusal(change, *arguments) is Refusal.MESSAGE_NOT_IN_FLIGHT
    (second,) = queue.receive(T0 + SECOND)
    assert refusal(change, *arguments) is Refusal.MESSAGE_NOT_IN_FLIGHT
    queue.delete(second.receipt_handle, T0 + SECOND)
    assert refusal(change, *arguments) is Refusal.INVALID_PARAMETER_VALUE


def test_limits_what_is_in_flight():
    """Beyond the limit in flight a receive gives less, then is refused."""
    queue = make_queue(bounds=Limits(in_flight=3))
    send(queue, *"abcde")
    assert len(queue.receive(T0, 10)) == 3
    assert refusal(queue.receive, T0) is Refusal.OVER_LIMIT


def test_purges_once_a_minute():
    """A purge leaves nothing, and another within 60 seconds is refused."""
    queue = make_queue()
    send(queue, "a", "b")
    queue.receive(T0)
    queue.purge(T0)
    assert counts(queue, T0) == (0, 0, 0)
    assert refusal(queue.purge, T0 + 59 * SECOND) is Refusal.PURGE_IN_PROGRESS
    queue.purge(T0 + 60 * SECOND)
