"""An outcome: the one answer to a request, as a CloudEvent.

CloudEvents 1.0 in structured JSON (github.com/cloudevents/spec).  The id is the
request's: whoever reads the queue keeps the first outcome per id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from events.decision import Verdict
from events.moments import render_moment
from events.rejected import Rejected
from events.request import render_request
from events.task import Task

SOURCE = "/yc-nic-attach"
TYPE = "yc-nic-attach.outcome.v1."
# What a message may hold (yandex-cloud/docs: en/_includes/message-queue/
# ymq-limits.md), less room for its attributes.
LARGEST_OUTCOME = 262_144 - 4_096

_UNKNOWN = 2  # google.rpc.Code
# Elsewhere, what stood in the way on the way there is not what led to it.
_EXPLAINED = {
    Verdict.OPERATION_FAILED,
    Verdict.REFUSED,
    Verdict.TIMED_OUT,
    Verdict.UNPROCESSED,
    Verdict.UNRESOLVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a request ended.

    Attributes:
        id: The request's id.
        verdict: How it ended.
        reason: Why, in a sentence for people; '' where the verdict says all.
        time: When it was settled.
        created: When it was accepted.
        subject: The instance and the index: `fhm…/1`; '' if not understood.
        request: The request as understood, in its own JSON; None if it was not.
        origin: Cause, event id and policy, in JSON.
        looks: How often the cloud was looked at.
        generation: How often an operation was begun anew.
        instance_status: The instance's status at the last look; '' if unknown.
        operation: The last attach operation in the API's JSON, if there was one.
        warnings: What a person should know although it changes no verdict.
    """

    id: str
    verdict: Verdict
    reason: str
    time: datetime
    created: datetime
    subject: str
    request: Mapping[str, Any] | None
    origin: Mapping[str, str]
    looks: int = 0
    generation: int = 0
    instance_status: str = ""
    operation: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def instance_id(self) -> str:
        """The instance, '' if the request was not understood."""
        return str((self.request or {}).get("instanceId", ""))


def of_task(task: Task, verdict: Verdict, now: datetime, **more: Any) -> Outcome:
    """Return the outcome of *task*; *more* are further fields of `Outcome`."""
    reason = task.reason if verdict in _EXPLAINED else ""
    return Outcome(
        **{"reason": reason, **more},
        id=task.request.id,
        verdict=verdict,
        time=now,
        created=task.created,
        subject=task.attachment.subject,
        request=render_request(task.request),
        origin=task.origin.render(),
        looks=task.looks,
        generation=task.generation,
    )


def of_rejected(rejected: Rejected, now: datetime) -> Outcome:
    """Return the outcome of a message that is no request."""
    return Outcome(
        id=rejected.id,
        verdict=Verdict.INVALID_REQUEST,
        reason="; ".join(map(str, rejected.violations))[:4000],
        time=now,
        created=rejected.created,
        subject="",
        request=None,
        origin={"eventId": rejected.event_id},
    )


def render_outcome(outcome: Outcome) -> str:
    """Return the message body: at most 252 KiB of ASCII.

    An operation that makes it larger first loses its `response`, the whole
    instance, and then all but its `id`, `done` and the code of its `error`; the
    warnings say so.
    """
    operation = dict(outcome.operation or {})
    short: dict[str, Any] = {
        name: operation[name] for name in ("id", "done") if name in operation
    }
    if isinstance(error := operation.get("error"), Mapping):
        short["error"] = {"code": error.get("code", _UNKNOWN)}
    operation.pop("response", None)
    cut = (*outcome.warnings, "operation was cut: too large for a message")
    for version in (outcome, replace(outcome, operation=operation, warnings=cut)):
        body = json.dumps(_cloud_event(version))
        if len(body) <= LARGEST_OUTCOME:
            return body
    shortest = replace(outcome, operation=short, warnings=cut)
    return json.dumps(_cloud_event(shortest))


def render_attributes(outcome: Outcome) -> dict[str, str]:
    """Return the message attributes, by which consumers can filter."""
    attributes = {
        "id": outcome.id,
        "verdict": outcome.verdict.value,
        "instanceId": outcome.instance_id,
    }
    # Message Queue refuses an attribute that is empty.
    return {name: value for name, value in attributes.items() if value}


def _cloud_event(outcome: Outcome) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "id": outcome.id,
        "source": SOURCE,
        "type": TYPE + outcome.verdict.value,
        "subject": outcome.subject,
        "time": render_moment(outcome.time),
        "datacontenttype": "application/json",
        "data": {
            "verdict": outcome.verdict.value,
            "reason": outcome.reason,
            "request": outcome.request,
            "origin": outcome.origin,
            "created": render_moment(outcome.created),
            "looks": outcome.looks,
            "generation": outcome.generation,
            "instanceStatus": outcome.instance_status,
            "warnings": outcome.warnings,
            "operation": outcome.operation,
        },
    }
    if not outcome.subject:
        del event["subject"]
    return event
