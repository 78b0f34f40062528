"""How many calls a second the service answers, where that is asked for.

(yandex-cloud/docs: en/_includes/message-queue/ymq-limits.md)  Assumption: what was
not used in one second is kept for the next, and no longer.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from fakes.queue.errors import Refusal, refuse
from fakes.queue.limits import Limits
from fakes.queue.queue import Queue

# Counted for each queue; what has the same name here is counted together.
_PER_QUEUE: Final = {
    action + batch: action
    for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
    for batch in ("", "Batch")
} | {"ReceiveMessage": "ReceiveMessage"}
_OTHERS: Final = "others"


class Rates:
    """Counts calls, and refuses those beyond the documented rates."""

    def __init__(self, bounds: Limits) -> None:
        self._bounds = bounds
        self._per_cloud = {
            "CreateQueue": bounds.create_calls,
            "DeleteQueue": bounds.delete_calls,
        }
        # What is left for a name, and when that was so.
        self._left: dict[tuple[str, str], tuple[float, datetime]] = {}

    def count(self, action: str, find: Callable[[], Queue], now: datetime) -> None:
        """Count one call of *action*.

        Args:
            action: Its name in the API.
            find: Returns the queue, if calls are counted for each queue.
            now: When it came.

        Raises:
            QueueError: ThrottlingException; the call is not counted.
        """
        if action in _PER_QUEUE:
            queue = find()
            fifo = queue.attributes.fifo
            rate = self._bounds.fifo_calls if fifo else self._bounds.calls
            self._take((_PER_QUEUE[action], queue.queue_id), rate, now)
        else:
            name = action if action in self._per_cloud else _OTHERS
            rate = self._per_cloud.get(action, self._bounds.other_calls)
            self._take((name, ""), rate, now)

    def _take(self, name: tuple[str, str], rate: int, now: datetime) -> None:
        left, since = self._left.get(name, (float(rate), now))
        left = min(rate, left + (now - since).total_seconds() * rate)
        if left < 1:
            refuse(Refusal.THROTTLING, f"More than {rate} {name[0]} calls in a second.")
        self._left[name] = (left - 1, now)
