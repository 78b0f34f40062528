"""Rules of interfaces, idempotency keys and errors, wherever they are asked for."""

import uuid

import grpc
import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DetachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
    ListInstanceOperationsRequest,
    ListInstancesRequest,
)
from yandex.cloud.operation.operation_service_pb2 import CancelOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

Code = grpc.StatusCode
confirms = pytest.mark.confirms
on_the_instance = pytest.mark.usefixtures("instance")


def attachment(target, **changes):
    usual = {
        "instance_id": target.instance_id,
        "network_interface_index": "1",
        "subnet_id": target.subnet_id,
        "security_group_ids": [target.group_id],
    }
    return AttachInstanceNetworkInterfaceRequest(**usual | changes)


def key():
    return (("idempotency-key", str(uuid.uuid4())),)


def code_of(method, request, metadata=()):
    with pytest.raises(grpc.RpcError) as refused:
        method(request, metadata=metadata)
    return refused.value.code()


REFUSED = {
    "taken": ({"network_interface_index": "0"}, Code.ALREADY_EXISTS),
    "beyond": ({"network_interface_index": "8"}, Code.INVALID_ARGUMENT),
    "no groups": ({"security_group_ids": []}, Code.INVALID_ARGUMENT),
    "unknown subnet": ({"subnet_id": "e9b00000000000000000"}, Code.NOT_FOUND),
    "unknown instance": ({"instance_id": "fhm00000000000000000"}, Code.NOT_FOUND),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("taken", marks=confirms("attach.index.taken.code")),
        pytest.param("beyond", marks=confirms("attach.index")),
        pytest.param("no groups", marks=confirms("attach.groups.required")),
        pytest.param("unknown subnet", marks=confirms("attach.subnet.unknown.code")),
        pytest.param("unknown instance", marks=confirms("instance.missing")),
    ],
)
@on_the_instance
def test_an_attachment_is_refused(target, instances, name):
    """With the code that the local cloud has for it."""
    changes, code = REFUSED[name]
    request = attachment(target, **changes)
    assert code_of(instances.AttachNetworkInterface, request) is code


@confirms("attach.groups.five")
@on_the_instance
def test_six_groups_are_too_many(target, instances):
    """Also if they are all the same."""
    request = attachment(target, security_group_ids=[target.group_id] * 6)
    code = code_of(instances.AttachNetworkInterface, request)
    assert code is Code.INVALID_ARGUMENT


@confirms("attach.zone", "attach.zone.code")
@on_the_instance
def test_a_subnet_of_another_zone_is_refused(target, instances):
    """The subnet is in the zone of the instance."""
    if not target.foreign_subnet_id:
        pytest.skip("set LIVE_FOREIGN_SUBNET_ID")
    request = attachment(target, subnet_id=target.foreign_subnet_id)
    code = code_of(instances.AttachNetworkInterface, request)
    assert code is Code.INVALID_ARGUMENT


@confirms("attach.stopped", "attach.stopped.code")
def test_a_running_instance_is_refused(target, instances):
    """Only a stopped one gets an interface."""
    if not target.running_instance_id:
        pytest.skip("set LIVE_RUNNING_INSTANCE_ID")
    request = attachment(target, instance_id=target.running_instance_id)
    code = code_of(instances.AttachNetworkInterface, request)
    assert code is Code.FAILED_PRECONDITION


@confirms("detach.missing.code")
def test_what_is_not_there_is_not_detached(instances, instance):
    """An index without an interface is not found."""
    request = DetachInstanceNetworkInterfaceRequest(
        instance_id=instance.id, network_interface_index="7"
    )
    assert code_of(instances.DetachNetworkInterface, request) is Code.NOT_FOUND


@confirms("key.uuid")
@on_the_instance
def test_a_key_is_a_uuid(target, instances):
    """Another one is refused."""
    odd = (("idempotency-key", "not-a-uuid"),)
    code = code_of(instances.AttachNetworkInterface, attachment(target), odd)
    assert code is Code.INVALID_ARGUMENT


