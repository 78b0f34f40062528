"""What an operation will do: the instance before, during and after it.

Carrying a plan out, and rolling it back, is thus a replacement.
"""

import copy
from dataclasses import dataclass
from typing import TypeAlias

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    CreateInstanceRequest,
    DeleteInstanceRequest,
    DetachInstanceNetworkInterfaceRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.compute.settings import Kind

Request: TypeAlias = (
    CreateInstanceRequest
    | DeleteInstanceRequest
    | StartInstanceRequest
    | StopInstanceRequest
    | AttachInstanceNetworkInterfaceRequest
    | DetachInstanceNetworkInterfaceRequest
)
Status = Instance.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an operation does to one instance.

    The messages in it are nobody else's: whoever hands one out copies it.

    Attributes:
        kind: What happens.
        request: What was asked for.
        description: Of the operation, at most 256 characters.
        metadata: Of the operation, as its method's annotation says.
        before: The instance until now; None if there is none yet.
        during: The instance while the operation runs.
        after: The instance if it succeeds; None if it is gone then.
        answers_instance: True if the response is the instance, False if Empty.
    """

    kind: Kind
    request: Request
    description: str
    metadata: Message
    before: Instance | None
    during: Instance
    after: Instance | None
    answers_instance: bool = True

    @property
    def response(self) -> Message:
        """The operation's response, as its method's annotation says."""
        if self.answers_instance and self.after is not None:
            return basic_view(self.after)
        return Empty()


def basic_view(instance: Instance) -> Instance:
    """Return a copy of *instance* without the metadata its guest reads.

    It is left out unless `view` is FULL
    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/get).  Assumption:
    lists and responses of operations never have it.
    """
    basic = copy.deepcopy(instance)
    basic.ClearField("metadata")
    return basic


def with_status(instance: Instance, status: Status.ValueType) -> Instance:
    """Return a copy of *instance* in another status."""
    other = copy.deepcopy(instance)
    other.status = status
    return other
