"""Why something is wanted: from an audit event, or because somebody asked.

The events of interest say that an instance stopped; each carries only its id
and name (yandex-cloud/docs: en/compute/events-ref/StopInstance.md and its
siblings), so the rest must be looked up.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events import syntax
from events.reading import camel

_PREFIX = "yandex.cloud.audit.compute."
_ID_SHOWN = 100


class Cause(enum.Enum):
    """Why an attachment is wanted."""

    STOPPED = "stopped"  # by a user or a service
    GUEST_STOPPED = "guest-stopped"  # from within
    PREEMPTED = "preempted"  # by the cloud
    CRASHED = "crashed"
    REQUESTED = "requested"  # by a producer


_CAUSES = {
    "StopInstance": Cause.STOPPED,
    "GuestStopInstance": Cause.GUEST_STOPPED,
    "PreemptInstance": Cause.PREEMPTED,
    "CrashInstance": Cause.CRASHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from.

    Attributes:
        cause: Why.
        event_id: The audit event, or the message of the producer.
        policy: The policy that wanted it; '' for a producer's request.
    """

    cause: Cause
    event_id: str
    policy: str = ""

    def render(self) -> dict[str, str]:
        """Return the JSON of it; absent fields are absent."""
        fields = {
            "cause": self.cause.value,
            "eventId": self.event_id,
            "policy": self.policy,
        }
        return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An instance stopped.

    Attributes:
        event_id: Names this stop; the same however often it is delivered.
        cause: How it came to stop.
        instance_id: The instance.
    """

    event_id: str
    cause: Cause
    instance_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An entry that calls for nothing.

    Attributes:
        reason: Why, for a log.
        expected: Whether such entries are normal: a trail brings every event
            of its folder, and each operation reports several statuses.
    """

    reason: str
    expected: bool = True


def read_audit_event(payload: Any) -> Stopped | Skipped:
    """Read one audit event, in snake_case or camelCase; anything else is skipped.

    Only `event_status` DONE acts: STARTED, RUNNING, ERROR and CANCELLED say
    that nothing has stopped (yandex-cloud/docs: en/audit-trails/concepts/
    format.md).
    """
    if not isinstance(payload, Mapping):
        return Skipped(reason="no JSON payload", expected=False)
    event = _camel_keys(payload)
    kind = _text(event, "eventType")
    cause = (
        _CAUSES.get(kind.removeprefix(_PREFIX)) if kind.startswith(_PREFIX) else None
    )
    if cause is None:
        return Skipped(reason=f"event type {kind[:_ID_SHOWN]!r} is not of interest")
    status = _text(event, "eventStatus")
    if status != "DONE":
        return Skipped(reason=f"status {status[:20]!r} is not DONE")
    details = event.get("details")
    instance_id = (
        _text(_camel_keys(details), "instanceId")
        if isinstance(details, Mapping)
        else ""
    )
    if syntax.resource_id(instance_id):
        return Skipped(
            reason="$.details.instance_id is missing or no id", expected=False
        )
    event_id = _text(event, "eventId")
    if not event_id:
        return Skipped(reason="$.event_id is missing", expected=False)
    return Stopped(event_id=event_id[:_ID_SHOWN], cause=cause, instance_id=instance_id)


def _camel_keys(value: Mapping[str, Any]) -> dict[str, Any]:
    return {camel(str(name)): content for name, content in value.items()}


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""
