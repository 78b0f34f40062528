"""`on_task`: moves every task in a queue trigger's event one step."""

from typing import Any

from events.envelope import Broken, Delivery, deliveries
from events.inbox import read_tasks
from functions._batch import raise_first, work_through
from functions._follow import Follower
from functions._ports import QueueError
from functions._wiring import warm


def handle(event: Any, context: Any) -> None:
    """Move every task in *event* one step.

    Raises:
        QueueError: If it is not certain that all go on; the trigger then
            delivers the whole event again.
    """
    move(event, warm().follower(context))


def move(event: Any, follower: Follower) -> None:
    """Move every task in *event* one step, with *follower*."""

    def follow(delivery: Delivery | Broken) -> None:
        follower.follow(read_tasks(delivery, follower.now()))

    failures = work_through(deliveries(event), follow)
    # What may have been sent must not be sent once more: let it all come again.
    raise_first([one for one in failures if isinstance(one[1], QueueError)])
    for delivery, error in failures:
        # The platform takes no partial answer: one by one, by hand.
        follower.put_back(read_tasks(delivery, follower.now()), error)
