"""A message as a queue keeps it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from fakes.queue.message import NewMessage, ReceivedMessage, SentMessage
from fakes.queue.receipt import Receipt

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(slots=True, kw_only=True)
class StoredMessage:
    """A message in a queue.

    Mutable, alone among the values here: a receive changes three fields of one
    message, and copying it each time would be most of the work.

    Attributes:
        number: Counts the messages of the queue from 0.
        sent: Its id and digests.
        content: What was sent.
        sent_at: When; a dead letter keeps it.
        receive_count: How often this queue handed it out.
        received_at: When it did so last.
        first_received_at: When it did so first.
        visible_at: Before which nobody sees it; the shelf's business.
    """

    number: int
    sent: SentMessage
    content: NewMessage
    sent_at: datetime
    receive_count: int = 0
    received_at: datetime | None = None
    first_received_at: datetime | None = None
    visible_at: datetime | None = None

    def hand_out(self, queue_id: str, now: datetime) -> ReceivedMessage:
        """Count one more receipt, from the queue *queue_id*, and return it."""
        self.receive_count += 1
        self.received_at = now
        self.first_received_at = self.first_received_at or now
        receipt = Receipt(
            queue_id=queue_id, number=self.number, count=self.receive_count
        )
        content = self.content
        return ReceivedMessage(
            message_id=self.sent.message_id,
            body=content.body,
            md5=self.sent.md5_of_body,
            attributes={
                "ApproximateFirstReceiveTimestamp": _stamp(self.first_received_at),
                "ApproximateReceiveCount": str(self.receive_count),
                "SenderId": content.sender_id,
                "SentTimestamp": _stamp(self.sent_at),
                **self._fifo_attributes(),
            },
            message_attributes=content.attributes,
            md5_of_attributes=self.sent.md5_of_attributes,
            receipt_handle=receipt.encode(),
            group_id=content.group_id,
            deduplication_id=content.deduplication_id,
            sequence_number=self.sent.sequence_number,
        )

    def anew(self, number: int, sequence_number: str | None) -> Self:
        """Return it as a dead-letter queue takes it in: received by nobody."""
        return replace(
            self,
            number=number,
            sent=replace(self.sent, sequence_number=sequence_number),
            receive_count=0,
            received_at=None,
            first_received_at=None,
        )

    def _fifo_attributes(self) -> dict[str, str]:
        """Return what only a message of a FIFO queue has, by the wire's names."""
        present = {
            "MessageDeduplicationId": self.content.deduplication_id,
            "MessageGroupId": self.content.group_id,
            "SequenceNumber": self.sent.sequence_number,
        }
        return {name: value for name, value in present.items() if value is not None}


def _stamp(moment: datetime) -> str:
    return str((moment - _EPOCH) // _MILLISECOND)
