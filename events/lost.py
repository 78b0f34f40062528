"""Events that a trigger gave up: what they were about is looked at after all.

What was wanted is not known, for nobody got to look at the instance; that
somebody should look is.  A sweep that was not begun has its outcome; the timer
calls for the next one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.cause import Cause, Occasion, Origin, read_audit_event
from events.decision import Verdict
from events.envelope import Delivery, Source, deliveries
from events.identity import derived_id
from events.outcome import Outcome
from events.reading import InvalidDocumentError, camel_keys, read_json
from events.wish import Wish, wish_of

_REASON = "given up: the event was delivered again and again without success"


def lost_events(body: Any, now: datetime) -> tuple[Wish | Outcome, ...] | None:
    """Return what becomes of the dead letter of a trigger that is not a queue's.

    None if *body* is none.  Assumed is that such a letter holds the event as
    the function got it; the documentation does not say.
    """
    try:
        event = read_json(body) if isinstance(body, str | bytes) else None
    except InvalidDocumentError:
        return None
    if not _is_event(event):
        return None
    found = (one for one in deliveries(event) if isinstance(one, Delivery))
    return tuple(lost for one in found for lost in _lost(one, now))


def _is_event(value: Any) -> bool:
    """Tell whether this is an envelope, or one or more events as EventRouter has them.

    Requests have neither of these fields.
    """
    if isinstance(value, Mapping) and isinstance(value.get("messages"), list):
        return True
    bare = value if isinstance(value, list) else [value]
    return bool(bare) and all(
        isinstance(one, Mapping) and "eventType" in camel_keys(one) for one in bare
    )


def _lost(delivery: Delivery, now: datetime) -> tuple[Wish | Outcome, ...]:
    if delivery.source is Source.TIMER:
        return (_outcome(delivery.event_id, now),)
    event = read_audit_event(delivery.body)
    return (wish_of(event, now),) if isinstance(event, Occasion) else ()


def _outcome(event_id: str, now: datetime) -> Outcome:
    return Outcome(
        id=derived_id("lost event", event_id),
        verdict=Verdict.UNPROCESSED,
        reason=_REASON,
        time=now,
        created=now,
        subject="",
        request=None,
        origin=Origin(cause=Cause.SCHEDULED, event_id=event_id).render(),
    )
