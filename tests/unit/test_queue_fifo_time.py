"""FIFO queues as time goes by: delays, retention, receives that are repeated."""

from datetime import timedelta

import pytest

from fakes.queue import QueueAttributes, Refusal
from tests.unit.fifo_bench import (
    MINUTE,
    SECOND,
    T0,
    bodies,
    counts,
    make_queue,
    message,
    refusal,
    send,
)


def change(queue, at=T0, **attributes):
    queue.change(QueueAttributes(fifo=True, **attributes), at)


def hear(queue):
    """Return a list that grows whenever the queue tells its watchers."""
    heard = []
    queue.watch(lambda: heard.append(1))
    return heard


def test_only_the_queue_delays():
    """The delay of a message is ignored, that of the queue counts."""
    queue = make_queue(delay=10 * SECOND)
    queue.send(message("a1", delay=timedelta()), T0)
    queue.send(message("b1", group="b", delay=15 * MINUTE), T0)
    assert counts(queue) == (0, 2, 0)
    assert queue.next_visible(T0) == T0 + 10 * SECOND
    assert bodies(queue.receive(T0 + 10 * SECOND, 10)) == ["a1", "b1"]


def test_a_new_delay_concerns_what_is_there():
    """A longer delay hides messages that were visible, a shorter one shows them and
    wakes who waits for them; what was received once is not hidden again.
    """
    queue = make_queue(visibility=timedelta())
    send(queue, "a1", "b1", "b2")
    queue.receive(T0)
    change(queue, delay=MINUTE)
    assert counts(queue) == (1, 2, 0)
    assert bodies(queue.receive(T0, 10, SECOND)) == ["a1"]
    heard = hear(queue)
    change(queue, T0 + SECOND, delay=SECOND)
    assert heard
    assert bodies(queue.receive(T0 + SECOND, 10)) == ["a1", "b1"]


def test_other_changes_disturb_nobody():
    """A change of something else hides nothing and wakes nobody."""
    queue = make_queue(delay=SECOND)
    send(queue, "a1")
    heard = hear(queue)
    change(queue, T0 + SECOND, delay=SECOND, content_based_deduplication=True)
    assert not heard
    assert queue.modified_at == T0 + SECOND
    assert bodies(queue.receive(T0 + SECOND)) == ["a1"]


def test_deleting_wakes_who_waits_for_the_group():
    """The next of a group is visible once the one before is deleted, and heard of."""
    queue = make_queue()
    send(queue, "a1", "a2")
    (first,) = queue.receive(T0)
    heard = hear(queue)
    queue.delete(first.receipt_handle, T0)
    assert heard
    assert queue.next_visible(T0) == T0


def test_waiting_messages_count_as_visible():
    """Messages behind one in flight count as visible, though none can be received
    before it returns.
    """
    queue = make_queue(visibility=MINUTE)
    send(queue, "a1", "a2", "a3")
    queue.receive(T0)
    assert counts(queue) == (2, 0, 1)
    assert queue.next_visible(T0) == T0 + MINUTE


def test_an_old_message_makes_way():
    """When its retention ends, a message in flight no longer holds up its group."""
    queue = make_queue(retention=MINUTE, visibility=60 * MINUTE)
    send(queue, "a1")
    queue.receive(T0)
    send(queue, "a2", at=T0 + SECOND)
    assert queue.next_visible(T0 + SECOND) == T0 + MINUTE
    assert bodies(queue.receive(T0 + MINUTE)) == ["a2"]


def test_a_receive_can_be_repeated():
    """Under the same attempt id the same messages come under the same handles, once
    more counted only once; under another id, or none, they do not.
    """
    queue = make_queue()
    send(queue, "a1", "b1", "c1")
    first = queue.receive(T0, 2, attempt_id="once")
    assert queue.receive(T0 + SECOND, 2, attempt_id="once") == first
    assert bodies(queue.receive(T0 + SECOND, 2, attempt_id="twice")) == ["c1"]
    assert queue.receive(T0 + SECOND, 2) == []


@pytest.mark.parametrize("deed", ["delete", "give back", "hide longer"])
def test_what_changed_is_not_repeated(deed):
    """Once one of its messages is gone or hidden otherwise, an attempt starts anew."""
    queue = make_queue()
    send(queue, "a1", "a2", "b1")
    first, _ = queue.receive(T0, 2, attempt_id="once")
    if deed == "delete":
        queue.delete(first.receipt_handle, T0)
    else:
        hidden_for = timedelta() if deed == "give back" else MINUTE
        queue.change_visibility(first.receipt_handle, hidden_for, T0)
    again = queue.receive(T0, 2, attempt_id="once")
    expected = {"delete": ["a2"], "give back": ["a1"], "hide longer": []}
    assert bodies(again) == expected[deed]


def test_what_others_received_is_not_repeated():
    """A message that went to someone else since, until the same moment even, is not
    handed out under the old handle.
    """
    queue = make_queue(visibility=2 * SECOND)
    send(queue, "a1")
    (first,) = queue.receive(T0, attempt_id="once")
    queue.change_visibility(first.receipt_handle, timedelta(), T0)
    queue.receive(T0, visibility=2 * SECOND)
    assert queue.receive(T0, attempt_id="once") == []


def test_attempts_are_forgotten_after_five_minutes():
    """An attempt id repeats a receive for 5 minutes, however long that hides."""
    queue = make_queue(visibility=60 * MINUTE)
    send(queue, "a1")
    first = queue.receive(T0, attempt_id="once")
    assert queue.receive(T0 + 5 * MINUTE - SECOND, attempt_id="once") == first
    assert queue.receive(T0 + 5 * MINUTE, attempt_id="once") == []


def test_after_its_timeout_a_message_is_received_anew():
    """Once the visibility timeout ended, the same attempt id gets a new handle."""
    queue = make_queue(visibility=SECOND)
    send(queue, "a1")
    (first,) = queue.receive(T0, attempt_id="once")
    (again,) = queue.receive(T0 + SECOND, attempt_id="once")
    assert again.body == first.body
    assert again.receipt_handle != first.receipt_handle


@pytest.mark.parametrize("attempt_id", ["a" * 129, "ä", " "])
def test_refuses_malformed_attempts(attempt_id):
    """An attempt id is 1 to 128 letters, digits and punctuation marks."""
    refused = refusal(make_queue().receive, T0, 1, None, attempt_id)
    assert refused is Refusal.INVALID_PARAMETER_VALUE
