"""What the functions need of the world, in this project's words.

Adapters translate, nothing more; a test or a simulation puts models in their
place.  An exception means "again": everything final is a value or a
`CloudError` whose remedy says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from events.attachment import Attachment
from events.codes import Remedy, remedy
from events.guard import Subnet
from events.instance import Instance
from events.sighting import OperationSeen

Clock = Callable[[], datetime]


class CloudError(Exception):
    """The Compute API refused a call or could not answer it.

    Attributes:
        code: The google.rpc code by name.
        reason: Code and message, for people.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.reason = f"{code}: {message}"
        super().__init__(self.reason)

    @property
    def remedy(self) -> Remedy:
        """What may help."""
        return remedy(self.code)


class QueueError(Exception):
    """It is not certain that a message was taken; what led to it must come again."""


class ThrottledError(QueueError):
    """The queue has too much to do, and took nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a FIFO queue needs to know of a message.

    Attributes:
        group: Messages of one group are delivered in their order.
        name: Messages of one name are delivered once within five minutes.
    """

    group: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent to a queue.

    Attributes:
        body: The text.
        after: How long nobody sees it, 15 minutes at most.
        attributes: Texts by name, 10 at most.
        label: For a FIFO queue; in a standard one it does not count.
    """

    body: str
    after: timedelta = timedelta(0)
    attributes: Mapping[str, str] | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of a folder's instances.

    Attributes:
        instances: At most 1000.
        next_token: Names the next page; '' if this is the last.
    """

    instances: Sequence[Instance]
    next_token: str


class Compute(Protocol):
    """The part of the Compute API that attachments need.

    Every method raises `CloudError`.  A key makes a call repeatable: the same
    key is answered with the same operation.
    """

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance, None if there is none."""
        ...

    def instances(self, folder_id: str, page_token: str, most: int) -> Page:
        """Return a page of *most* instances of the folder; '' names the first."""
        ...

    def operation(self, operation_id: str) -> OperationSeen | None:
        """Return the operation, None if there is none."""
        ...

    def attaches(self, wanted: Attachment) -> Sequence[OperationSeen]:
        """Return the attaches to that index of that instance, in any order.

        To any index, if it is `auto`.
        """
        ...

    def last_stop(self, instance_id: str) -> str:
        """Return the id of the instance's last stop that ended well, '' if none did."""
        ...

    def subnet(self, subnet_id: str) -> Subnet | None:
        """Return the subnet, None if there is none."""
        ...

    def network_of_group(self, group_id: str) -> str | None:
        """Return the network of a security group, None if there is no such group."""
        ...

    def attach(self, wanted: Attachment, key: str) -> OperationSeen:
        """Begin to attach."""
        ...

    def stop(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to stop."""
        ...

    def start(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to start."""
        ...


class Mailbox(Protocol):
    """A queue, as its senders know it."""

    def send(
        self,
        body: str,
        *,
        after: timedelta = timedelta(0),
        attributes: Mapping[str, str] | None = None,
        label: Label | None = None,
    ) -> None:
        """Send a message that may be seen *after* a while, 15 minutes at most.

        In a FIFO queue, *label* tells its group and what it is a repeat of; in
        a standard one it does not count.

        Raises:
            QueueError: If it is not certain that the message was taken.
        """
        ...

    def send_all(self, messages: Sequence[Message]) -> None:
        """Send many messages, in fewer calls than messages.

        A FIFO queue keeps the order of a group as long as none fails; one that
        fails and is sent again comes after its neighbours.

        Raises:
            QueueError: If it is not certain that all were taken; some may be.
        """
        ...
