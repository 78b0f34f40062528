"""The trigger of a log group: a batch in a batch, retries, dead letters."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.logs import LogEntry, LogGroup
from fakes.queue import MessageQueue
from fakes.triggers.logging_trigger import LoggingTrigger, Retries

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def group():
    return LogGroup()


def trigger_of(group, retries=None, **settings):
    return LoggingTrigger(group, Chance(1), retries or Retries(), **settings)


def write(group, *messages):
    for message in messages:
        group.write(
            LogEntry(
                timestamp=NOW,
                level="INFO",
                message=message,
                resource_type="audit-trails.trail",
                resource_id="cnp1",
                json_payload={"text": message},
            )
        )


def messages(batch):
    if batch is None:
        return None
    [outer] = batch.event["messages"]
    return [one["message"] for one in outer["details"]["messages"]]


def fail(trigger, times, interval):
    """Fail a batch again and again; return the ids of the events handed over."""
    now, seen = NOW + SECOND, []
    for _ in range(times):
        batch = trigger.take(now)
        if batch is None:
            break
        seen.append(batch.event["messages"][0]["event_metadata"]["event_id"])
        batch.failed(now)
        now += interval
    return seen


def test_silence_calls_nobody(group):
    """No entry, no batch, and no moment at which to look again."""
    trigger = trigger_of(group)
    assert (trigger.take(NOW), trigger.next_due(NOW)) == (None, None)


def test_entries_of_one_moment_come_in_one_message(group):
    """The envelope holds one message, which holds the batch in its order."""
    trigger = trigger_of(group, batch_size=3)
    write(group, "a", "b", "c")
    assert messages(trigger.take(NOW)) == ["a", "b", "c"]


def test_a_batch_waits_for_its_cutoff(group):
    """What does not fill a batch goes when its time is up, counted from the
    first look.
    """
    trigger = trigger_of(group, cutoff=5 * SECOND)
    write(group, "a")
    assert trigger.next_due(NOW) == NOW
    assert trigger.take(NOW) is None
    write(group, "b")
    assert trigger.next_due(NOW + 4 * SECOND) == NOW + 5 * SECOND
    assert trigger.take(NOW + 4 * SECOND) is None
    assert messages(trigger.take(NOW + 5 * SECOND)) == ["a", "b"]


def test_a_full_batch_goes_at_once(group):
    """What is left over waits for a cutoff of its own."""
    trigger = trigger_of(group, batch_size=2, cutoff=5 * SECOND)
    write(group, "a", "b", "c")
    assert messages(trigger.take(NOW)) == ["a", "b"]
    assert trigger.take(NOW) is None
    assert messages(trigger.take(NOW + 5 * SECOND)) == ["c"]


def test_success_is_the_end(group):
    """A batch that was handled does not come again."""
    trigger = trigger_of(group, batch_size=1)
    write(group, "a")
    trigger.take(NOW).succeeded(NOW)
    assert (trigger.take(NOW + SECOND), trigger.next_due(NOW)) == (None, None)


def test_a_failed_batch_comes_again_after_the_interval(group):
    """The same event, not earlier than the interval after the failure."""
    trigger = trigger_of(group, Retries(interval=20 * SECOND), batch_size=1)
    write(group, "a")
    batch = trigger.take(NOW)
    batch.failed(NOW + SECOND)
    due = NOW + 21 * SECOND
    assert trigger.next_due(NOW + SECOND) == due
    assert trigger.take(due - SECOND) is None
    assert trigger.take(due).event == batch.event


def test_a_batch_that_waits_holds_up_nobody(group):
    """New entries are handed over while a failed batch waits for its turn."""
    trigger = trigger_of(group, batch_size=1)
    write(group, "a", "b")
    trigger.take(NOW).failed(NOW)
    assert messages(trigger.take(NOW)) == ["b"]


@pytest.mark.parametrize("attempts", range(1, 6))
def test_a_call_is_made_again_as_often_as_set(group, attempts):
    """One to five more times, with the same event id every time."""
    interval = 10 * SECOND
    trigger = trigger_of(group, Retries(attempts=attempts, interval=interval))
    write(group, "a")
    trigger.take(NOW)
    seen = fail(trigger, 9, interval)
    assert (len(seen), len(set(seen))) == (1 + attempts, 1)


def test_in_the_end_it_is_a_dead_letter(group):
    """The event goes to the dead-letter queue, once, as it was."""
    service = MessageQueue(folder_id="f", cloud_id="c", chance=Chance(1))
    dead = service.create("dead", NOW)
    trigger = trigger_of(group, Retries(attempts=1, dead_letters=dead))
    write(group, "a")
    trigger.take(NOW)
    [event_id, _] = fail(trigger, 9, 10 * SECOND)
    [letter] = dead.receive(NOW + 60 * SECOND, 10)
    [message] = json.loads(letter.body)["messages"]
    assert message["event_metadata"]["event_id"] == event_id
    assert message["details"]["messages"][0]["json_payload"] == {"text": "a"}


def test_without_a_dead_letter_queue_it_is_lost(group):
    """Nothing is left of it that could come due."""
    trigger = trigger_of(group, Retries(attempts=1))
    write(group, "a")
    trigger.take(NOW)
    fail(trigger, 9, 10 * SECOND)
    assert trigger.next_due(NOW) is None


def test_an_entry_wakes_whoever_watches(group):
    """An entry that is written is news to all."""
    trigger, news = trigger_of(group), []
    for name in "ab":
        trigger.watch(lambda name=name: news.append(name))
    write(group, "x")
    assert news == ["a", "b"]
