"""Events that a trigger gave up: each instance that stopped gets its outcome.

What was wanted is not known, for nobody got to look at the instance; that
somebody should look is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.cause import Origin, Stopped, read_audit_event
from events.decision import Verdict
from events.envelope import Delivery, deliveries
from events.identity import derived_id
from events.outcome import Outcome
from events.reading import InvalidDocumentError, read_json

_REASON = "given up: the event was delivered again and again without success"


def lost_events(body: Any, now: datetime) -> tuple[Outcome, ...] | None:
    """Return the outcomes for the dead letter of a log group's trigger.

    None if *body* is none.  Assumed is that such a letter holds the event as
    the function got it; the documentation does not say.
    """
    try:
        event = read_json(body) if isinstance(body, str | bytes) else None
    except InvalidDocumentError:
        return None
    if not (isinstance(event, Mapping) and isinstance(event.get("messages"), list)):
        return None
    found = (
        read_audit_event(one.body)
        for one in deliveries(event)
        if isinstance(one, Delivery)
    )
    return tuple(_lost(one, now) for one in found if isinstance(one, Stopped))


def _lost(stopped: Stopped, now: datetime) -> Outcome:
    return Outcome(
        id=derived_id("lost event", stopped.event_id),
        verdict=Verdict.UNPROCESSED,
        reason=_REASON,
        time=now,
        created=now,
        subject=stopped.instance_id,
        request={"instanceId": stopped.instance_id},
        origin=Origin(cause=stopped.cause, event_id=stopped.event_id).render(),
    )
