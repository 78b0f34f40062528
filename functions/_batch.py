"""Works through the deliveries of one event: one that fails stops no other."""

from collections.abc import Callable, Sequence

import structlog

from events.envelope import Broken, Delivery
from functions._deadline import UNLIMITED, Deadline
from functions._parallel import THREADS, in_parallel

log = structlog.get_logger()

Failure = tuple[Delivery | Broken, Exception]


class OutOfTimeError(Exception):
    """The call's time is nearly over: the delivery was not begun."""


def work_through(
    deliveries: Sequence[Delivery | Broken],
    work: Callable[[Delivery | Broken], None],
    deadline: Deadline = UNLIMITED,
    threads: int = THREADS,
) -> list[Failure]:
    """Do *work* for each of *deliveries*; return those that failed, and how.

    Several are worked on at once.  The first one is always begun, so that there
    is progress however short a call is; the others until the deadline is near.

    Args:
        deliveries: What the event brought.
        work: What to do with each; must be fit to run in several threads.
        deadline: When the call must be over.
        threads: How many at once, at most.

    Returns:
        In the order of *deliveries*; what was not begun, with `OutOfTimeError`.
    """

    def attempt(place: int) -> Exception | None:
        if place and deadline.near():
            return OutOfTimeError()
        return _attempt(deliveries[place], work)

    errors = in_parallel(range(len(deliveries)), attempt, threads)
    late = sum(isinstance(error, OutOfTimeError) for error in errors)
    if late:
        log.warning("out of time", begun=len(errors) - late, not_begun=late)
    return [
        (delivery, error)
        for delivery, error in zip(deliveries, errors, strict=True)
        if error is not None
    ]


def raise_first(failures: Sequence[Failure]) -> None:
    """Raise the first of *failures*, if any: the event must come again.

    Raises:
        Exception: What *work* raised; OutOfTimeError for what was not begun.
    """
    for _, error in failures:
        raise error


def _attempt(
    delivery: Delivery | Broken, work: Callable[[Delivery | Broken], None]
) -> Exception | None:
    with structlog.contextvars.bound_contextvars(
        event_id=delivery.event_id, attempt=getattr(delivery, "attempt", 1)
    ):
        try:
            work(delivery)
        except Exception as error:  # whatever it is, the neighbours go on
            log.exception("failed")
            return error
    return None
