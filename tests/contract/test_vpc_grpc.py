"""Networks, subnets and security groups, as the unmodified SDK reads them."""

from datetime import UTC, datetime

import grpc
import pytest
import yandexcloud
from yandex.cloud.vpc.v1.network_service_pb2 import (
    GetNetworkRequest,
    ListNetworksRequest,
)
from yandex.cloud.vpc.v1.network_service_pb2_grpc import NetworkServiceStub
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    GetSecurityGroupRequest,
    ListSecurityGroupsRequest,
)
from yandex.cloud.vpc.v1.security_group_service_pb2_grpc import SecurityGroupServiceStub
from yandex.cloud.vpc.v1.subnet_service_pb2 import (
    GetSubnetRequest,
    ListSubnetsRequest,
    UpdateSubnetRequest,
)
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.errors import Code
from fakes.faults import Fault
from fakes.testing import CloudThread

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(ManualClock(START), seed=1)) as thread:
        yield thread


@pytest.fixture(scope="module")
def cloud(thread):
    return thread.cloud


@pytest.fixture(autouse=True)
def _fresh(cloud):
    cloud.faults.clear()


@pytest.fixture(scope="module")
def sdk(thread, cloud):
    return yandexcloud.SDK(
        endpoint=cloud.rpc.endpoint,
        root_certificates=cloud.rpc.ca_pem,
        iam_token=thread.call(cloud.token).value,
    )


@pytest.fixture(scope="module")
def subnets(sdk):
    return sdk.client(SubnetServiceStub)


@pytest.fixture
def channel(cloud):
    with grpc.insecure_channel(f"127.0.0.1:{cloud.rpc.plain_port}") as channel:
        yield channel


def refusal(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as refused:
        call()
    return refused.value.code(), refused.value.details()


def test_the_sdk_reads_subnets(cloud, subnets):
    """Discovery, TLS and the token lead to the subnet that instances connect to."""
    one = cloud.world.subnet_in("ru-central1-d")
    found = subnets.List(
        ListSubnetsRequest(folder_id=cloud.world.folder_id, filter=f'name="{one.name}"')
    ).subnets
    assert list(found) == [subnets.Get(GetSubnetRequest(subnet_id=one.id))]
    assert found[0].v4_cidr_blocks == one.v4_cidr_blocks


def test_the_sdk_reads_security_groups(cloud, sdk):
    """Each group is served as listed."""
    groups = sdk.client(SecurityGroupServiceStub)
    request = ListSecurityGroupsRequest(folder_id=cloud.world.folder_id)
    listed = groups.List(request).security_groups
    assert {one.name for one in listed} == {"default", "foreign"}
    for one in listed:
        assert groups.Get(GetSecurityGroupRequest(security_group_id=one.id)) == one


def test_the_sdk_reads_networks(cloud, sdk):
    """Each network is served as listed."""
    networks = sdk.client(NetworkServiceStub)
    request = ListNetworksRequest(folder_id=cloud.world.folder_id)
    listed = networks.List(request).networks
    assert {one.name for one in listed} == {"default", "other"}
    for one in listed:
        assert networks.Get(GetNetworkRequest(network_id=one.id)) == one


def test_the_sdk_turns_pages(cloud, subnets):
    """A token goes to the client and back, until there is none."""
    request = ListSubnetsRequest(folder_id=cloud.world.folder_id, page_size=2)
    first = subnets.List(request)
    request.page_token = first.next_page_token
    last = subnets.List(request)
    shown = [one.id for one in (*first.subnets, *last.subnets)]
    assert shown == sorted(one.id for one in cloud.world.subnets)
    assert last.next_page_token == ""


def test_refusals_reach_the_client(subnets):
    """Code and message are those of the call's status."""
    unknown = GetSubnetRequest(subnet_id="e9bx")
    assert refusal(lambda: subnets.Get(unknown)) == (
        grpc.StatusCode.NOT_FOUND,
        "Subnet e9bx not found",
    )
    assert refusal(lambda: subnets.Get(GetSubnetRequest())) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "subnet_id: required",
    )


def test_what_is_missing_is_unimplemented(cloud, subnets):
    """A method that the local cloud lacks says so."""
    request = UpdateSubnetRequest(subnet_id=cloud.world.subnets[0].id)
    code, text = refusal(lambda: subnets.Update(request))
    assert code is grpc.StatusCode.UNIMPLEMENTED
    assert "SubnetService/Update is not in the local cloud" in text


def test_a_wrong_token_is_refused(channel):
    """What is read of the network is not for everyone."""
    wrong = (("authorization", "Bearer wrong"),)
    stub = SubnetServiceStub(channel)
    code, _ = refusal(lambda: stub.List(ListSubnetsRequest(), metadata=wrong))
    assert code is grpc.StatusCode.UNAUTHENTICATED


def test_faults_strike_one_service_alone(thread, cloud, channel):
    """A fault of subnets leaves networks alone, and each call is on record."""
    fault = Fault(method="SubnetService/List", code=Code.UNAVAILABLE)
    thread.call(cloud.faults.add, fault)
    folder_id = cloud.world.folder_id
    subnets, networks = SubnetServiceStub(channel), NetworkServiceStub(channel)
    assert networks.List(ListNetworksRequest(folder_id=folder_id)).networks
    request = ListSubnetsRequest(folder_id=folder_id)
    code, _ = refusal(lambda: subnets.List(request))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert subnets.List(request).subnets
    assert [one.method for one in cloud.faults.seen] == [
        "NetworkService/List",
        "SubnetService/List",
        "SubnetService/List",
    ]
