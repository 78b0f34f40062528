"""`on_event`: asks for what the policies want after something happened."""

from typing import Any

from events.envelope import deliveries
from functions._again import give_back
from functions._batch import work_through
from functions._deadline import UNLIMITED, Deadline
from functions._parallel import THREADS
from functions._react import Reactor
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """React to every audit event in *event*, as many as there is time for.

    The others, and what a function failed over, go on alone, on the tasks queue.

    Raises:
        QueueError: If it is not certain that all go on: the trigger delivers
            the event again, which asks for the same again.
    """
    react(event, warm().reactor(context), Deadline.of(context))


def react(
    event: Any, reactor: Reactor, deadline: Deadline = UNLIMITED, threads: int = THREADS
) -> None:
    """React to every audit event in *event*, with *reactor*, until *deadline*."""
    failures = work_through(deliveries(event), reactor.react, deadline, threads)
    give_back(failures, reactor.read, reactor)
