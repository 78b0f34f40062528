"""What a queue of either type asks of a message before it takes it in.

(yandex-cloud/docs: en/message-queue/api-ref/message/SendMessage.md and
en/message-queue/concepts/deduplication.md)
"""

import hashlib
from dataclasses import replace

from fakes.queue.attributes import QueueAttributes
from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.limits import Limits, check_token
from fakes.queue.message import (
    NewMessage,
    SentMessage,
    md5_of_attributes,
    md5_of_body,
)


def admit_standard(
    message: NewMessage, attributes: QueueAttributes, bounds: Limits
) -> None:
    """Refuse what no standard queue with *attributes* takes in.

    Raises:
        QueueError: InvalidParameterValue or InvalidMessageContents.
    """
    message.check(attributes.maximum_message_size, bounds)
    # Assumption: as in SQS, a standard queue refuses what is for FIFO.
    if message.group_id is not None or message.deduplication_id is not None:
        msg = (
            "MessageGroupId and MessageDeduplicationId are for FIFO queues; this is"
            " a standard queue."
        )
        refuse_value(msg)


def admit_fifo(
    message: NewMessage, attributes: QueueAttributes, bounds: Limits
) -> NewMessage:
    """Return *message* as a FIFO queue with *attributes* takes it in.

    That is with a deduplication id, and without a delay of its own: the queue's is
    used, as documented.

    Raises:
        QueueError: InvalidParameterValue, InvalidMessageContents, or
            MissingParameter without a group.
    """
    message.check(attributes.maximum_message_size, bounds)
    _check_group(message.group_id, bounds)
    key = _deduplication_id(message, attributes, bounds)
    return replace(message, delay=None, deduplication_id=key)


def acknowledge(
    message: NewMessage, message_id: str, sequence_number: str | None
) -> SentMessage:
    """Return what the producer of *message* is told; the digests are of it."""
    return SentMessage(
        message_id=message_id,
        md5_of_body=md5_of_body(message.body),
        md5_of_attributes=md5_of_attributes(message.attributes),
        sequence_number=sequence_number,
    )


def _check_group(group_id: str | None, bounds: Limits) -> None:
    if not group_id:  # The engine's code; the documentation names none.
        msg = "The parameter MessageGroupId is missing: this is a FIFO queue."
        refuse(Refusal.MISSING_PARAMETER, msg)
    check_token("MessageGroupId", group_id, bounds)


def _deduplication_id(
    message: NewMessage, attributes: QueueAttributes, bounds: Limits
) -> str:
    """Return what *message* shares with its duplicates; an explicit id wins.

    The documentation also says that of two messages with the same body, one without
    an id and one with, only one is delivered.  Assumption, as in SQS and the engine:
    that is so if the id given is the one derived from the body.
    """
    if message.deduplication_id:
        check_token("MessageDeduplicationId", message.deduplication_id, bounds)
        return message.deduplication_id
    if not attributes.content_based_deduplication:
        # Assumption: the code is that of SQS.  The documentation only speaks of an
        # error; the open-source engine says MissingParameter.
        msg = "Either MessageDeduplicationId or ContentBasedDeduplication is needed."
        refuse_value(msg)
    return hashlib.sha256(message.body.encode()).hexdigest()
