"""Networks and what is in them come and go, as the unmodified SDK sees it."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
import yandexcloud
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub
from yandex.cloud.vpc.v1 import address_service_pb2 as addresses
from yandex.cloud.vpc.v1 import network_service_pb2 as networks
from yandex.cloud.vpc.v1 import security_group_service_pb2 as groups
from yandex.cloud.vpc.v1 import subnet_service_pb2 as subnets
from yandex.cloud.vpc.v1.address_service_pb2_grpc import AddressServiceStub
from yandex.cloud.vpc.v1.network_service_pb2_grpc import NetworkServiceStub
from yandex.cloud.vpc.v1.security_group_service_pb2_grpc import SecurityGroupServiceStub
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.testing import CloudThread

START = datetime(2026, 3, 1, tzinfo=UTC)
SECONDS = timedelta(seconds=10)
ZONE = "ru-central1-b"


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(ManualClock(START), seed=1)) as thread:
        yield thread


@pytest.fixture(autouse=True)
def _fresh(thread):
    thread.call(thread.cloud.compute.clear)


@pytest.fixture(scope="module")
def sdk(thread):
    return yandexcloud.SDK(
        endpoint=thread.cloud.rpc.endpoint,
        root_certificates=thread.cloud.rpc.ca_pem,
        iam_token=thread.call(thread.cloud.token).value,
    )


@pytest.fixture(scope="module")
def folder_id(thread):
    return thread.cloud.world.folder_id


@pytest.fixture
def made(thread, sdk):
    """Return what waits for an operation, and gives its metadata."""
    operations = sdk.client(OperationServiceStub)

    def wait(operation, metadata_type):
        assert not operation.done
        thread.cloud.clock.advance(SECONDS)
        ended = operations.Get(GetOperationRequest(operation_id=operation.id))
        assert ended.done
        assert ended.HasField("response")
        metadata = metadata_type()
        assert ended.metadata.Unpack(metadata)
        return metadata

    return wait


@pytest.fixture
def network_id(sdk, folder_id, made):
    request = networks.CreateNetworkRequest(folder_id=folder_id, name="own")
    operation = sdk.client(NetworkServiceStub).Create(request)
    return made(operation, networks.CreateNetworkMetadata).network_id


def test_a_network_comes_and_goes(sdk, made, network_id):
    """With its default group; its operations are listed."""
    stub = sdk.client(NetworkServiceStub)
    found = stub.Get(networks.GetNetworkRequest(network_id=network_id))
    assert found.name == "own"
    listed = stub.ListOperations(
        networks.ListNetworkOperationsRequest(network_id=network_id)
    )
    assert [one.description for one in listed.operations] == ["Create network"]
    group = sdk.client(SecurityGroupServiceStub).Get(
        groups.GetSecurityGroupRequest(
            security_group_id=found.default_security_group_id
        )
    )
    assert group.default_for_network
    request = networks.DeleteNetworkRequest(network_id=network_id)
    made(stub.Delete(request), networks.DeleteNetworkMetadata)
    with pytest.raises(grpc.RpcError) as refused:
        stub.Get(networks.GetNetworkRequest(network_id=network_id))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


def test_a_subnet_comes_and_goes(sdk, folder_id, made, network_id):
    """While it is there, its network cannot go, and its range is taken."""
    stub = sdk.client(SubnetServiceStub)
    request = subnets.CreateSubnetRequest(
        folder_id=folder_id,
        network_id=network_id,
        zone_id=ZONE,
        v4_cidr_blocks=["192.168.0.0/24"],
    )
    subnet_id = made(stub.Create(request), subnets.CreateSubnetMetadata).subnet_id
    found = stub.Get(subnets.GetSubnetRequest(subnet_id=subnet_id))
    assert (found.zone_id, found.v4_cidr_blocks) == (ZONE, ["192.168.0.0/24"])
    delete_network = networks.DeleteNetworkRequest(network_id=network_id)
    for call in (
        lambda: stub.Create(request),
        lambda: sdk.client(NetworkServiceStub).Delete(delete_network),
    ):
        with pytest.raises(grpc.RpcError) as refused:
            call()
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    listed = stub.ListOperations(
        subnets.ListSubnetOperationsRequest(subnet_id=subnet_id)
    )
    assert len(listed.operations) == 1
    delete = subnets.DeleteSubnetRequest(subnet_id=subnet_id)
    made(stub.Delete(delete), subnets.DeleteSubnetMetadata)
    assert stub.Create(request).id


def test_a_group_comes_and_goes(sdk, folder_id, made, network_id):
    """In the network that it was asked for."""
    stub = sdk.client(SecurityGroupServiceStub)
    request = groups.CreateSecurityGroupRequest(
        folder_id=folder_id, network_id=network_id, name="own"
    )
    metadata = made(stub.Create(request), groups.CreateSecurityGroupMetadata)
    group_id = metadata.security_group_id
    asked = groups.GetSecurityGroupRequest(security_group_id=group_id)
    assert stub.Get(asked).network_id == network_id
    listed = stub.ListOperations(
        groups.ListSecurityGroupOperationsRequest(security_group_id=group_id)
    )
    assert len(listed.operations) == 1
    delete = groups.DeleteSecurityGroupRequest(security_group_id=group_id)
    made(stub.Delete(delete), groups.DeleteSecurityGroupMetadata)
    with pytest.raises(grpc.RpcError):
        stub.Get(asked)


def test_an_address_comes_and_goes(sdk, folder_id, made):
    """It is found by id, by value and in the list; its operations are listed."""
    stub = sdk.client(AddressServiceStub)
    spec = addresses.ExternalIpv4AddressSpec(zone_id=ZONE)
    request = addresses.CreateAddressRequest(
        folder_id=folder_id, external_ipv4_address_spec=spec
    )
    address_id = made(stub.Create(request), addresses.CreateAddressMetadata).address_id
    found = stub.Get(addresses.GetAddressRequest(address_id=address_id))
    value = found.external_ipv4_address.address
    by_value = addresses.GetAddressByValueRequest(external_ipv4_address=value)
    assert stub.GetByValue(by_value) == found
    folder = addresses.ListAddressesRequest(folder_id=folder_id)
    assert list(stub.List(folder).addresses) == [found]
    listed = stub.ListOperations(
        addresses.ListAddressOperationsRequest(address_id=address_id, page_size=1)
    )
    assert len(listed.operations) == 1
    delete = addresses.DeleteAddressRequest(address_id=address_id)
    made(stub.Delete(delete), addresses.DeleteAddressMetadata)
    assert not stub.List(folder).addresses


def test_internal_addresses_are_listed_by_subnet(thread, sdk, folder_id, made):
    """Those of other subnets, and external ones, are not among them."""
    stub, world = sdk.client(AddressServiceStub), thread.cloud.world
    ids = []
    for subnet in world.subnets[:2]:
        spec = addresses.InternalIpv4AddressSpec(subnet_id=subnet.id)
        request = addresses.CreateAddressRequest(
            folder_id=folder_id, internal_ipv4_address_spec=spec
        )
        metadata = made(stub.Create(request), addresses.CreateAddressMetadata)
        ids.append(metadata.address_id)
    request = addresses.ListAddressesBySubnetRequest(subnet_id=world.subnets[0].id)
    assert [one.id for one in stub.ListBySubnet(request).addresses] == ids[:1]


def test_an_operation_of_nothing_is_not_listed(sdk):
    """An id is required, and must be one."""
    stub = sdk.client(NetworkServiceStub)
    for network_id, code in (
        ("", grpc.StatusCode.INVALID_ARGUMENT),
        ("enpx", grpc.StatusCode.NOT_FOUND),
    ):
        request = networks.ListNetworkOperationsRequest(network_id=network_id)
        with pytest.raises(grpc.RpcError) as refused:
            stub.ListOperations(request)
        assert refused.value.code() is code
