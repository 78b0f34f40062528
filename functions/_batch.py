"""Works through the deliveries of one event: one that fails stops no other."""

from collections.abc import Callable, Sequence

import structlog

from events.envelope import Broken, Delivery

log = structlog.get_logger()

Failure = tuple[Delivery | Broken, Exception]


def work_through(
    deliveries: Sequence[Delivery | Broken], work: Callable[[Delivery | Broken], None]
) -> list[Failure]:
    """Do *work* for each of *deliveries*; return those that failed, and how."""
    failures: list[Failure] = []
    for delivery in deliveries:
        attempt = getattr(delivery, "attempt", 1)
        with structlog.contextvars.bound_contextvars(
            event_id=delivery.event_id, attempt=attempt
        ):
            try:
                work(delivery)
            except Exception as error:  # whatever it is, the neighbours go on
                log.exception("failed")
                failures.append((delivery, error))
    return failures


def raise_first(failures: Sequence[Failure]) -> None:
    """Raise the first of *failures*, if any: the event must come again.

    Raises:
        Exception: What *work* raised.
    """
    for _, error in failures:
        raise error
