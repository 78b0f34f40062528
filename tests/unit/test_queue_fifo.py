"""What a FIFO queue takes in, and in which order it hands that out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.queue import Limits, NewMessage, Refusal
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

SHA256_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_hands_out_what_was_sent():
    """A received message tells its group, deduplication id and sequence number."""
    queue = make_queue()
    sent = queue.send(message("x", group="g", key="k"), T0)
    (got,) = queue.receive(T0)
    assert got.message_id == sent.message_id
    told = (got.group_id, got.deduplication_id, got.sequence_number)
    assert told == ("g", "k", sent.sequence_number)
    names = ("MessageGroupId", "MessageDeduplicationId", "SequenceNumber")
    assert told == tuple(got.attributes[name] for name in names)


def test_sequence_numbers_grow():
    """Sequence numbers have 20 digits and grow, also from group to group."""
    numbers = [it.sequence_number for it in send(make_queue(), "a1", "b1", "a2")]
    assert {len(it) for it in numbers} == {20}
    assert all(it.isdigit() for it in numbers)
    assert numbers == sorted(set(numbers))


def test_a_receive_takes_one_message_of_a_group():
    """However many are asked for, each group gives its first."""
    queue = make_queue()
    send(queue, "a1", "a2", "b1", "b2", "c1")
    assert bodies(queue.receive(T0, 10)) == ["a1", "b1", "c1"]


def test_a_group_waits_for_what_is_in_flight():
    """The next of a group comes once the one before is deleted."""
    queue = make_queue()
    send(queue, "a1", "a2")
    (first,) = queue.receive(T0)
    assert queue.receive(T0, 10) == []
    queue.delete(first.receipt_handle, T0)
    assert bodies(queue.receive(T0, 10)) == ["a2"]


def test_what_comes_back_comes_first():
    """A message whose timeout ended is still before the others of its group."""
    queue = make_queue(visibility=30 * SECOND)
    send(queue, "a1", "a2")
    queue.receive(T0)
    assert queue.next_visible(T0) == T0 + 30 * SECOND
    assert bodies(queue.receive(T0 + 30 * SECOND, 10)) == ["a1"]


def test_groups_take_turns():
    """A group whose message keeps failing does not starve the others."""
    queue = make_queue(visibility=timedelta())
    send(queue, "a1", "a2", "b1")
    got = [bodies(queue.receive(T0))[0] for _ in range(4)]
    assert got == ["a1", "b1", "a1", "b1"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["send", "receive", "delete", "wait", "give back"]),
            st.integers(0, 5),
        ),
        max_size=60,
    )
)
def test_every_group_is_received_in_the_order_sent(steps):
    """Whatever is sent, received, lost, given back and deleted: what a receive hands
    out of a group is the first of what is left of it, and never two at a time.
    """
    queue, now = make_queue(visibility=3 * SECOND, delay=SECOND), T0
    left, held = {group: [] for group in "abc"}, []
    for number, (step, choice) in enumerate(steps):
        group = "abc"[choice % 3]
        if step == "send":
            queue.send(message(str(number), group=group), now)
            left[group].append(str(number))
        elif step == "receive":
            got = queue.receive(now, choice + 1)
            assert len({it.group_id for it in got}) == len(got)
            assert all(left[it.group_id][0] == it.body for it in got)
            held += got
        elif step == "wait":
            now += choice * SECOND
        elif held:
            one = held[choice % len(held)]
            held = [it for it in held if it.body != one.body]
            if step == "delete":
                before = sum(counts(queue, now))
                queue.delete(one.receipt_handle, now)
                if sum(counts(queue, now)) < before:
                    left[one.group_id].remove(one.body)
            elif queue._is_newest(one.receipt_handle, now + 3 * SECOND):
                queue.change_visibility(one.receipt_handle, timedelta(), now)
    assert sum(counts(queue, now)) == sum(map(len, left.values()))


@pytest.mark.parametrize(
    "key", [None, "k"], ids=["by the body", "by the deduplication id"]
)
def test_a_duplicate_is_not_delivered(key):
    """Within 5 minutes a duplicate is answered with the first one's id and number
    and its own digest, and is not delivered, also once the first is deleted.
    """
    queue = make_queue(content_based_deduplication=True)
    first = queue.send(NewMessage(body="x", group_id="a", deduplication_id=key), T0)
    (got,) = queue.receive(T0)
    queue.delete(got.receipt_handle, T0)
    later = T0 + 5 * MINUTE - SECOND
    body = "y" if key else "x"
    again = queue.send(NewMessage(body=body, group_id="b", deduplication_id=key), later)
    assert again.message_id == first.message_id
    assert again.sequence_number == first.sequence_number
    assert (again.md5_of_body == first.md5_of_body) is (key is None)
    assert counts(queue, later) == (0, 0, 0)


def test_duplicates_do_not_prolong_the_window():
    """Five minutes after the first, the same id is new, whatever came between."""
    queue = make_queue()
    ids = [
        queue.send(message("x"), T0 + at * MINUTE).message_id for at in (0, 4, 5, 9, 10)
    ]
    assert [ids.index(it) for it in ids] == [0, 0, 2, 2, 4]
    assert len(queue._sent) == 1


def test_an_explicit_id_wins():
    """With an id of their own, equal bodies are two messages; the id derived from the
    body is its SHA-256.
    """
    queue = make_queue(content_based_deduplication=True)
    queue.send(NewMessage(body="x", group_id="a"), T0)
    queue.send(NewMessage(body="x", group_id="b", deduplication_id="k"), T0)
    queue.send(NewMessage(body="z", group_id="c", deduplication_id=SHA256_OF_X), T0)
    keys = [it.deduplication_id for it in queue.receive(T0, 10)]
    assert keys == [SHA256_OF_X, "k"]


def test_purging_forgets_messages_but_not_their_ids():
    """After a purge a group is free, and a duplicate is one still."""
    queue = make_queue()
    send(queue, "a1", "a2")
    queue.receive(T0)
    queue.purge(T0)
    send(queue, "a1", "a3")
    assert bodies(queue.receive(T0, 10)) == ["a3"]


@pytest.mark.parametrize(
    ("group", "key", "expected"),
    [
        (None, "k", Refusal.MISSING_PARAMETER),
        ("", "k", Refusal.MISSING_PARAMETER),
        ("g" * 129, "k", Refusal.INVALID_PARAMETER_VALUE),
        ("ä", "k", Refusal.INVALID_PARAMETER_VALUE),
        ("a b", "k", Refusal.INVALID_PARAMETER_VALUE),
        ("g", "k" * 129, Refusal.INVALID_PARAMETER_VALUE),
        ("g", "k\n", Refusal.INVALID_PARAMETER_VALUE),
        ("g", None, Refusal.INVALID_PARAMETER_VALUE),
        ("g", "", Refusal.INVALID_PARAMETER_VALUE),
    ],
)
def test_refuses_messages_without_their_place(group, key, expected):
    """A group and something to tell duplicates by are needed, both well formed."""
    queue = make_queue()
    sent = NewMessage(body="x", group_id=group, deduplication_id=key)
    assert refusal(queue.send, sent, T0) is expected
    assert counts(queue) == (0, 0, 0)


def test_takes_the_longest_names():
    """128 characters, letters, digits and punctuation, make a group and an id."""
    name = "".join(map(chr, range(0x21, 0x7F))) + "a" * 34
    queue = make_queue()
    queue.send(message("x", group=name, key=name), T0)
    (got,) = queue.receive(T0)
    assert (got.group_id, got.deduplication_id) == (name, name)


def test_limits_what_is_in_flight():
    """The limit in flight is that of FIFO queues, 20 000."""
    assert Limits().fifo_in_flight == 20_000
    queue = make_queue(bounds=Limits(fifo_in_flight=2))
    send(queue, "a1", "b1", "c1")
    assert len(queue.receive(T0, 10)) == 2
    assert refusal(queue.receive, T0) is Refusal.OVER_LIMIT
