"""`on_schedule`: compares, from a timer, what policies want with what is there."""

from typing import Any

from events.envelope import deliveries
from functions._batch import raise_first, work_through
from functions._sweep import Sweeper
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """Begin the sweep that the timer's *event* calls for.

    Raises:
        QueueError: If it is not certain that it goes on; the trigger delivers
            the event again, which asks for the same again.
    """
    sweep(event, warm().sweeper(context))


def sweep(event: Any, sweeper: Sweeper) -> None:
    """Begin the sweep that *event* calls for, with *sweeper*."""
    raise_first(work_through(deliveries(event), sweeper.start))
