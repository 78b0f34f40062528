"""A log group keeps entries and tells of them; a trail fills one."""

from datetime import UTC, datetime

import pytest

from fakes.logs import LogEntry, LogGroup, Trail

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
KEPT = 10_000


def entry(message):
    return LogEntry(
        timestamp=AT,
        level="INFO",
        message=message,
        resource_type="serverless.function",
        resource_id="d4e",
    )


def audit_event(status="DONE"):
    path = [
        {"resource_type": kind, "resource_id": kind, "resource_name": name}
        for kind, name in (("organization", "org"), ("cloud", "sky"), ("folder", "f"))
    ]
    return {
        "event_type": "yandex.cloud.audit.compute.StopInstance",
        "event_time": "2026-01-02T03:04:05.678901Z",
        "event_status": status,
        "authentication": {"subject_name": "ann"},
        "resource_metadata": {"path": path},
    }


@pytest.fixture
def group():
    return LogGroup()


def test_entries_are_kept_in_order(group):
    """What was written first comes first."""
    written = [entry("a"), entry("b")]
    for one in written:
        group.write(one)
    assert group.entries == written


def test_the_oldest_entries_are_forgotten(group):
    """A group that runs for days does not grow for ever."""
    for number in range(KEPT + 2):
        group.write(entry(str(number)))
    kept = group.entries
    assert (len(kept), kept[0].message, kept[-1].message) == (KEPT, "2", "10001")


def test_every_subscriber_hears_of_every_entry(group):
    """From the subscription on; what was before is not told."""
    first, second = [], []
    group.subscribe(first.append)
    group.write(entry("a"))
    group.subscribe(second.append)
    group.write(entry("b"))
    assert [[one.message for one in heard] for heard in (first, second)] == [
        ["a", "b"],
        ["b"],
    ]


def test_a_trail_writes_what_is_documented(group):
    """Time, text and payload are the event's, the resource is the trail."""
    Trail("cnp1", group).record(audit_event())
    assert group.entries == [
        LogEntry(
            timestamp=AT,
            level="INFO",
            message="DONE yandex.cloud.audit.compute.StopInstance ann sky f",
            resource_type="audit-trails.trail",
            resource_id="cnp1",
            json_payload=audit_event(),
        )
    ]


@pytest.mark.parametrize(
    ("status", "level"),
    [
        ("STARTED", "INFO"),
        ("RUNNING", "INFO"),
        ("DONE", "INFO"),
        ("CANCELLED", "WARN"),
        ("ERROR", "ERROR"),
    ],
)
def test_the_level_follows_the_status(group, status, level):
    """Errors and cancellations stand out, everything else is information."""
    Trail("cnp1", group).record(audit_event(status))
    assert group.entries[0].level == level
