"""Message Queue as a pure model: values in, values out, time as an argument.

`MessageQueue` is the service with its queues by name, URL and ARN; a `Queue` holds
messages, a `StandardQueue` in any order, a `FifoQueue` in theirs.  `Manners` say how
well behaved all of it is.  The HTTP skin around them is `fakes.http.queue_app`; the
trigger runtime calls them directly.
"""

from fakes.queue.attributes import QueueAttributes, RedrivePolicy
from fakes.queue.conduct import behave
from fakes.queue.errors import QueueError, Refusal
from fakes.queue.fifo import FifoQueue
from fakes.queue.limits import LIMITS, Limits
from fakes.queue.manners import GOOD, ROUGH, Manners
from fakes.queue.message import (
    DataType,
    MessageAttribute,
    NewMessage,
    ReceivedMessage,
    SentMessage,
)
from fakes.queue.queue import Queue
from fakes.queue.service import MessageQueue
from fakes.queue.standard import StandardQueue

__all__ = [
    "GOOD",
    "LIMITS",
    "ROUGH",
    "DataType",
    "FifoQueue",
    "Limits",
    "Manners",
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
    "StandardQueue",
    "behave",
]
