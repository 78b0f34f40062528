"""Audit events that call for something are told from all others."""

import json

import pytest

from events.cause import (
    Cause,
    Confirmed,
    Occasion,
    Origin,
    Skipped,
    read_audit_event,
)
from events.envelope import deliveries
from events.reading import camel_keys
from tests.unit.build import nested, occasion, sample

PREFIX = "yandex.cloud.audit.compute."


def event(**changes):
    (delivery,) = deliveries(sample("logging-trigger.stop-instance"))
    return {**delivery.body, **changes}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "stop-instance",
            Occasion(
                event_id="fhm7c2x9k4t1w6v3n8qd",
                cause=Cause.STOPPED,
                instance_id="fhm4k9v2c7t1x5n8w3qd",
            ),
        ),
        (
            "guest-stop-instance",
            Occasion(
                event_id="fhm1w8c5x2k9t6v4n7qm",
                cause=Cause.GUEST_STOPPED,
                instance_id="fhm8n3w6c1k5x9t2v7qd",
            ),
        ),
        (
            "preempt-instance",
            Occasion(
                event_id="fhm9t4x1c8w5k2v7n3qd",
                cause=Cause.PREEMPTED,
                instance_id="fhm2v7k4x9c6t1w5n8qm",
            ),
        ),
        (
            "crash-instance",
            Occasion(
                event_id="fhm6k1c9x4t8w2v5n7qd",
                cause=Cause.CRASHED,
                instance_id="fhm5c8t3x1k6w9v4n2qd",
            ),
        ),
        (
            "detach-interface",
            Occasion(
                event_id="fhm5w2t8k1c6x9v4n3qd",
                cause=Cause.DETACHED,
                instance_id="fhm4k9v2c7t1x5n8w3qd",
                index="1",
            ),
        ),
        (
            "attach-interface",
            Confirmed(
                event_id="fhm8c3x6t1k9w5v2n7qd",
                instance_id="fhm4k9v2c7t1x5n8w3qd",
                index="1",
            ),
        ),
    ],
)
def test_what_is_of_interest_is_read(name, expected):
    """Each sample with its id and its instance: four stops, a detach, an attach."""
    (delivery,) = deliveries(sample(f"logging-trigger.{name}"))
    assert read_audit_event(delivery.body) == expected


OF_INTEREST = ["stop-instance", "detach-interface", "attach-interface"]


@pytest.mark.parametrize("name", OF_INTEREST)
def test_events_in_camel_case_are_read(name):
    """The newer reference's spelling means the same."""
    (delivery,) = deliveries(sample(f"logging-trigger.{name}"))
    spelt = camel_keys(delivery.body)
    spelt["details"] = camel_keys(spelt["details"])
    assert "networkInterfaceIndex" in spelt["details"] or name == "stop-instance"
    assert read_audit_event(spelt) == read_audit_event(delivery.body)


@pytest.mark.parametrize("name", OF_INTEREST)
@pytest.mark.parametrize("kind", [str, bytes, bytearray])
def test_events_are_read_as_json(name, kind):
    """As text and as bytes they mean the same."""
    (delivery,) = deliveries(sample(f"logging-trigger.{name}"))
    text = json.dumps(delivery.body)
    payload = text if kind is str else kind(text, "utf-8")
    assert read_audit_event(payload) == read_audit_event(delivery.body)


@pytest.mark.parametrize("payload", ["", "{", b"\xff", "[]", "1", None, []])
def test_what_is_no_object_is_skipped_and_reported(payload):
    """Whoever writes such entries means another function."""
    found = Skipped(reason="no JSON payload", expected=False)
    assert read_audit_event(payload) == found


@pytest.mark.parametrize("index", [None, 1, "", "first", "01", "100"])
def test_an_index_that_is_not_told_is_none(index):
    """The event is read all the same: somebody should look."""
    details = {"instance_id": "fhm1", "network_interface_index": index}
    for name in ("Attach", "Detach"):
        kind = f"{PREFIX}{name}InstanceNetworkInterface"
        found = read_audit_event(event(event_type=kind, details=details))
        assert (found.instance_id, found.index) == ("fhm1", "")


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
@pytest.mark.parametrize("name", OF_INTEREST)
def test_only_done_acts(name, status):
    """Every status but DONE says that nothing has happened, as trails normally do."""
    (delivery,) = deliveries(sample(f"logging-trigger.{name}"))
    found = read_audit_event({**delivery.body, "event_status": status})
    assert found == Skipped(reason=f"status {status or ''!r} is not DONE")


@pytest.mark.parametrize("kind", [None, "", [PREFIX], 7])
def test_an_event_without_a_type_is_not_expected(kind):
    """It is none of a trail's."""
    found = read_audit_event(event(event_type=kind))
    assert found == Skipped(reason="event type '' is not of interest", expected=False)


@pytest.mark.parametrize(
    "kind",
    [
        "StopInstance",
        f"{PREFIX}StartInstance",
        f"{PREFIX}stopinstance",
        f"{PREFIX}instancegroup.StopInstance",
        "yandex.cloud.audit.vpc.StopInstance",
        PREFIX,
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


def test_an_occasion_is_an_origin_of_what_a_policy_makes_of_it():
    """Whatever follows from it names it."""
    origin = occasion(cause=Cause.DETACHED).origin("p")
    assert origin == Origin(cause=Cause.DETACHED, event_id="event-1", policy="p")
