"""Messages: as sent, as kept, as received; and the digests that clients verify.

(yandex-cloud/docs: en/message-queue/api-ref/data-types/)
"""

import enum
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from fakes.queue import limits
from fakes.queue.errors import refuse_value
from fakes.queue.limits import Limits


class DataType(enum.Enum):
    """What a message attribute can be; lists are documented as not implemented.

    Labels after the type, as in SQS (`Number.int`), are refused: an assumption,
    for the documentation names three types and nothing else.
    """

    STRING = "String"
    NUMBER = "Number"
    BINARY = "Binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAttribute:
    """One attribute of a message.

    Attributes:
        data_type: What it is.
        value: Bytes if it is binary, otherwise text, also for a number.
    """

    data_type: DataType
    value: str | bytes

    @property
    def as_bytes(self) -> bytes:
        """The value as it counts for size and digest."""
        return self.value if isinstance(self.value, bytes) else _bytes(self.value)

    def check(self, name: str) -> None:
        """Refuse a value that is empty, forbidden or of another type.

        Raises:
            QueueError: InvalidParameterValue or InvalidMessageContents.
        """
        binary = self.data_type is DataType.BINARY
        if binary is not isinstance(self.value, bytes):
            refuse_value(f"{name} is not of its type, {self.data_type.value}.")
        if not self.value:
            refuse_value(f"{name} cannot be empty.")
        if isinstance(self.value, str):
            limits.check_text(name, self.value)
        if self.data_type is DataType.NUMBER and not _is_number(self.value):
            refuse_value(f"{name} is no number.")


Attributes = Mapping[str, MessageAttribute]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What a producer sends.

    Attributes:
        body: 1 byte or more of text.
        attributes: At most 10; with the body at most 256 KB in all.
        delay: How long it stays hidden, 0 to 15 minutes; None is the queue's own,
            and a FIFO queue heeds no other.
        sender_id: Who sends it.
        group_id: Within which it is ordered: 1 to 128 characters.  A FIFO queue
            needs it, a standard queue refuses it.
        deduplication_id: What it shares with its duplicates: 1 to 128 characters.
            A FIFO queue needs it unless it derives one from the body; a standard
            queue refuses it.
    """

    body: str
    attributes: Attributes = field(default_factory=dict)
    delay: timedelta | None = None
    sender_id: str = ""
    group_id: str | None = None
    deduplication_id: str | None = None

    @property
    def size(self) -> int:
        """Bytes of the body and of the attributes' names, types and values."""
        return len(_bytes(self.body)) + sum(
            len(_bytes(name)) + len(it.data_type.value) + len(it.as_bytes)
            for name, it in self.attributes.items()
        )

    def check(self, longest: int, bounds: Limits) -> None:
        """Refuse what no queue that takes *longest* bytes would take.

        Raises:
            QueueError: InvalidParameterValue or InvalidMessageContents.
        """
        limits.check_text("MessageBody", self.body)
        limits.check_attribute_names(list(self.attributes), bounds)
        for name, attribute in self.attributes.items():
            attribute.check(name)
        limits.check_message_size(self.size, longest)
        if self.delay is not None:
            limits.check_span("DelaySeconds", self.delay, bounds.delay)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """What a producer is told.

    Attributes:
        message_id: Of this message, or of that of which it is a duplicate.
        md5_of_body: MD5 of the body as sent now, in hexadecimal.
        md5_of_attributes: MD5 of the attributes, None if there are none.
        sequence_number: Grows within a FIFO queue, hence within a group; None in
            a standard queue.
    """

    message_id: str
    md5_of_body: str
    md5_of_attributes: str | None
    sequence_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """What a consumer gets.

    Attributes:
        message_id: Stays the same, also in a dead-letter queue.
        body: The text.
        md5: MD5 of the body, in hexadecimal.
        attributes: The system's, by their names on the wire; times are
            milliseconds since 1970.
        message_attributes: The producer's.
        md5_of_attributes: MD5 of those, None if there are none.
        receipt_handle: Names this one receipt; needed to delete or to hide.
        group_id: Its group, None in a standard queue.
        deduplication_id: As sent, or the SHA-256 of the body in hexadecimal; None
            in a standard queue.
        sequence_number: As its producer was told, anew in a dead-letter queue;
            None in a standard queue.
    """

    message_id: str
    body: str
    md5: str
    attributes: Mapping[str, str]
    message_attributes: Attributes
    md5_of_attributes: str | None
    receipt_handle: str
    group_id: str | None = None
    deduplication_id: str | None = None
    sequence_number: str | None = None


def md5_of_body(body: str) -> str:
    """Return the digest of *body*."""
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: Attributes) -> str | None:
    """Return the digest of *attributes* by the algorithm of SQS, None for none.

    It covers, by name: name, type, one byte that tells text (1) from binary (2),
    value; each part but that byte after its length in four bytes.
    """
    if not attributes:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        for part in _parts(name, attributes[name]):
            digest.update(part)
    return digest.hexdigest()


def _parts(name: str, attribute: MessageAttribute) -> Iterator[bytes]:
    yield _with_length(name.encode())
    yield _with_length(attribute.data_type.value.encode())
    yield b"\x02" if attribute.data_type is DataType.BINARY else b"\x01"
    yield _with_length(attribute.as_bytes)


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def _bytes(text: str) -> bytes:
    """Return *text* as UTF-8, also what has no place there: it has a size too."""
    return text.encode(errors="surrogatepass")


def _is_number(text: str | bytes) -> bool:
    try:
        return isinstance(text, str) and Decimal(text).is_finite()
    except InvalidOperation:
        return False
