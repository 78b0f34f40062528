"""Queues of which not everybody knows yet.

"Queue can be not found immediately after its creation. It can occur in not found or
access denied exception" (terraform-provider-yandex:
yandex/resource_yandex_message_queue.go).
"""

from datetime import datetime, timedelta

from fakes.chance import Chance
from fakes.queue.errors import Refusal, refuse


class Newcomers:
    """From when on queues are known, each by its id.

    Assumption: what is known once stays known; in the cloud it may depend on who
    answers.

    Args:
        settling: Within which a new queue becomes known; nothing for at once.
        chance: Says when, and which error those get who are too early.

    Attributes:
        settling: The same, for queues that are created from now on.
    """

    def __init__(self, settling: timedelta, chance: Chance) -> None:
        self.settling = settling
        self._chance = chance
        self._known_from: dict[str, datetime] = {}

    def enter(self, queue_id: str, now: datetime) -> None:
        """Note a new queue."""
        if self.settling:
            self._known_from[queue_id] = now + self._chance.part_of(self.settling)

    def is_known(self, queue_id: str, now: datetime) -> bool:
        """Return whether everybody knows of a queue."""
        known_from = self._known_from.get(queue_id)
        return known_from is None or now >= known_from

    def check(self, queue_id: str, now: datetime) -> None:
        """Refuse to know a queue too early.

        Raises:
            QueueError: NonExistentQueue or AccessDeniedException, by chance.
        """
        if self.is_known(queue_id, now):
            return
        if self._chance.happens(0.5):
            refuse(Refusal.ACCESS_DENIED, "Access to the queue is denied.")
        refuse(Refusal.NON_EXISTENT_QUEUE, "The specified queue does not exist.")

    def clear(self) -> None:
        """Forget every queue."""
        self._known_from.clear()
