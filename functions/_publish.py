"""Publishes outcomes: the one place where something leaves for consumers."""

import structlog

from events.outcome import Outcome, render_attributes, render_outcome
from functions._ports import Label, Mailbox

log = structlog.get_logger()


def publish(results: Mailbox, outcome: Outcome) -> None:
    """Send *outcome* to the results queue.

    Raises:
        QueueError: If it may not have arrived; what led to it must come again.
    """
    results.send(
        render_outcome(outcome),
        attributes=render_attributes(outcome),
        # Without an instance, an outcome is a group of its own.
        label=Label(group=outcome.instance_id or outcome.id, name=outcome.id),
    )
    log.info(
        "settled",
        request_id=outcome.id,
        verdict=outcome.verdict.value,
        subject=outcome.subject,
        reason=outcome.reason,
        looks=outcome.looks,
    )
