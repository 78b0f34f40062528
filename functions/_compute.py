"""Compute over gRPC.

It uses the SDK's generated stubs and leaves the SDK's facade out: that brings
cryptography, requests and an endpoint discovery that a function pays for at
every cold start, and its waiter sleeps in paid time and reports a timeout as
success.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message
from yandex.cloud.compute.v1 import instance_service_pb2
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.operation import operation_pb2, operation_service_pb2
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

from events.attachment import Attachment, render_attachment
from events.guard import Subnet
from events.instance import Instance
from events.sighting import OperationSeen
from events.syntax import AUTO
from functions._channels import Channels, Method, Service
from functions._deadline import UNLIMITED, Deadline
from functions._messages import is_attach, last_stop, read_instance, read_operation
from functions._ports import CloudError, Page

# Several of them fit into a call of the function.
CALL_TIMEOUT = timedelta(seconds=5)
# Of a call's time, so that the queue can be told what came of it.
_KEPT = timedelta(seconds=4)
# Less is too short for a second try.
_SHORTEST = timedelta(seconds=1)
_PAGE = 1000
_MOST_PAGES = 10


class GrpcCompute:
    """The `Compute` port for one invocation, with its token and its deadline."""

    def __init__(
        self, channels: Channels, token: str, deadline: Deadline = UNLIMITED
    ) -> None:
        channels.freshen()
        endpoints = channels.endpoints
        self._channels = channels
        self._instances = Service(endpoint=endpoints.compute, stub=InstanceServiceStub)
        self._operations = Service(
            endpoint=endpoints.operation, stub=OperationServiceStub
        )
        self._authorization = ("authorization", f"Bearer {token}")
        self._deadline = deadline

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance, None if there is none."""
        request = instance_service_pb2.GetInstanceRequest(instance_id=instance_id)
        found = self._find(self._instances.of("Get"), request)
        return found and read_instance(found)

    def instances(self, folder_id: str, page_token: str, most: int) -> Page:
        """Return a page of the folder's instances; '' names the first."""
        request = instance_service_pb2.ListInstancesRequest(
            folder_id=folder_id, page_size=most, page_token=page_token
        )
        found = self._call(self._instances.of("List"), request)
        return Page(
            instances=[read_instance(one) for one in found.instances],
            next_token=found.next_page_token,
        )

    def operation(self, operation_id: str) -> OperationSeen | None:
        """Return the operation, None if there is none."""
        request = operation_service_pb2.GetOperationRequest(operation_id=operation_id)
        found = self._find(self._operations.of("Get"), request)
        return found and read_operation(found)

    def attaches(self, wanted: Attachment) -> list[OperationSeen]:
        """Return the attaches to that index of that instance, in any order.

        To any index, if it is `auto`.
        """
        # By type first: to render each as JSON is dear.
        attaches = filter(is_attach, self._all_operations(wanted.instance_id))
        found = map(read_operation, attaches)
        return [one for one in found if wanted.index in (AUTO, one.index)]

    def last_stop(self, instance_id: str) -> str:
        """Return the id of the instance's last stop that ended well, '' if none did."""
        return last_stop(self._all_operations(instance_id))

    def _all_operations(self, instance_id: str) -> Iterator[operation_pb2.Operation]:
        request = instance_service_pb2.ListInstanceOperationsRequest(
            instance_id=instance_id, page_size=_PAGE
        )
        for _ in range(_MOST_PAGES):
            page = self._find(self._instances.of("ListOperations"), request)
            if page is None:
                return
            yield from page.operations
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def subnet(self, subnet_id: str) -> Subnet | None:
        """Return the subnet, None if there is none."""
        from functions import _vpc  # noqa: PLC0415 - most calls do without

        return _vpc.subnet(self._find, self._channels.endpoints.vpc, subnet_id)

    def network_of_group(self, group_id: str) -> str | None:
        """Return the network of a security group, None if there is no such group."""
        from functions import _vpc  # noqa: PLC0415 - most calls do without

        return _vpc.network_of_group(self._find, self._channels.endpoints.vpc, group_id)

    def attach(self, wanted: Attachment, key: str) -> OperationSeen:
        """Begin to attach."""
        # The attachment's JSON is the API's own; see events/attachment.py.
        request = json_format.ParseDict(
            render_attachment(wanted),
            instance_service_pb2.AttachInstanceNetworkInterfaceRequest(),
        )
        return read_operation(
            self._call(self._instances.of("AttachNetworkInterface"), request, key)
        )

    def stop(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to stop."""
        request = instance_service_pb2.StopInstanceRequest(instance_id=instance_id)
        return read_operation(self._call(self._instances.of("Stop"), request, key))

    def start(self, instance_id: str, key: str) -> OperationSeen:
        """Begin to start."""
        request = instance_service_pb2.StartInstanceRequest(instance_id=instance_id)
        return read_operation(self._call(self._instances.of("Start"), request, key))

    def _find(self, method: Method, request: Message) -> Any:
        try:
            return self._call(method, request)
        except CloudError as error:
            if error.code == "NOT_FOUND":
                return None
            raise

    def _call(self, method: Method, request: Message, key: str = "") -> Any:
        """Make a call; once more on a new connection if nobody answered.

        Its peer may have gone silent, and a repeat with the same key is safe.
        """
        try:
            return self._try(method, request, key)
        except CloudError as error:
            left = self._deadline.bound(CALL_TIMEOUT, _KEPT)
            if error.code != "DEADLINE_EXCEEDED" or left < _SHORTEST:
                raise
            unanswered = error
        try:
            return self._try(method, request, key)
        except CloudError:
            if key:  # that a repeat is refused says nothing of the first call
                raise unanswered from None
            raise

    def _try(self, method: Method, request: Message, key: str) -> Any:
        metadata = [self._authorization]
        if key:
            metadata.append(("idempotency-key", key))
        timeout = self._deadline.bound(CALL_TIMEOUT, _KEPT)
        endpoint = method.service.endpoint
        stub = self._channels.stub(endpoint, method.service.stub)
        call = getattr(stub, method.name)
        try:
            return call(request, timeout=timeout.total_seconds(), metadata=metadata)
        except grpc.RpcError as error:
            failed = cast("grpc.Call", error)
            if failed.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                self._channels.forget(endpoint, stub)
            raise CloudError(failed.code().name, failed.details() or "") from None
