"""Messages as the Query protocol spells them, one by one and up to ten at once.

(yandex-cloud/docs: en/message-queue/api-ref/message/SendMessage.md and
SendMessageBatch.md; that attributes are spelt as AWS does is an assumption.)
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from functions._ports import Message

MOST_ENTRIES = 10
MOST_BYTES = 262_144
_ENTRY = "SendMessageBatchRequestEntry"
# Text in XML is escaped, so that no message can look like this.
_RESULT = re.compile(
    rb"<SendMessageBatchResultEntry>(.*?)</SendMessageBatchResultEntry>", re.DOTALL
)
_ID = re.compile(rb"<Id>\s*([0-9]{1,2})\s*</Id>")


def render(message: Message, *, fifo: bool) -> dict[str, str]:
    """Return the parameters of SendMessage; a delay is rounded up to seconds."""
    parameters = {"MessageBody": message.body}
    if message.label and fifo:
        parameters["MessageGroupId"] = message.label.group
        parameters["MessageDeduplicationId"] = message.label.name
    if message.after > timedelta(0):
        parameters["DelaySeconds"] = str(math.ceil(message.after.total_seconds()))
    for place, (name, value) in enumerate((message.attributes or {}).items(), start=1):
        prefix = f"MessageAttribute.{place}."
        parameters[prefix + "Name"] = name
        parameters[prefix + "Value.DataType"] = "String"
        parameters[prefix + "Value.StringValue"] = value
    return parameters


def render_batch(messages: Sequence[Message], *, fifo: bool) -> dict[str, str]:
    """Return the parameters of SendMessageBatch; ids are places, from 0."""
    parameters: dict[str, str] = {}
    for place, message in enumerate(messages):
        prefix = f"{_ENTRY}.{place + 1}."
        parameters[prefix + "Id"] = str(place)
        for name, value in render(message, fifo=fifo).items():
            parameters[prefix + name] = value
    return parameters


def read_taken(answer: bytes) -> set[int]:
    """Return the places of the messages that SendMessageBatch says it took.

    Those that failed are named as well, under HTTP 200; but only what is known
    to have been taken need not be sent again.
    """
    found = (_ID.search(result) for result in _RESULT.findall(answer))
    return {int(one[1]) for one in found if one}


def pack(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield *messages* in their order, as many at once as one call may send."""
    packed: list[Message] = []
    size = 0
    for message in messages:
        more = _size(message)
        if packed and (len(packed) == MOST_ENTRIES or size + more > MOST_BYTES):
            yield packed
            packed, size = [], 0
        packed.append(message)
        size += more
    if packed:
        yield packed


def _size(message: Message) -> int:
    """Return the bytes of a message that count: body, and attributes with types."""
    texts = [message.body]
    for name, value in (message.attributes or {}).items():
        texts += (name, "String", value)
    return sum(len(text.encode()) for text in texts)
