"""Message Queue as badly behaved as its documentation allows, under a seed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import (
    GOOD,
    ROUGH,
    Manners,
    MessageQueue,
    NewMessage,
    QueueError,
    Refusal,
)

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LETTERS = "abcdefghijklmnopqrst"


def make_service(seed=1, **manners):
    return MessageQueue(
        folder_id="f", cloud_id="c", chance=Chance(seed), manners=Manners(**manners)
    )


def make_queue(seed=1, attributes=None, **manners):
    return make_service(seed, **manners).create("tasks", T0, attributes)


def send(queue, bodies):
    return [queue.send(NewMessage(body=it), T0).message_id for it in bodies]


def receive_all(queue, at=T0):
    """Receive and delete until nothing is left; return the messages in that order."""
    messages = []
    while got := queue.receive(at, 3):
        for it in got:
            queue.delete(it.receipt_handle, at)
        messages += got
    return messages


def story(seed, **manners):
    queue = make_queue(seed, **manners)
    send(queue, LETTERS)
    return "".join(it.body for it in receive_all(queue))


def test_is_good_by_default():
    """Unless asked for otherwise, what was sent is received once and in order."""
    assert story(1) == LETTERS
    assert make_service().manners == GOOD


def test_keeps_no_order():
    """Each message is received once, in an order that only the seed knows."""
    first, again, other = (story(seed, unordered=True) for seed in (1, 1, 2))
    assert sorted(first) == list(LETTERS)
    assert len({LETTERS, first, other}) == 3
    assert again == first


def test_forgets_nothing_without_order():
    """Messages that vanish from the middle leave the others as they were."""
    queue = make_queue(unordered=True, attributes={"MessageRetentionPeriod": "60"})
    send(queue, "abc")
    queue.send(NewMessage(body="d"), T0 + 30 * SECOND)
    assert [it.body for it in queue.receive(T0 + 60 * SECOND, 10)] == ["d"]
    queue.send(NewMessage(body="e"), T0 + 60 * SECOND)
    queue.purge(T0 + 60 * SECOND)
    assert sum(queue.counters(T0 + 60 * SECOND).values()) == 0


def test_delivers_some_twice():
    """Some come once more, under the same id, though deleted; none is lost."""
    queue = make_queue(duplicates=0.3)
    ids = send(queue, LETTERS)
    received = [it.message_id for it in receive_all(queue)]
    assert set(received) == set(ids)
    assert len(received) > len(ids)


def test_a_duplicate_is_a_message_of_its_own():
    """It has a receipt of its own, and counts as if it had never been received."""
    queue = make_queue(duplicates=1)
    send(queue, "x")
    (first,), (second,) = queue.receive(T0), queue.receive(T0)
    assert first.message_id == second.message_id
    assert first.receipt_handle != second.receipt_handle
    counts = {it.attributes["ApproximateReceiveCount"] for it in (first, second)}
    assert counts == {"1"}


def test_duplicates_do_not_bury_the_living():
    """Only what was really received too often is a dead letter."""
    service = make_service(duplicates=0.5)
    dead = service.create("dead", T0)
    policy = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1})
    queue = service.create("tasks", T0, {"RedrivePolicy": policy})
    send(queue, LETTERS)
    assert {it.body for it in receive_all(queue)} == set(LETTERS)
    assert sum(dead.counters(T0).values()) == 0


def test_a_fifo_queue_has_no_bad_manners():
    """Exactly once, in order, and never empty in vain: FIFO is spared all of it."""
    service = make_service(unordered=True, duplicates=1, empty_polls=1)
    queue = service.create("tasks.fifo", T0, {"FifoQueue": "true"})
    for body in LETTERS:
        queue.send(NewMessage(body=body, group_id="g", deduplication_id=body), T0)
    assert [it.body for it in receive_all(queue)] == list(LETTERS)
    assert not queue.looks_at_nothing()


def test_some_short_polls_look_at_nothing():
    """By chance, as often as asked, and repeatably."""

    def polls(seed):
        queue = make_queue(seed, empty_polls=0.3)
        return [queue.looks_at_nothing() for _ in range(1000)]

    assert 200 < sum(polls(1)) < 400
    assert polls(1) == polls(1) != polls(2)


def refusal(service, queue, at):
    with pytest.raises(QueueError) as caught:
        service.newcomers.check(queue.queue_id, at)
    return caught.value.refusal


def test_a_new_queue_is_not_known_at_once():
    """Within the time it takes, every queue is found in the end, and stays so; until
    then it is refused in both ways.
    """
    service = make_service(settling=30 * SECOND)
    queues = [service.create(f"q{n}", T0) for n in range(30)]
    late = [it for it in queues if not service.newcomers.is_known(it.queue_id, T0)]
    assert len(late) == 30
    refused = {refusal(service, it, T0) for it in late}
    assert refused == {Refusal.NON_EXISTENT_QUEUE, Refusal.ACCESS_DENIED}
    known = [
        sum(service.newcomers.is_known(it.queue_id, T0 + n * SECOND) for it in queues)
        for n in range(31)
    ]
    assert known == sorted(known)
    assert 0 < known[15] < known[30] == 30
    service.newcomers.check(queues[0].queue_id, T0 + 30 * SECOND)


def test_clearing_forgets_who_is_new():
    """A new, empty service knows of no newcomer."""
    service = make_service(settling=30 * SECOND)
    queue = service.create("q", T0)
    service.clear()
    assert service.newcomers.is_known(queue.queue_id, T0)


def test_rough_is_all_of_it():
    """What is warned of is all on; the JSON protocol is no warning."""
    assert ROUGH.unordered
    assert ROUGH.rates
    assert 0 < ROUGH.duplicates < 1
    assert 0 < ROUGH.empty_polls < 1
    assert ROUGH.settling == 30 * SECOND
    assert not ROUGH.json_protocol
