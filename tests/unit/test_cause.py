"""Audit events that say that an instance stopped are told from all others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cause import Cause, Origin, Skipped, Stopped, read_audit_event
from events.envelope import deliveries
from events.reading import camel
from tests.unit.build import json_values, nested, repeatable, sample, texts

PREFIX = "yandex.cloud.audit.compute."


def event(**changes):
    (delivery,) = deliveries(sample("logging-trigger.stop-instance"))
    return {**delivery.body, **changes}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "stop-instance",
            Stopped(
                event_id="fhm7c2x9k4t1w6v3n8qd",
                cause=Cause.STOPPED,
                instance_id="fhm4k9v2c7t1x5n8w3qd",
            ),
        ),
        (
            "guest-stop-instance",
            Stopped(
                event_id="fhm1w8c5x2k9t6v4n7qm",
                cause=Cause.GUEST_STOPPED,
                instance_id="fhm8n3w6c1k5x9t2v7qd",
            ),
        ),
        (
            "preempt-instance",
            Stopped(
                event_id="fhm9t4x1c8w5k2v7n3qd",
                cause=Cause.PREEMPTED,
                instance_id="fhm2v7k4x9c6t1w5n8qm",
            ),
        ),
        (
            "crash-instance",
            Stopped(
                event_id="fhm6k1c9x4t8w2v5n7qd",
                cause=Cause.CRASHED,
                instance_id="fhm5c8t3x1k6w9v4n2qd",
            ),
        ),
    ],
)
def test_the_four_ways_to_stop_are_read(name, expected):
    """Each sample of a stop is read with its cause, its id and its instance."""
    (delivery,) = deliveries(sample(f"logging-trigger.{name}"))
    assert read_audit_event(delivery.body) == expected


def test_events_in_camel_case_are_read():
    """The newer reference's spelling means the same."""
    spelt = {camel(name): content for name, content in event().items()}
    spelt["details"] = {"instanceId": event()["details"]["instance_id"]}
    assert read_audit_event(spelt) == read_audit_event(event())


def test_other_events_are_skipped_each_for_its_reason():
    """A stop under way, another type and an entry without payload call for nothing."""
    found = deliveries(sample("logging-trigger.other-events"))
    assert [read_audit_event(one.body) for one in found] == [
        Skipped(reason="status 'STARTED' is not DONE"),
        Skipped(reason=f"event type '{PREFIX}CreateInstance' is not of interest"),
        Skipped(reason="no JSON payload", expected=False),
    ]


@pytest.mark.parametrize(
    "status", ["STARTED", "RUNNING", "ERROR", "CANCELLED", "", None]
)
def test_only_done_acts(status):
    """Every status but DONE says that nothing has stopped, as a trail normally does."""
    assert read_audit_event(event(event_status=status)).expected


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "StopInstance",
        f"{PREFIX}StartInstance",
        f"{PREFIX}stopinstance",
        f"{PREFIX}instancegroup.StopInstance",
        "yandex.cloud.audit.vpc.StopInstance",
        [PREFIX],
    ],
)
def test_other_types_are_not_of_interest(kind):
    """Only the exact types of Compute count; all others are expected."""
    assert read_audit_event(event(event_type=kind)).expected


@pytest.mark.parametrize(
    "changes",
    [
        {"details": None},
        {"details": []},
        {"details": {}},
        {"details": {"instance_id": ""}},
        {"details": {"instance_id": 7}},
        {"details": {"instance_id": "../fhm"}},
        {"event_id": None},
        {"event_id": ""},
        {"event_id": 7},
    ],
)
def test_a_stop_that_names_nothing_is_not_expected(changes):
    """A stop without its instance or its own id is skipped and reported."""
    found = read_audit_event(event(**changes))
    assert isinstance(found, Skipped)
    assert not found.expected


def test_ids_of_events_are_bounded():
    """An event's id is cut to 100 characters."""
    assert read_audit_event(event(event_id="x" * 999)).event_id == "x" * 100


def test_what_is_skipped_is_told_in_bounds():
    """A reason shows at most 100 characters of an event's type."""
    reason = read_audit_event(event(event_type="x" * 999)).reason
    assert reason == f"event type '{'x' * 100}' is not of interest"


@repeatable
@given(
    json_values
    | st.binary()
    | st.dictionaries(texts, json_values)
    | st.builds(
        event,
        event_status=json_values | st.just("DONE"),
        event_id=json_values,
        details=st.dictionaries(st.just("instance_id"), json_values),
    )
)
def test_no_payload_is_a_crash(payload):
    """Any value is a stop or is skipped."""
    assert isinstance(read_audit_event(payload), Stopped | Skipped)


@pytest.mark.parametrize("name", ["event_type", "event_status", "event_id", "details"])
def test_depth_is_no_crash(name):
    """A field that is nested deeper than the stack is skipped."""
    assert isinstance(read_audit_event(event(**{name: nested(50_000)})), Skipped)


def test_an_origin_renders_what_it_has():
    """A producer's request has no policy, and its JSON no such field."""
    assert Origin(cause=Cause.REQUESTED, event_id="e").render() == {
        "cause": "requested",
        "eventId": "e",
    }


def test_an_origin_renders_its_policy():
    """Cause, event and policy are told by their names."""
    origin = Origin(cause=Cause.PREEMPTED, event_id="e", policy="p")
    assert origin.render() == {"cause": "preempted", "eventId": "e", "policy": "p"}
