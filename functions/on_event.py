"""`on_event`: asks for what the policies want when an instance has stopped."""

from typing import Any

from events.envelope import deliveries
from functions._batch import raise_first, work_through
from functions._react import Reactor
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """React to every audit event in the logging trigger's *event*.

    Raises:
        CloudError, QueueError: The first failure, once all were tried: the
            trigger delivers the event again, which asks for the same again.
    """
    react(event, warm().reactor(context))


def react(event: Any, reactor: Reactor) -> None:
    """React to every audit event in *event*, with *reactor*."""
    raise_first(work_through(deliveries(event), reactor.react))
