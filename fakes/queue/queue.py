"""What queues of both types have in common; see `standard` and `fifo`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from fakes.chance import Chance
from fakes.queue import limits
from fakes.queue.admission import acknowledge
from fakes.queue.attributes import QueueAttributes
from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.limits import LIMITS, Limits
from fakes.queue.manners import GOOD, Manners
from fakes.queue.message import NewMessage, ReceivedMessage, SentMessage
from fakes.queue.ordering import Ordering
from fakes.queue.receipt import read_receipt
from fakes.queue.shelf import Shelf
from fakes.queue.stored import StoredMessage
from fakes.queue.watchers import Watchers
from fakes.tables import Tables


class Queue(ABC):
    """A model without a clock, for one thread.

    Args:
        name: Its name within the folder.
        queue_id: The id of the resource; a queue created anew has another.
        arn: How redrive policies and triggers name it.
        chance: Names the messages.
        created_at: When it was created.
        attributes: How it behaves.
        bounds: The limits in force.
        manners: How it behaves where that is left to it.
        find: Returns the queue of an ARN, None if there is none (any more).

    Attributes:
        tags, purged_at: Its tags, which mean nothing to it; when it was purged last.
    """

    def __init__(  # noqa: PLR0913 - keyword-only facts, given once by the service
        self,
        *,
        name: str,
        queue_id: str,
        arn: str,
        chance: Chance,
        created_at: datetime,
        attributes: QueueAttributes | None = None,
        bounds: Limits = LIMITS,
        manners: Manners = GOOD,
        find: Callable[[str], "Queue | None"] = lambda _arn: None,
    ) -> None:
        self.name: Final = name
        self.queue_id: Final = queue_id
        self.arn: Final = arn
        self.created_at: Final = created_at
        self.modified_at = created_at
        self.bounds: Final = bounds
        self.manners = manners
        self.tags: Mapping[str, str] = {}
        self.attributes = attributes or QueueAttributes()
        self._chance, self._find = chance, find
        self._shelf = Shelf(self._new_ordering())
        self.purged_at: datetime | None = None
        self._watchers = Watchers()

    def keep_in(self, tables: Tables) -> None:
        """Keep the messages; those that were kept are here again."""
        self._shelf.keep_in(tables, self.queue_id)

    def forget(self) -> None:
        """Forget all there is and was: the queue is deleted."""
        self._shelf.forget()

    def change(self, attributes: QueueAttributes, now: datetime) -> None:
        """Behave by *attributes* from *now* on; messages keep the delay they have."""
        self.attributes = attributes
        self.modified_at = now

    @abstractmethod
    def send(self, message: NewMessage, now: datetime) -> SentMessage:
        """Take in *message*.

        Raises:
            QueueError: InvalidParameterValue or InvalidMessageContents.
        """

    def receive(
        self,
        now: datetime,
        limit: int = 1,
        visibility: timedelta | None = None,
        attempt_id: str | None = None,  # noqa: ARG002 - FIFO queues heed it
    ) -> list[ReceivedMessage]:
        """Hand out up to *limit* (1 to 10) visible messages, burying dead ones.

        They stay hidden for *visibility* (0 to 12 hours; None is the queue's
        own).  A message received maxReceiveCount times already goes to the
        dead-letter queue instead.

        Raises:
            QueueError: InvalidParameterValue, or OverLimit with too many in flight.
        """
        hidden_for = self.attributes.visibility if visibility is None else visibility
        limits.check_receive(limit, hidden_for, self.bounds)
        self._turn(now)
        room = self._room(limit)
        received: list[ReceivedMessage] = []
        while len(received) < room and (message := self._shelf.take()) is not None:
            if not self._bury(message, now):
                received.append(message.hand_out(self.queue_id, now))
                self._shelf.hide(message.number, now + hidden_for)
        return received

    def delete(self, receipt: str, now: datetime) -> None:
        """Delete the message that *receipt*, its newest handle, names.

        Also after the visibility timeout.  An older handle is accepted and
        deletes nothing, as documented; so is that of a message already gone
        (yandex-cloud/docs: en/message-queue/api-ref/message/DeleteMessage.md).

        Raises:
            QueueError: ReceiptHandleIsInvalid, if this queue never gave it.
        """
        self._turn(now)
        number, count = self._read(receipt)
        message = self._shelf.get(number)
        if message is not None and message.receive_count == count:
            self._shelf.remove(number)

    def change_visibility(
        self, receipt: str, visibility: timedelta, now: datetime
    ) -> None:
        """Hide the received message for *visibility* from *now* on; 0 shows it.

        Raises:
            QueueError: ReceiptHandleIsInvalid; InvalidParameterValue if the
                message is gone, or would be hidden for over 12 hours in all;
                MessageNotInflight if it is visible or was received again
                (yandex-cloud/docs: en/message-queue/api-ref/message/
                ChangeMessageVisibility.md).
        """
        limits.check_span("VisibilityTimeout", visibility, self.bounds.visibility)
        self._turn(now)
        number, count = self._read(receipt)
        message = self._shelf.get(number)
        if message is None:  # The engine's code; the documentation names none.
            refuse_value("The message is gone.")
        hidden = self._shelf.in_flight_until(number) is not None
        if message.receive_count != count or not hidden:
            msg = "The message is not in flight under this receipt handle."
            refuse(Refusal.MESSAGE_NOT_IN_FLIGHT, msg)
        hidden_for = now + visibility - (message.received_at or now)
        limits.check_span("The total timeout", hidden_for, self.bounds.visibility)
        self._shelf.hide(number, now + visibility)
        self._watchers.notify()

    def purge(self, now: datetime) -> None:
        """Delete every message at once; the cloud may take a minute.

        Raises:
            QueueError: PurgeQueueInProgress within 60 s of the last purge.
        """
        if self.purged_at and now - self.purged_at < self.bounds.purge_rest:
            refuse(Refusal.PURGE_IN_PROGRESS, "It was purged less than 60 seconds ago.")
        self.purged_at = now
        self._shelf.clear()

    def looks_at_nothing(self) -> bool:
        """Tell whether a short poll misses what is there."""
        return False

    def next_visible(self, now: datetime) -> datetime | None:
        """Return when a message can be received: *now* or later, None if never."""
        self._turn(now)
        return self._shelf.next_ready(now, self.attributes.retention)

    def counters(self, now: datetime) -> dict[str, int]:
        """Return how many messages are where, by the names of the wire."""
        self._turn(now)
        return self._shelf.counters()

    def stored(self) -> list[StoredMessage]:
        """Return all messages there are, for whoever looks without receiving."""
        return self._shelf.stored()

    def watch(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call *callback* when a message arrives or may be visible earlier.

        It must not touch the queue.  Returns what ends the watch.
        """
        return self._watchers.add(callback)

    def _turn(self, now: datetime) -> None:
        self._shelf.turn(now, sent_before=now - self.attributes.retention)

    def _room(self, limit: int) -> int:
        most = self._most_in_flight()
        if self._shelf.in_flight >= most:
            refuse(Refusal.OVER_LIMIT, f"{most} messages are in flight.")
        return min(limit, most - self._shelf.in_flight)

    @abstractmethod
    def _new_ordering(self) -> Ordering:
        """Return the ordering of its type, empty."""

    @abstractmethod
    def _most_in_flight(self) -> int:
        """Return how many messages may be in flight."""

    def _sequence_number(self) -> str | None:
        return None

    def _take_in(self, message: NewMessage, now: datetime) -> SentMessage:
        self._turn(now)
        sent = acknowledge(message, self._chance.uuid(), self._sequence_number())
        delay = self.attributes.delay if message.delay is None else message.delay
        kept = StoredMessage(
            number=self._shelf.next_number, sent=sent, content=message, sent_at=now
        )
        self._keep(kept, now + delay, now)
        return sent

    def _keep(self, kept: StoredMessage, visible_at: datetime, now: datetime) -> None:
        self._shelf.add(kept, visible_at, now)
        self._watchers.notify()

    def _bury(self, message: StoredMessage, now: datetime) -> bool:
        """Move a message that was received too often; tell whether it was.

        It keeps its id and, an assumption, the time of sending, from which its
        retention counts; receipts are counted anew and its sequence number is
        another, as by the engine, which does not look for duplicates there either.
        """
        policy = self.attributes.redrive
        if policy is None or message.receive_count < policy.max_receive_count:
            return False
        grave = self._find(policy.dead_letter_arn)
        if grave is None:  # Assumption: without its dead-letter queue it goes on.
            return False
        self._shelf.remove(message.number)
        grave._adopt(message, now)  # noqa: SLF001 - another queue, the same class
        return True

    def _adopt(self, dead: StoredMessage, now: datetime) -> None:
        self._turn(now)
        number = self._shelf.next_number
        self._keep(dead.anew(number, self._sequence_number()), now, now)

    def _read(self, handle: str) -> tuple[int, int]:
        receipt = read_receipt(handle, self.queue_id, self._shelf.next_number)
        return receipt.number, receipt.count
