"""What a trigger gave up is told, as far as it is known what it was about."""

import json

import pytest

from events.decision import Verdict
from events.lost import lost_events
from events.outcome import Outcome
from events.wish import wish_of
from tests.unit.build import NOW, SAMPLES, sample

STOPS = sorted(
    path.stem
    for path in SAMPLES.glob("*.json")
    if path.stem.endswith(("-instance", "detach-interface"))
    and not path.stem.startswith("outcome.")
)


def lost(value):
    return lost_events(json.dumps(value), NOW)


@pytest.mark.parametrize("name", STOPS)
def test_an_event_of_an_instance_is_looked_at_after_all(name):
    """From a log, a stream or a bus, it is a wish for whatever policies want."""
    [found] = lost(sample(name))
    assert found == wish_of(found.occasion, NOW)
    assert found.occasion.instance_id.startswith("fhm")


def test_the_same_event_is_the_same_wish_whichever_way_it_was_lost():
    """What comes of it has the same id."""
    ways = ("logging-trigger", "data-stream-trigger", "event-router")
    found = {lost(sample(f"{way}.stop-instance"))[0].id for way in ways}
    assert len(found) == 1


def test_a_batch_is_a_wish_for_each_of_its_events():
    """As a list, or as the records of a stream."""
    event = sample("event-router.stop-instance")
    events = [event, {**event, "event_id": "other"}]
    for batch in (events, {"messages": events}, {"messages": [json.dumps(events)]}):
        assert [one.occasion.event_id for one in lost(batch)] == [
            "fhm7c2x9k4t1w6v3n8qd",
            "other",
        ]


def test_a_timer_is_an_outcome_without_an_instance():
    """It says that a sweep did not begin."""
    assert lost(sample("timer-trigger")) == (
        Outcome(
            id=lost(sample("timer-trigger"))[0].id,
            verdict=Verdict.UNPROCESSED,
            reason=(
                "given up: the event was delivered again and again without success"
            ),
            time=NOW,
            created=NOW,
            subject="",
            request=None,
            origin={"cause": "scheduled", "eventId": "a1s41g2n5g0o8c3x6t9w"},
        ),
    )


@pytest.mark.parametrize(
    "value",
    [
        sample("logging-trigger.other-events"),
        sample("logging-trigger.attach-interface"),
        {"messages": []},
        {"messages": [1]},
    ],
    ids=["other events", "attach", "empty", "broken"],
)
def test_what_called_for_nothing_is_nobodys_loss(value):
    """It is a trigger's letter, and has no outcome."""
    assert lost(value) == ()


@pytest.mark.parametrize(
    "value",
    [
        sample("request"),
        [sample("request.policy")],
        [],
        [1],
        [sample("event-router.stop-instance"), sample("request")],
        {"sweep": {}},
        {"messages": 1},
        "text",
        None,
    ],
)
def test_all_else_is_no_triggers_letter(value):
    """A request above all: that has an outcome of its own."""
    assert lost(value) is None


@pytest.mark.parametrize("body", [None, {}, "", "{", b"\xff"], ids=repr)
def test_what_is_no_json_is_no_triggers_letter(body):
    """Nor is what is no text at all."""
    assert lost_events(body, NOW) is None
