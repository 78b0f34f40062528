"""Compute over gRPC: the only module that imports `grpc` and `yandex`.

It uses the SDK's generated stubs and leaves the SDK's facade out: that brings
cryptography, requests and an endpoint discovery that a function pays for at
every cold start, and its waiter sleeps in paid time and reports a timeout as
success.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message
from yandex.cloud.compute.v1 import instance_service_pb2
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.operation import operation_service_pb2
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

from events.attachment import Attachment, render_attachment
from events.instance import Instance
from events.sighting import OperationSeen
from functions._messages import is_attach, read_instance, read_operation
from functions._ports import CloudError

# Several of them fit into a call of the function.
CALL_TIMEOUT = timedelta(seconds=5)
_PAGE = 1000
_MOST_PAGES = 10


class Channels:
    """The connections of one warm function, kept between invocations.

    A suspended function's connections die without a sign, and a channel whose
    peer went silent fails every later call; a fresh one costs two milliseconds.

    Args:
        compute: `host:port` of Compute.
        operation: `host:port` of the operation service.
        roots: PEM of the certificates to trust; None for the usual ones.
        ticks: A clock that only goes forward, in seconds.
        idle: After this long without a call, connections are made anew.
    """

    def __init__(
        self,
        compute: str,
        operation: str,
        roots: bytes | None,
        ticks: Callable[[], float],
        idle: timedelta = timedelta(seconds=5),
    ) -> None:
        self._endpoints = (compute, operation)
        self._credentials = grpc.ssl_channel_credentials(roots)
        self._ticks = ticks
        self._idle = idle.total_seconds()
        self._used = ticks()
        self._open: list[grpc.Channel] = []

    def stubs(self) -> tuple[InstanceServiceStub, OperationServiceStub]:
        """Return stubs over connections that are fresh enough."""
        now = self._ticks()
        if now - self._used > self._idle:
            self.close()
        self._used = now
        if not self._open:
            self._open = [
                grpc.secure_channel(endpoint, self._credentials)
                for endpoint in self._endpoints
            ]
        compute, operation = self._open
        return InstanceServiceStub(compute), OperationServiceStub(operation)

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        for channel in self._open:
            channel.close()
        self._open = []


class GrpcCompute:
    """The `Compute` port for one invocation, with that invocation's token."""

    def __init__(self, channels: Channels, token: str) -> None:
        self._instances, self._operations = channels.stubs()
        self._authorization = ("authorization", f"Bearer {token}")

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance, None if there is none."""
        request = instance_service_pb2.GetInstanceRequest(instance_id=instance_id)
        found = self._find(self._instances.Get, request)
        return found and read_instance(found)

    def operation(self, operation_id: str) -> OperationSeen | None:
        """Return the operation, None if there is none."""
        request = operation_service_pb2.GetOperationRequest(operation_id=operation_id)
        found = self._find(self._operations.Get, request)
        return found and read_operation(found)

    def attaches(self, wanted: Attachment) -> list[OperationSeen]:
        """Return the attaches to that index of that instance, in any order."""
        request = instance_service_pb2.ListInstanceOperationsRequest(
            instance_id=wanted.instance_id, page_size=_PAGE
        )
        found: list[OperationSeen] = []
        for _ in range(_MOST_PAGES):
            page = self._find(self._instances.ListOperations, request)
            if page is None:
                break
            # By type first: to render each as JSON is dear.
            found += map(read_operation, filter(is_attach, page.operations))
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        return [one for one in found if one.index == wanted.index]

    def attach(self, wanted: Attachment, key: str) -> OperationSeen:
        """Begin to attach."""
        # The attachment's JSON is the API's own; see events/attachment.py.
        request = json_format.ParseDict(
            render_attachment(wanted),
            instance_service_pb2.AttachInstanceNetworkInterfaceRequest(),
        )
        return read_operation(
            self._call(self._instances.AttachNetworkInterface, request, key)
        )

    def stop(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to stop."""
        request = instance_service_pb2.StopInstanceRequest(instance_id=instance_id)
        return read_operation(self._call(self._instances.Stop, request, key))

    def start(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to start."""
        request = instance_service_pb2.StartInstanceRequest(instance_id=instance_id)
        return read_operation(self._call(self._instances.Start, request, key))

    def _find(self, method: Any, request: Message) -> Any:
        try:
            return self._call(method, request)
        except CloudError as error:
            if error.code == "NOT_FOUND":
                return None
            raise

    def _call(self, method: Any, request: Message, key: str = "") -> Any:
        metadata = [self._authorization]
        if key:
            metadata.append(("idempotency-key", key))
        try:
            return method(
                request, timeout=CALL_TIMEOUT.total_seconds(), metadata=metadata
            )
        except grpc.RpcError as error:
            call = cast("grpc.Call", error)
            raise CloudError(call.code().name, call.details() or "") from None
