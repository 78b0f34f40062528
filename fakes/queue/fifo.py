"""A FIFO queue: in order within a group, each message once.

(yandex-cloud/docs: en/message-queue/concepts/queue.md and
en/message-queue/concepts/deduplication.md)  The order is that of
`ordering.Groups`.  FIFO queues cannot feed a trigger (yandex-cloud/docs:
en/functions/concepts/trigger/ymq-trigger.md): `attributes.fifo` tells.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from fakes.queue.admission import acknowledge, admit_fifo
from fakes.queue.attributes import QueueAttributes
from fakes.queue.limits import check_token
from fakes.queue.message import NewMessage, ReceivedMessage, SentMessage
from fakes.queue.ordering import Groups, Ordering
from fakes.queue.queue import Queue
from fakes.queue.recent import Recent
from fakes.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one receive did, to be done again.

    Attributes:
        received: What it handed out.
        until: Until when it hid that.
    """

    received: tuple[ReceivedMessage, ...]
    until: datetime


class FifoQueue(Queue):
    """A FIFO queue; what it shares with a standard one is `Queue`.

    What is due when is as there, with one difference: `next_visible` tells the
    earliest moment, for the next message may wait for another of its group still.
    """

    @cached_property
    def _sent(self) -> Recent[SentMessage]:
        """What was taken in lately, by deduplication id."""
        return Recent(self.bounds.deduplication)

    @cached_property
    def _attempts(self) -> Recent[Attempt]:
        """What was handed out lately, by the id of the attempt."""
        return Recent(self.bounds.receive_attempt)

    def keep_in(self, tables: Tables) -> None:
        """Keep the messages, and which were sent and received of late."""
        super().keep_in(tables)
        self._sent.keep_in(tables, f"sent to {self.queue_id}")
        self._attempts.keep_in(tables, f"received from {self.queue_id}")

    def forget(self) -> None:
        """Forget all there is and was: the queue is deleted."""
        super().forget()
        self._sent.clear()
        self._attempts.clear()

    def change(self, attributes: QueueAttributes, now: datetime) -> None:
        """Behave by *attributes* from *now* on.

        A new delay concerns also what is there and was never received: this takes
        O(n) (yandex-cloud/docs: en/message-queue/concepts/delay-queues.md).
        """
        self._turn(now)
        changed = attributes.delay != self.attributes.delay
        super().change(attributes, now)
        if changed:
            self._shelf.delay_anew(attributes.delay, now)
            self._watchers.notify()

    def send(self, message: NewMessage, now: datetime) -> SentMessage:
        """Take in *message*, unless it is a duplicate, and answer as if it were new.

        It is one if a message with its deduplication id was taken in less than 5
        minutes ago, by whatever group, even if that one is gone by now; the answer
        names that one.  The window does not start anew.

        Raises:
            QueueError: InvalidParameterValue, InvalidMessageContents, or
                MissingParameter without a group.
        """
        message = admit_fifo(message, self.attributes, self.bounds)
        key = str(message.deduplication_id)
        first = self._sent.find(key, now)
        if first is not None:
            return acknowledge(message, first.message_id, first.sequence_number)
        sent = self._take_in(message, now)
        self._sent.note(key, sent, now)
        return sent

    def receive(
        self,
        now: datetime,
        limit: int = 1,
        visibility: timedelta | None = None,
        attempt_id: str | None = None,
    ) -> list[ReceivedMessage]:
        """Hand out up to *limit* messages, each the first of its group.

        A group of which a message is in flight waits, so one receive returns at most
        one message of a group.  A receive under the *attempt_id* of one less than 5
        minutes ago returns the same under the same handles, as long as that is there
        and hidden as it was; otherwise it is a receive like any other.

        Raises:
            QueueError: InvalidParameterValue, or OverLimit beyond 20 000 in flight.
        """
        if not attempt_id:
            return super().receive(now, limit, visibility)
        check_token("ReceiveRequestAttemptId", attempt_id, self.bounds)
        self._turn(now)
        earlier = self._attempts.find(attempt_id, now)
        if earlier is not None and self._stands(earlier):
            return list(earlier.received)
        received = super().receive(now, limit, visibility)
        if received:
            hidden_for = (
                self.attributes.visibility if visibility is None else visibility
            )
            attempt = Attempt(received=tuple(received), until=now + hidden_for)
            self._attempts.note(attempt_id, attempt, now)
        return received

    def delete(self, receipt: str, now: datetime) -> None:
        """Delete the message that *receipt* names; the next of its group is next.

        Raises:
            QueueError: ReceiptHandleIsInvalid, if this queue never gave it.
        """
        super().delete(receipt, now)
        self._watchers.notify()

    def _stands(self, attempt: Attempt) -> bool:
        """Return whether all of it is there, and hidden as it was then."""
        return all(
            self._is_newest(it.receipt_handle, attempt.until) for it in attempt.received
        )

    def _is_newest(self, handle: str, until: datetime) -> bool:
        number, count = self._read(handle)
        message = self._shelf.get(number)
        return (
            message is not None
            and message.receive_count == count
            and self._shelf.in_flight_until(number) == until
        )

    def _new_ordering(self) -> Ordering:
        return Groups()

    def _most_in_flight(self) -> int:
        return self.bounds.fifo_in_flight

    def _sequence_number(self) -> str:
        """Return that of the next message.

        Assumption: it has 20 digits, as in SQS, and grows within the queue; the
        documentation speaks of 128 bits, and of growing within a group.
        """
        return f"{self._shelf.next_number + 1:020}"
