"""`on_dead_letter`: turns what could not be processed into outcomes."""

from typing import Any

from events.envelope import deliveries
from functions._batch import raise_first, work_through
from functions._bury import Burier
from functions._deadline import UNLIMITED, Deadline
from functions._parallel import THREADS
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """Publish an outcome for every dead letter in *event*.

    Raises:
        QueueError: If one could not be published; all come again, and their
            outcomes repeat under the same ids.
        OutOfTimeError: If there was no time for some; likewise.
    """
    bury(event, warm().burier(context), Deadline.of(context))


def bury(
    event: Any, burier: Burier, deadline: Deadline = UNLIMITED, threads: int = THREADS
) -> None:
    """Publish an outcome for every dead letter in *event*, until *deadline*."""
    raise_first(work_through(deliveries(event), burier.bury, deadline, threads))
