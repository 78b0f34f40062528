"""The trigger of a queue: batches, deletes on success, back on an error."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import MessageQueue, NewMessage
from fakes.triggers.envelope import Place
from fakes.triggers.queue_trigger import QueueTrigger

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HIDDEN = timedelta(seconds=30)
PLACE = Place(cloud_id="b1gcloud", folder_id="b1gfolder")


@pytest.fixture
def service():
    return MessageQueue(folder_id="b1gfolder", cloud_id="b1gcloud", chance=Chance(1))


@pytest.fixture
def queue(service):
    return service.create("tasks", NOW)


def trigger_of(queue, **settings):
    return QueueTrigger(queue=queue, place=PLACE, **settings)


def send(queue, *bodies, now=NOW, **more):
    for body in bodies:
        queue.send(NewMessage(body=body, **more), now)


def bodies(batch):
    if batch is None:
        return None
    messages = batch.event["messages"]
    return [one["details"]["message"]["body"] for one in messages]


def left(queue, now):
    return sum(queue.counters(now).values())


def test_an_empty_queue_calls_nobody(queue):
    """No message, no batch, and no moment at which to look again."""
    trigger = trigger_of(queue)
    assert (trigger.take(NOW), trigger.next_due(NOW)) == (None, None)


def test_messages_come_one_by_one_by_default(queue):
    """Without settings a batch is one message, at once."""
    send(queue, "a", "b")
    trigger = trigger_of(queue)
    assert [bodies(trigger.take(NOW)) for _ in range(3)] == [["a"], ["b"], None]


@pytest.mark.parametrize("size", [2, 10, 11, 25])
def test_a_full_batch_goes_at_once(queue, size):
    """A batch is as large as was asked for, also beyond one receive's ten."""
    sent = [str(number) for number in range(size + 1)]
    send(queue, *sent)
    trigger = trigger_of(queue, batch_size=size, cutoff=20 * SECOND)
    assert bodies(trigger.take(NOW)) == sent[:size]
    assert trigger.take(NOW) is None


def test_a_batch_waits_for_its_cutoff(queue):
    """What does not fill a batch is collected until the time since the first
    message is up.
    """
    trigger = trigger_of(queue, batch_size=10, cutoff=5 * SECOND)
    send(queue, "a")
    assert trigger.take(NOW) is None
    send(queue, "b", now=NOW + 4 * SECOND)
    assert trigger.take(NOW + 4 * SECOND) is None
    assert trigger.next_due(NOW + 4 * SECOND) == NOW + 5 * SECOND
    assert bodies(trigger.take(NOW + 5 * SECOND)) == ["a", "b"]


def test_the_next_batch_has_a_cutoff_of_its_own(queue):
    """The time of a new batch begins with its own first message."""
    trigger = trigger_of(queue, batch_size=2, cutoff=5 * SECOND)
    send(queue, "a", "b", "c")
    trigger.take(NOW)
    later = NOW + 4 * SECOND
    assert trigger.take(later) is None
    assert trigger.next_due(later) == later + 5 * SECOND


def test_success_deletes_the_messages(queue):
    """All of the batch is gone, and nothing else."""
    send(queue, "a", "b", "c")
    trigger = trigger_of(queue, batch_size=2)
    trigger.take(NOW).succeeded(NOW + SECOND)
    assert left(queue, NOW + SECOND) == 1


def test_an_error_brings_the_messages_back(queue):
    """They stay hidden for the visibility timeout, and then they come again."""
    send(queue, "a")
    trigger = trigger_of(queue)
    trigger.take(NOW).failed(NOW + SECOND)
    assert trigger.take(NOW + HIDDEN - SECOND) is None
    assert trigger.next_due(NOW + SECOND) == NOW + HIDDEN
    assert bodies(trigger.take(NOW + HIDDEN)) == ["a"]


def test_a_success_that_comes_too_late_deletes_nothing(queue):
    """Once the message was handed out again, only the newest receipt counts."""
    send(queue, "a")
    trigger = trigger_of(queue)
    slow = trigger.take(NOW)
    trigger.take(NOW + HIDDEN)
    slow.succeeded(NOW + HIDDEN)
    assert left(queue, NOW + HIDDEN) == 1


@pytest.mark.parametrize("most", [1, 3])
def test_the_queue_redrives_what_fails_too_often(service, most):
    """After maxReceiveCount failed calls the message is a dead letter."""
    dead = service.create("dead", NOW)
    policy = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": most}
    queue = service.create("mortal", NOW, {"RedrivePolicy": json.dumps(policy)})
    send(queue, "a")
    trigger, grave = trigger_of(queue), trigger_of(dead)
    now, calls = NOW, 0
    while (batch := trigger.take(now)) is not None:
        batch.failed(now)
        calls += 1
        now += HIDDEN
    assert (calls, bodies(grave.take(now))) == (most, ["a"])


def test_a_delayed_message_is_due_when_it_shows(queue):
    """Nobody needs to look before the delay of the message ends."""
    send(queue, "a", delay=9 * SECOND)
    trigger = trigger_of(queue)
    assert trigger.take(NOW) is None
    assert trigger.next_due(NOW) == NOW + 9 * SECOND


def test_an_arrival_wakes_whoever_watches(queue):
    """A message that arrives is news."""
    news = []
    trigger_of(queue).watch(lambda: news.append("news"))
    send(queue, "a")
    assert news == ["news"]
