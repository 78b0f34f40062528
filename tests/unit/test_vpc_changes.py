"""Networks, subnets, groups and addresses are created and deleted, by operations."""

import pytest
from yandex.cloud.operation.operation_service_pb2 import CancelOperationRequest
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import (
    DeleteNetworkRequest,
    GetNetworkRequest,
)
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup, SecurityGroupRule
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    DeleteSecurityGroupRequest,
    SecurityGroupRuleSpec,
)
from yandex.cloud.vpc.v1.subnet_pb2 import DhcpOptions, Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import (
    DeleteSubnetRequest,
    GetSubnetRequest,
)

from fakes.compute import fates
from fakes.compute.settings import Kind
from fakes.errors import ApiError, Code
from fakes.vpc import Vpc
from tests.compute_bench import START, Bench
from tests.unit.vpc_requests import ZONE, group, made, network, subnet

STATE = Code.FAILED_PRECONDITION
INGRESS = SecurityGroupRule.Direction.INGRESS


@pytest.fixture
def bench():
    return Bench()


def test_a_network_comes_with_its_default_group(bench):
    """Both are there when the operation ends, and not before; both go again."""
    request = network(bench, name="Own", description="mine", labels={"a": "b"})
    operation = bench.begin(request)
    assert operation.metadata.TypeName().endswith("CreateNetworkMetadata")
    assert len(bench.world.networks) == 2
    bench.now = bench.compute.next_change()
    bench.operation(operation.id)
    [one] = [one for one in bench.world.networks if one.name == "Own"]
    assert (one.description, one.labels) == ("mine", {"a": "b"})
    assert one.created_at.ToDatetime(START.tzinfo) == START
    got = Vpc(bench.rules).get_network(GetNetworkRequest(network_id=one.id))
    assert got == one
    [default] = [g for g in bench.world.security_groups if g.network_id == one.id]
    assert default.id == one.default_security_group_id
    assert default.default_for_network
    operation = bench.finish(DeleteNetworkRequest(network_id=one.id))
    assert operation.response.TypeName() == "google.protobuf.Empty"
    assert len(bench.world.networks) == len(bench.world.security_groups) == 2


def test_instances_connect_to_a_new_subnet(bench):
    """Its range gives them their addresses, from the third on, and it is in use until
    they have gone.
    """
    request = subnet(bench, name="Own", dhcp_options=DhcpOptions(domain_name="x"))
    one = made(bench, request, Subnet)
    assert (one.id[:3], one.zone_id) == ("e9b", ZONE)
    assert one.dhcp_options.domain_name == "x"
    instance_id = bench.stopped()
    bench.finish(bench.attachment(instance_id, subnet_id=one.id))
    bench.start(instance_id)
    interface = bench.instance(instance_id).network_interfaces[1]
    assert interface.primary_v4_address.address == "10.7.0.3"
    delete = DeleteSubnetRequest(subnet_id=one.id)
    with pytest.raises(ApiError, match=f"in use by {instance_id}") as refused:
        bench.begin(delete)
    assert refused.value.code is STATE


def test_two_ranges_are_one_subnet(bench):
    """Addresses come from the lower range first, whatever the order of both."""
    blocks = ["10.8.0.0/28", "10.7.0.0/28"]
    one = made(bench, subnet(bench, v4_cidr_blocks=blocks), Subnet)
    ids = [bench.stopped(f"n{at}") for at in range(2)]
    for instance_id in ids:
        for index in range(1, 8):
            request = bench.attachment(instance_id, str(index), subnet_id=one.id)
            bench.finish(request)
        bench.start(instance_id)
    given = [
        interface.primary_v4_address.address
        for instance_id in ids
        for interface in bench.instance(instance_id).network_interfaces[1:]
    ]
    lower = [f"10.7.0.{host}" for host in range(3, 15)]
    assert given == [*lower, "10.8.0.3", "10.8.0.4"]


