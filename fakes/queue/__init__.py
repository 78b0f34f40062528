"""Message Queue as a pure model: values in, values out, time as an argument.

`MessageQueue` is the service with its queues by name, URL and ARN; `Queue` holds
messages, `FifoQueue` holds them in order.  The HTTP skin around them is
`fakes.http.queue_app`; the trigger runtime calls them directly.
"""

from fakes.queue.attributes import QueueAttributes, RedrivePolicy
from fakes.queue.errors import QueueError, Refusal
from fakes.queue.fifo import FifoQueue
from fakes.queue.limits import LIMITS, Limits
from fakes.queue.message import (
    DataType,
    MessageAttribute,
    NewMessage,
    ReceivedMessage,
    SentMessage,
)
from fakes.queue.queue import Queue
from fakes.queue.service import MessageQueue

__all__ = [
    "LIMITS",
    "DataType",
    "FifoQueue",
    "Limits",
    "MessageAttribute",
    "MessageQueue",
    "NewMessage",
    "Queue",
    "QueueAttributes",
    "QueueError",
    "ReceivedMessage",
    "RedrivePolicy",
    "Refusal",
    "SentMessage",
]
