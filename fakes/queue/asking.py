"""What is asked of a queue beside others: its type, its likeness, its dead letters."""

from collections.abc import Mapping

from fakes.queue.attributes import QueueAttributes
from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.limits import FIFO_SUFFIX
from fakes.queue.queue import Queue


def check_type(name: str, fifo: bool) -> None:
    """Refuse one sign of a FIFO queue without the other.

    Raises:
        QueueError: InvalidParameterValue.
    """
    if fifo and not name.endswith(FIFO_SUFFIX):
        refuse_value(f"The name of a FIFO queue must end in {FIFO_SUFFIX}.")
    if name.endswith(FIFO_SUFFIX) and not fifo:
        refuse_value(f"FifoQueue must be true if the name ends in {FIFO_SUFFIX}.")


def check_redrive(
    attributes: QueueAttributes, arn: str, others: Mapping[str, Queue]
) -> None:
    """Refuse a queue of this *arn* whose dead letters cannot go where they should.

    Raises:
        QueueError: InvalidParameterValue.
    """
    policy = attributes.redrive
    if policy is None:
        return
    if policy.dead_letter_arn == arn:
        refuse_value("A queue cannot be its own dead-letter queue.")
    grave = others.get(policy.dead_letter_arn)
    if grave is None:
        refuse_value("The dead-letter queue does not exist.")
    if grave.attributes.fifo is not attributes.fifo:
        refuse_value("A queue and its dead-letter queue must be of the same type.")


def check_same(queue: Queue, wire: Mapping[str, str]) -> None:
    """Refuse to create a queue that there is with other attributes.

    Raises:
        QueueError: QueueAlreadyExists.
    """
    if queue.attributes.changed(wire) != queue.attributes:
        msg = f"A queue {queue.name} with other attributes exists already."
        refuse(Refusal.QUEUE_ALREADY_EXISTS, msg)
