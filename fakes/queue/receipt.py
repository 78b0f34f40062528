"""Receipt handles: opaque to clients, and checkable here.

A handle names the queue, the message's number in it, and which receipt of that
message it is, so that a stale one is told from an invented one without keeping
every handle ever given.
"""

import base64
from dataclasses import dataclass
from typing import NoReturn

from fakes.queue.errors import Refusal, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt of one message.

    Attributes:
        queue_id: The queue it was received from.
        number: The message's number in that queue.
        count: Counts receipts of the message from 1.
    """

    queue_id: str
    number: int
    count: int

    def encode(self) -> str:
        """Return the handle."""
        text = f"{self.queue_id} {self.number} {self.count}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_receipt(handle: str, queue_id: str, numbers: int) -> Receipt:
    """Return the receipt that *handle* names.

    Args:
        handle: What a client says.
        queue_id: The queue it says it to.
        numbers: How many messages that queue has had.

    Raises:
        QueueError: ReceiptHandleIsInvalid, if that queue never gave such a handle.
    """
    receipt = _decode(handle)
    if receipt.queue_id != queue_id or receipt.number >= numbers:
        _refuse()
    return receipt


def _decode(handle: str) -> Receipt:
    try:
        padded = handle.encode("ascii") + b"=" * (-len(handle) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        queue_id, number, count = text.split(" ")
        receipt = Receipt(queue_id=queue_id, number=int(number), count=int(count))
    except ValueError:
        _refuse()
    if receipt.encode() != handle:
        _refuse()
    return receipt


def _refuse() -> NoReturn:
    msg = "The receipt handle was not given by this queue."
    refuse(Refusal.RECEIPT_HANDLE_IS_INVALID, msg)