@confirms("key.same", "attach.operation", "attach.mac", "address.empty", "detach.frees")
def test_one_key_is_one_operation(target, instances, instance):
    """Before it ends and after; then the interface is there, until it is detached."""
    mine, request = key(), attachment(target)
    begun = instances.AttachNetworkInterface(request, metadata=mine)
    assert instances.AttachNetworkInterface(request, metadata=mine).id == begun.id
    assert target.finish(begun).WhichOneof("result") == "response"
    assert instances.AttachNetworkInterface(request, metadata=mine).id == begun.id
    _, second = see(target, instances).network_interfaces
    assert (second.index, second.subnet_id) == ("1", target.subnet_id)
    assert second.mac_address.startswith("d0:1d")
    assert second.primary_v4_address.address == ""
    detachment = DetachInstanceNetworkInterfaceRequest(
        instance_id=instance.id, network_interface_index="1"
    )
    target.finish(instances.DetachNetworkInterface(detachment))
    assert len(see(target, instances).network_interfaces) == 1


@confirms("key.reused.code")
@on_the_instance
def test_a_key_is_for_one_request(target, instances):
    """With another request it is refused."""
    mine = key()
    begun = instances.AttachNetworkInterface(attachment(target), metadata=mine)
    other = attachment(target, network_interface_index="2")
    assert code_of(instances.AttachNetworkInterface, other, mine) is (
        Code.INVALID_ARGUMENT
    )
    target.finish(begun)


@confirms("operation.one")
@on_the_instance
def test_a_second_key_meets_a_busy_instance(target, instances):
    """One operation at a time; then the index is taken."""
    begun = instances.AttachNetworkInterface(attachment(target), metadata=key())
    code = code_of(instances.AttachNetworkInterface, attachment(target), key())
    assert code is Code.FAILED_PRECONDITION
    target.finish(begun)
    code = code_of(instances.AttachNetworkInterface, attachment(target), key())
    assert code is Code.ALREADY_EXISTS


@confirms("operation.cancel.code", "operation.cancel.done", "operation.list")
def test_an_attachment_cannot_be_cancelled(target, instances, instance):
    """Neither while it runs nor when it is done; it is the newest in the list."""
    begun = instances.AttachNetworkInterface(attachment(target), metadata=key())
    stub = target.sdk.client(OperationServiceStub)
    request = CancelOperationRequest(operation_id=begun.id)
    assert code_of(stub.Cancel, request) is Code.FAILED_PRECONDITION
    target.finish(begun)
    assert stub.Cancel(request).WhichOneof("result") == "response"
    listed = instances.ListOperations(
        ListInstanceOperationsRequest(instance_id=instance.id)
    )
    assert listed.operations[0].id == begun.id


@confirms("list.filter")
def test_an_instance_is_found_by_its_name(target, instances, instance):
    """And nothing else is."""
    request = ListInstancesRequest(
        folder_id=target.folder_id, filter=f'name = "{instance.name}"'
    )
    assert [one.id for one in instances.List(request).instances] == [instance.id]


@confirms("rest.status", "rest.error")
def test_rest_says_the_same(target, instance):
    """With the status of the code, the code itself, and the request's id."""
    content = {
        "networkInterfaceIndex": "0",
        "subnetId": target.subnet_id,
        "securityGroupIds": [target.group_id],
    }
    path = f"/compute/v1/instances/{instance.id}:attachNetworkInterface"
    status, answer = target.ask("POST", path, content)
    assert (status, answer["code"]) == (409, Code.ALREADY_EXISTS.value[0])
    assert answer["message"]
    [detail] = answer["details"]
    assert detail["requestId"]


@confirms("iam.refused")
def test_a_wrong_token_is_refused(target):
    """Whatever is asked for."""
    path = f"/compute/v1/instances/{target.instance_id}"
    status, answer = target.ask("GET", path, token="t1.wrong")
    assert (status, answer["code"]) == (401, Code.UNAUTHENTICATED.value[0])


def see(target, instances):
    return instances.Get(GetInstanceRequest(instance_id=target.instance_id))
