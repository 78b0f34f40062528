"""The timer fires on a schedule, with the documented event."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.triggers.cron import CronError
from fakes.triggers.envelope import Place
from fakes.triggers.redelivery import Retries
from fakes.triggers.timer_trigger import TimerTrigger

NOW = datetime(2026, 1, 2, 3, 4, 30, 678901, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KIND = "yandex.cloud.events.serverless.triggers.TimerMessage"
PLACE = Place(cloud_id="b1gcloud", folder_id="b1gfolder")


def timer(cron="* * * * ? *", **settings):
    return TimerTrigger(cron, place=PLACE, chance=Chance(1), since=NOW, **settings)


def event_id(batch):
    return batch.event["messages"][0]["event_metadata"]["event_id"]


def test_the_event_is_the_documented_one():
    """Metadata, the trigger's id and the payload, in one message."""
    trigger = timer(payload="sweep")
    batch = trigger.take(NOW + MINUTE)
    assert batch.event == {
        "messages": [
            {
                "event_metadata": {
                    "event_id": event_id(batch),
                    "event_type": KIND,
                    "created_at": "2026-01-02T03:05:30.678901Z",
                    "cloud_id": "b1gcloud",
                    "folder_id": "b1gfolder",
                },
                "details": {"trigger_id": trigger.id, "payload": "sweep"},
            }
        ]
    }


def test_it_fires_when_its_time_comes_and_not_before():
    """It is due at the next full minute after its creation."""
    trigger, minute = timer(), NOW.replace(second=0, microsecond=0) + MINUTE
    assert trigger.next_due(NOW) == minute
    assert trigger.take(minute - timedelta(microseconds=1)) is None
    assert trigger.take(minute) is not None
    assert trigger.take(minute) is None
    assert trigger.next_due(minute) == minute + MINUTE


def test_events_have_names_of_their_own():
    """Two firings can be told apart."""
    trigger = timer()
    assert event_id(trigger.take(NOW + MINUTE)) != event_id(
        trigger.take(NOW + 2 * MINUTE)
    )


def test_time_that_leaps_fires_once():
    """An hour at once is one firing of a timer that fires every minute."""
    trigger = timer()
    assert trigger.take(NOW + 60 * MINUTE) is not None
    assert trigger.take(NOW + 60 * MINUTE) is None


def test_a_failed_event_comes_again_as_it_was():
    """The same event, after the interval, before what is due anew."""
    trigger = timer("0 * * * ? *", retries=Retries(attempts=1))
    batch = trigger.take(NOW + 60 * MINUTE)
    batch.failed(NOW + 60 * MINUTE)
    due = NOW + 60 * MINUTE + timedelta(seconds=10)
    assert trigger.next_due(NOW) == due
    assert trigger.take(due).event == batch.event


def test_a_timer_that_is_over_is_never_due():
    """A year that is past never comes again."""
    trigger = timer("* * * * ? 2025")
    assert trigger.next_due(NOW) is trigger.take(NOW + 60 * MINUTE) is None


def test_what_is_too_long_or_no_schedule_is_refused():
    """At birth, not at the first firing."""
    assert timer(payload="x" * 4096)
    with pytest.raises(ValueError, match="4096 characters"):
        timer(payload="x" * 4097)
    with pytest.raises(CronError):
        timer("every day")
