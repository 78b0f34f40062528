"""`on_task`: moves everything in a queue trigger's event one step."""

from typing import Any

from events.envelope import deliveries
from functions._again import give_back
from functions._batch import work_through
from functions._clerk import Clerk
from functions._deadline import UNLIMITED, Deadline
from functions._parallel import THREADS
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """Move every task in *event* one step, as many as there is time for.

    The others, and what a function failed over, go back to the queue alone.

    Raises:
        QueueError: If it is not certain that all go on; the trigger then
            delivers the whole event again.
    """
    move(event, warm().clerk(context), Deadline.of(context))


def move(
    event: Any, clerk: Clerk, deadline: Deadline = UNLIMITED, threads: int = THREADS
) -> None:
    """Move every task in *event* one step, with *clerk*, until *deadline*."""
    failures = work_through(deliveries(event), clerk.handle, deadline, threads)
    give_back(failures, clerk.read, clerk)
