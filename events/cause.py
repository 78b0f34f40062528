"""Why something is wanted: from an audit event, or because somebody asked.

The events of interest say that an instance stopped, or that an interface came
or went; each carries little more than the instance's id (yandex-cloud/docs:
en/compute/events-ref/StopInstance.md and its siblings), so the rest must be
looked up.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events import syntax
from events.reading import InvalidDocumentError, camel_keys, read_json

_PREFIX = "yandex.cloud.audit.compute."
_ATTACHED = "AttachInstanceNetworkInterface"
_ID_SHOWN = 100


class Cause(enum.Enum):
    """Why an attachment is wanted."""

    STOPPED = "stopped"  # by a user or a service
    GUEST_STOPPED = "guest-stopped"  # from within
    PREEMPTED = "preempted"  # by the cloud
    CRASHED = "crashed"
    DETACHED = "detached"  # somebody took an interface away
    SCHEDULED = "scheduled"  # a timer compared what is wanted with what is there
    REQUESTED = "requested"  # by a producer


_CAUSES = {
    "StopInstance": Cause.STOPPED,
    "GuestStopInstance": Cause.GUEST_STOPPED,
    "PreemptInstance": Cause.PREEMPTED,
    "CrashInstance": Cause.CRASHED,
    "DetachInstanceNetworkInterface": Cause.DETACHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from.

    Attributes:
        cause: Why.
        event_id: The audit event, the timer's, or the message of the producer.
        policy: The policy that wanted it; '' for a producer's own request.
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
class Occasion:
    """Something happened to an instance that policies may care for.

    Attributes:
        event_id: Names what happened; the same however often it is delivered.
        cause: What happened.
        instance_id: The instance.
        index: The interface that was detached; '' if the cause is another, or
            if the event does not tell.
    """

    event_id: str
    cause: Cause
    instance_id: str
    index: str = ""

    def origin(self, policy: str) -> Origin:
        """Return where a request comes from that *policy* makes of this."""
        return Origin(cause=self.cause, event_id=self.event_id, policy=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """An interface was attached, says the audit trail, whoever did it.

    Attributes:
        event_id: Names the event.
        instance_id: The instance.
        index: The interface's place, '' if the event does not tell.
    """

    event_id: str
    instance_id: str
    index: str


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


def read_audit_event(payload: Any) -> Occasion | Confirmed | Skipped:
    """Read one audit event, in snake_case or camelCase; anything else is skipped.

    It may come parsed, or as JSON in text or bytes.  Only `event_status` DONE
    acts: STARTED, RUNNING, ERROR and CANCELLED say that nothing has happened
    (yet) (yandex-cloud/docs: en/audit-trails/concepts/format.md).
    """
    event = _event(payload)
    if event is None:
        return Skipped(reason="no JSON payload", expected=False)
    kind = _text(event, "eventType")
    name = kind.removeprefix(_PREFIX) if kind.startswith(_PREFIX) else ""
    if name not in _CAUSES and name != _ATTACHED:
        return Skipped(
            reason=f"event type {kind[:_ID_SHOWN]!r} is not of interest",
            expected=bool(kind),
        )
    status = _text(event, "eventStatus")
    if status != "DONE":
        return Skipped(reason=f"status {status[:20]!r} is not DONE")
    return _read_details(name, event)


def _read_details(
    name: str, event: Mapping[str, Any]
) -> Occasion | Confirmed | Skipped:
    found = event.get("details")
    details = camel_keys(found) if isinstance(found, Mapping) else {}
    instance_id = _text(details, "instanceId")
    if syntax.resource_id(instance_id):
        problem = "$.details.instance_id is missing or no id"
        return Skipped(reason=problem, expected=False)
    event_id = _text(event, "eventId")[:_ID_SHOWN]
    if not event_id:
        return Skipped(reason="$.event_id is missing", expected=False)
    index = _text(details, "networkInterfaceIndex")
    index = "" if syntax.interface_index(index) else index
    if name == _ATTACHED:
        return Confirmed(event_id=event_id, instance_id=instance_id, index=index)
    return Occasion(
        event_id=event_id, cause=_CAUSES[name], instance_id=instance_id, index=index
    )


def _event(payload: Any) -> Mapping[str, Any] | None:
    if isinstance(payload, str | bytes | bytearray):
        try:
            payload = read_json(payload)
        except InvalidDocumentError:
            return None
    return camel_keys(payload) if isinstance(payload, Mapping) else None


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""