def test_what_is_deleted_cannot_be_used_any_more(bench):
    """From the beginning of the deletion, a subnet is not found; its range is free at
    the end, and if the deletion fails, it is there as before.
    """
    one, instance_id = made(bench, subnet(bench), Subnet), bench.stopped()
    bench.compute.script(Kind.DELETE_SUBNET, fates.fails(Code.INTERNAL, "no"))
    bench.begin(DeleteSubnetRequest(subnet_id=one.id))
    with pytest.raises(ApiError, match="not found"):
        bench.begin(bench.attachment(instance_id, subnet_id=one.id))
    with pytest.raises(ApiError, match="overlaps"):
        bench.begin(subnet(bench))
    bench.now = bench.compute.next_change()
    bench.compute.advance(bench.now)
    assert Vpc(bench.rules).get_subnet(GetSubnetRequest(subnet_id=one.id)) == one
    bench.finish(DeleteSubnetRequest(subnet_id=one.id))
    assert made(bench, subnet(bench), Subnet).id != one.id


def test_a_group_has_its_rules(bench):
    """Each gets an id and keeps all that was said."""
    spec = SecurityGroupRuleSpec(
        direction=INGRESS,
        description="in",
        labels={"a": "b"},
        protocol_name="TCP",
        predefined_target="self_security_group",
    )
    spec.ports.from_port, spec.ports.to_port = 80, 443
    one = made(bench, group(bench, name="Own", rule_specs=[spec]), SecurityGroup)
    [rule] = one.rules
    assert len(rule.id) == 20
    assert (rule.description, rule.direction, rule.labels) == (
        "in",
        INGRESS,
        {"a": "b"},
    )
    assert (rule.ports.from_port, rule.ports.to_port) == (80, 443)
    assert (rule.protocol_name, rule.predefined_target) == (
        "TCP",
        "self_security_group",
    )
    instance_id = bench.stopped()
    bench.finish(bench.attachment(instance_id, security_group_ids=[one.id]))
    delete = DeleteSecurityGroupRequest(security_group_id=one.id)
    with pytest.raises(ApiError, match=f"is in use by {instance_id}"):
        bench.begin(delete)
    bench.finish(bench.detachment(instance_id))
    assert bench.finish(delete).HasField("response")


def test_creations_that_are_marked_can_be_cancelled(bench):
    """Networks and subnets can; groups cannot.  What was cancelled is not there."""
    for request, possible in (
        (network(bench, name="one"), True),
        (subnet(bench, name="one"), True),
        (group(bench, name="one"), False),
    ):
        operation = bench.begin(request)
        cancel = CancelOperationRequest(operation_id=operation.id)
        if possible:
            ended = bench.compute.cancel(cancel, bench.now)
            assert ended.error.code == Code.CANCELLED
            assert bench.begin(request).id
        else:
            with pytest.raises(ApiError, match="cannot be cancelled"):
                bench.compute.cancel(cancel, bench.now)


def test_networks_do_not_use_up_the_operations_of_compute(bench):
    """The fifteen operations of a folder are those on instances."""
    for _ in range(20):
        bench.begin(network(bench))
    assert bench.running()


def test_ranges_may_repeat_in_another_network(bench):
    """Only within one network do they need to differ."""
    other = made(bench, network(bench), Network)
    blocks = ["10.128.0.0/24"]
    request = subnet(bench, network_id=other.id, v4_cidr_blocks=blocks)
    assert made(bench, request, Subnet).network_id == other.id


def test_networks_are_told_as_events_of_their_service(bench):
    """Events are of the service `network`, and name what they are about."""
    one = made(bench, group(bench, name="Own"), SecurityGroup)
    event = bench.compute.audit.events[-1]
    assert event["event_source"] == "network"
    assert event["event_type"] == "yandex.cloud.audit.network.CreateSecurityGroup"
    assert event["details"] == {
        "security_group_id": one.id,
        "security_group_name": "Own",
    }
