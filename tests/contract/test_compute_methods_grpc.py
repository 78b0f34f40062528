"""Every method on instances and operations, through the SDK's own stubs."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
import yandexcloud
from google.protobuf.field_mask_pb2 import FieldMask
from yandex.cloud.compute.v1 import instance_service_pb2 as api
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.operation.operation_service_pb2 import (
    CancelOperationRequest,
    GetOperationRequest,
)
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.testing import CloudThread

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Status = Instance.Status


class Client:
    """What the unmodified SDK makes of a cloud whose clock we turn."""

    def __init__(self, thread: CloudThread) -> None:
        self.thread, self.cloud = thread, thread.cloud
        sdk = yandexcloud.SDK(
            endpoint=self.cloud.rpc.endpoint,
            root_certificates=self.cloud.rpc.ca_pem,
            iam_token=thread.call(self.cloud.token).value,
        )
        self.instances = sdk.client(InstanceServiceStub)
        self.operations = sdk.client(OperationServiceStub)

    def done(self, operation):
        self.cloud.clock.advance(HOUR)
        request = GetOperationRequest(operation_id=operation.id)
        ended = self.operations.Get(request)
        assert ended.done
        assert not ended.HasField("error")
        return ended

    def get(self, instance_id) -> Instance:
        request = api.GetInstanceRequest(instance_id=instance_id, view=api.FULL)
        return self.instances.Get(request)

    def create(self, name="web") -> str:
        operation = self.instances.Create(small_instance(self.cloud.world, name=name))
        instance = Instance()
        assert self.done(operation).response.Unpack(instance)
        return instance.id


@pytest.fixture(scope="module")
def client():
    # Tokens live for twelve hours, less than some of these tests take together.
    clock = ManualClock(START)
    with CloudThread(lambda: LocalCloud(clock, seed=1)) as thread:
        yield lambda: Client(thread)


@pytest.fixture
def fresh(client):
    made = client()
    made.thread.call(made.cloud.compute.clear)
    return made


def test_labels_and_metadata_are_updated(fresh):
    """By mask, and key by key."""
    instance_id = fresh.create()
    request = api.UpdateInstanceRequest(
        instance_id=instance_id,
        update_mask=FieldMask(paths=["labels", "name"]),
        labels={"nic": "mgmt"},
        name="new",
    )
    operation = fresh.done(fresh.instances.Update(request))
    assert operation.metadata.Is(api.UpdateInstanceMetadata.DESCRIPTOR)
    keys = api.UpdateInstanceMetadataRequest(instance_id=instance_id, upsert={"a": "b"})
    fresh.done(fresh.instances.UpdateMetadata(keys))
    instance = fresh.get(instance_id)
    assert (instance.labels, instance.name) == ({"nic": "mgmt"}, "new")
    assert instance.metadata == {"a": "b"}


def test_an_unknown_path_is_refused(fresh):
    """The status names it."""
    request = api.UpdateInstanceRequest(
        instance_id=fresh.create(), update_mask=FieldMask(paths=["fqdn"])
    )
    with pytest.raises(grpc.RpcError) as refused:
        fresh.instances.Update(request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.details() == "update_mask: 'fqdn' cannot be updated"


def test_an_instance_goes_through_its_life(fresh):
    """Stop, start, restart and delete lead from status to status."""
    instance_id, seen = fresh.create(), []
    for method, request_type in (
        (fresh.instances.Restart, api.RestartInstanceRequest),
        (fresh.instances.Stop, api.StopInstanceRequest),
        (fresh.instances.Start, api.StartInstanceRequest),
    ):
        operation = method(request_type(instance_id=instance_id))
        seen.append(fresh.get(instance_id).status)
        fresh.done(operation)
        seen.append(fresh.get(instance_id).status)
    assert seen == [
        Status.RESTARTING,
        Status.RUNNING,
        Status.STOPPING,
        Status.STOPPED,
        Status.PROVISIONING,
        Status.RUNNING,
    ]
    fresh.done(
        fresh.instances.Delete(api.DeleteInstanceRequest(instance_id=instance_id))
    )
    with pytest.raises(grpc.RpcError) as refused:
        fresh.get(instance_id)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_interfaces_are_attached_changed_and_detached(fresh):
    """With an external address that comes and goes in between."""
    instance_id = fresh.create()
    fresh.done(fresh.instances.Stop(api.StopInstanceRequest(instance_id=instance_id)))
    world, one = fresh.cloud.world, {"network_interface_index": "1"}
    one["instance_id"] = instance_id
    attach = api.AttachInstanceNetworkInterfaceRequest(
        **one,
        subnet_id=world.subnets[0].id,
        security_group_ids=[world.security_groups[0].id],
    )
    update = api.UpdateInstanceNetworkInterfaceRequest(
        **one,
        update_mask=FieldMask(paths=["primary_v4_address_spec"]),
        primary_v4_address_spec=api.PrimaryAddressSpec(address="10.128.0.77"),
    )
    for method, request in (
        (fresh.instances.AttachNetworkInterface, attach),
        (fresh.instances.UpdateNetworkInterface, update),
        (fresh.instances.AddOneToOneNat, api.AddInstanceOneToOneNatRequest(**one)),
        (fresh.instances.Start, api.StartInstanceRequest(instance_id=instance_id)),
    ):
        fresh.done(method(request))
    address = fresh.get(instance_id).network_interfaces[1].primary_v4_address
    assert address.address == "10.128.0.77"
    assert address.one_to_one_nat.address == "198.51.100.1"
    remove = api.RemoveInstanceOneToOneNatRequest(**one)
    fresh.done(fresh.instances.RemoveOneToOneNat(remove))
    fresh.done(fresh.instances.Stop(api.StopInstanceRequest(instance_id=instance_id)))
    detach = api.DetachInstanceNetworkInterfaceRequest(**one)
    fresh.done(fresh.instances.DetachNetworkInterface(detach))
    assert len(fresh.get(instance_id).network_interfaces) == 1
    request = api.ListInstanceOperationsRequest(instance_id=instance_id)
    listed = fresh.instances.ListOperations(request).operations
    assert [one.description.split()[0] for one in listed] == [
        *("Detach", "Stop", "Remove", "Start"),
        *("Add", "Update", "Attach", "Stop", "Create"),
    ]


def test_a_creation_is_cancelled_an_attachment_is_not(fresh):
    """Only what the reference marks can be cancelled."""
    request = small_instance(fresh.cloud.world, name="gone")
    operation = fresh.instances.Create(request)
    cancel = CancelOperationRequest(operation_id=operation.id)
    ended = fresh.operations.Cancel(cancel)
    assert (ended.done, ended.error.code) == (True, 1)
    instance_id = fresh.create()
    stop = fresh.instances.Stop(api.StopInstanceRequest(instance_id=instance_id))
    with pytest.raises(grpc.RpcError) as refused:
        fresh.operations.Cancel(CancelOperationRequest(operation_id=stop.id))
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


def test_a_list_is_filtered_ordered_and_paged(fresh):
    """All three at once."""
    for name in ("b", "a", "c", "x"):
        fresh.create(name)
    request = api.ListInstancesRequest(
        folder_id=fresh.cloud.world.folder_id,
        filter='name != "x" AND status = "RUNNING"',
        order_by="name desc",
        page_size=2,
    )
    first = fresh.instances.List(request)
    request.page_token = first.next_page_token
    second = fresh.instances.List(request)
    shown = [one.name for one in (*first.instances, *second.instances)]
    assert (shown, second.next_page_token) == (["c", "b", "a"], "")
