"""Publishes outcomes: the one place where something leaves for consumers."""

from collections.abc import Sequence

import structlog

from events.decision import Verdict
from events.outcome import Outcome, render_attributes, render_outcome
from functions._ports import Label, Mailbox, Message

log = structlog.get_logger()

# Cloud Logging counts entries by their level: so an operator sees from its metrics how
# requests end, without a call for each.
_AS_ASKED = (Verdict.ATTACHED, Verdict.PLANNED)
_FAILED = (Verdict.OPERATION_FAILED, Verdict.UNRESOLVED, Verdict.UNPROCESSED)


def publish(results: Mailbox, outcome: Outcome) -> None:
    """Send *outcome* to the results queue.

    Raises:
        QueueError: If it may not have arrived; what led to it must come again.
    """
    message = _message(outcome)
    results.send(message.body, attributes=message.attributes, label=message.label)
    _tell(outcome)


def publish_all(results: Mailbox, outcomes: Sequence[Outcome]) -> None:
    """Send *outcomes* to the results queue, in fewer calls than outcomes.

    Raises:
        QueueError: If some may not have arrived; what led to them must come again.
    """
    results.send_all([_message(outcome) for outcome in outcomes])
    for outcome in outcomes:
        _tell(outcome)


def _message(outcome: Outcome) -> Message:
    return Message(
        body=render_outcome(outcome),
        attributes=render_attributes(outcome),
        # Without an instance, an outcome is a group of its own.
        label=Label(group=outcome.instance_id or outcome.id, name=outcome.id),
    )


def _tell(outcome: Outcome) -> None:
    tell = log.warning
    if outcome.verdict in _AS_ASKED:
        tell = log.info
    elif outcome.verdict in _FAILED:
        tell = log.error
    tell(
        "settled",
        request_id=outcome.id,
        verdict=outcome.verdict.value,
        subject=outcome.subject,
        reason=outcome.reason,
        looks=outcome.looks,
    )
