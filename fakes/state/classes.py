"""What may be in a state, by name."""

from enum import Enum
from typing import Any, Final

from fakes.caller import Call, Subject, SubjectType
from fakes.compute.entry import Entry
from fakes.compute.fates import OperationFate, Stage
from fakes.compute.plan import Doom, Plan
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.iam import AccessKey, Binding, IamToken
from fakes.logs import LogEntry
from fakes.queue.attributes import QueueAttributes, RedrivePolicy
from fakes.queue.fifo import Attempt
from fakes.queue.message import (
    DataType,
    MessageAttribute,
    NewMessage,
    ReceivedMessage,
    SentMessage,
)
from fakes.queue.record import QueueRecord
from fakes.queue.stored import StoredMessage

ENUMS: Final[tuple[type[Enum], ...]] = (Code, DataType, Kind, Stage, SubjectType)
VALUES: Final[tuple[type[Any], ...]] = (
    *(AccessKey, Attempt, Binding, Call, Doom, Entry, IamToken, LogEntry),
    *(MessageAttribute, NewMessage, OperationFate, Plan, QueueAttributes),
    *(QueueRecord, ReceivedMessage, RedrivePolicy, SentMessage, StoredMessage),
    Subject,
)
CLASSES: Final[dict[str, Any]] = {one.__name__: one for one in (*ENUMS, *VALUES)}
