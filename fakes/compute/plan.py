"""What an operation will do: a resource before, during and after it.

Carrying a plan out, and rolling it back, is thus a replacement.
"""

import copy
from dataclasses import dataclass
from typing import TypeAlias

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.compute.claims import Resource
from fakes.compute.settings import Kind
from fakes.errors import Code

Request: TypeAlias = Message
"""What begins an operation: see `planning` for the messages that do."""

Status = Instance.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Doom:
    """Why an operation fails though it was begun.

    Attributes:
        code: Of the error.
        message: Of the error.
        wreck: What there is afterwards.
    """

    code: Code
    message: str
    wreck: Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an operation does to one resource.

    The messages in it are nobody else's: whoever hands one out copies it.

    Attributes:
        kind: What happens.
        request: What was asked for.
        description: Of the operation, at most 256 characters.
        metadata: Of the operation, as its method's annotation says.
        before: The resource until now; None if there is none yet.
        during: The resource while the operation runs; None if it is not seen.
        later: The resource in the second half of the operation, if other.
        after: The resource if it succeeds; None if it is gone then.
        beside: What comes and goes with the resource.
        doom: Why it will fail, if it will.
        answers: True if the response is the resource, False if Empty.
        ousts: True if what else runs on the resource is cancelled.
    """

    kind: Kind
    request: Request
    description: str
    metadata: Message
    before: Resource | None
    during: Resource | None
    after: Resource | None
    later: Resource | None = None
    beside: tuple[Resource, ...] = ()
    doom: Doom | None = None
    answers: bool = True
    ousts: bool = False

    @property
    def resource(self) -> Resource:
        """The resource, in one of its states."""
        states = (self.during, self.after, self.before)
        return next(one for one in states if one is not None)

    @property
    def response(self) -> Message:
        """The operation's response, as its method's annotation says."""
        if not self.answers or self.after is None:
            return Empty()
        if isinstance(self.after, Instance):
            return basic_view(self.after)
        return self.after


def basic_view(instance: Instance) -> Instance:
    """Return a copy of *instance* without the metadata its guest reads.

    It is left out unless `view` is FULL
    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/get), and from lists
    (.../Instance/list).  Assumption: responses of operations never have it.
    """
    basic = copy.deepcopy(instance)
    basic.ClearField("metadata")
    return basic


def with_status(instance: Instance, status: Status.ValueType) -> Instance:
    """Return a copy of *instance* in another status."""
    other = copy.deepcopy(instance)
    other.status = status
    return other
