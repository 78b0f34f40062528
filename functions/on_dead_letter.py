"""`on_dead_letter`: turns what could not be processed into outcomes."""

from typing import Any

from events.envelope import deliveries
from functions._batch import raise_first, work_through
from functions._bury import Burier
from functions._wiring import warm


def handle(event: Any, _context: Any) -> None:
    """Publish an outcome for every dead letter in *event*.

    Raises:
        QueueError: If one could not be published; all come again.
    """
    bury(event, warm().burier())


def bury(event: Any, burier: Burier) -> None:
    """Publish an outcome for every dead letter in *event*, with *burier*."""
    raise_first(work_through(deliveries(event), burier.bury))
