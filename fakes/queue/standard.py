"""A standard queue: at least once, in no order that is promised.

(yandex-cloud/docs: en/message-queue/concepts/queue.md)  By default it hands out
messages in the order in which they became visible, once unless a visibility timeout
ends, and looks at all of them; `Manners` make it as bad as it may be.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from fakes.queue.admission import admit_standard
from fakes.queue.manners import Manners
from fakes.queue.message import NewMessage, ReceivedMessage, SentMessage
from fakes.queue.ordering import Arrivals, Ordering, Scattered
from fakes.queue.queue import Queue


class StandardQueue(Queue):
    """A standard queue; what it shares with a FIFO queue is `Queue`."""

    def send(self, message: NewMessage, now: datetime) -> SentMessage:
        """Take in *message*.

        Raises:
            QueueError: InvalidParameterValue or InvalidMessageContents.
        """
        admit_standard(message, self.attributes, self.bounds)
        return self._take_in(message, now)

    def receive(
        self,
        now: datetime,
        limit: int = 1,
        visibility: timedelta | None = None,
        attempt_id: str | None = None,
    ) -> list[ReceivedMessage]:
        """Hand out up to *limit* messages, some of which may come once more.

        Raises:
            QueueError: InvalidParameterValue, or OverLimit beyond 120 000 in flight.
        """
        received = super().receive(now, limit, visibility, attempt_id)
        if self.manners.duplicates:
            self._duplicate(received, now)
        return received

    def looks_at_nothing(self) -> bool:
        """Tell whether a short poll asks a shard that has nothing, by chance."""
        return self._chance.happens(self.manners.empty_polls)

    def behave(self, manners: Manners) -> None:
        """Have other *manners* from now on; in O(n) for what is ready."""
        self.manners = manners
        self._shelf.order_by(self._new_ordering())

    def _duplicate(self, received: Iterable[ReceivedMessage], now: datetime) -> None:
        """Keep copies of some that know of no receipt, nor will of a deletion."""
        for it in received:
            message = self._shelf.get(self._read(it.receipt_handle)[0])
            if message and self._chance.happens(self.manners.duplicates):
                count = message.receive_count - 1
                number = self._shelf.next_number
                copy = replace(message, number=number, receive_count=count)
                self._keep(copy, now, now)

    def _new_ordering(self) -> Ordering:
        return Scattered(self._chance) if self.manners.unordered else Arrivals()

    def _most_in_flight(self) -> int:
        return self.bounds.in_flight
