"""What is refused of networks, subnets, groups and addresses, in one table."""

import pytest
from yandex.cloud.vpc.v1.address_service_pb2 import (
    CreateAddressRequest,
    DeleteAddressRequest,
    DnsRecordSpec,
)
from yandex.cloud.vpc.v1.network_service_pb2 import (
    DeleteNetworkRequest,
)
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroupRule
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    DeleteSecurityGroupRequest,
    SecurityGroupRuleSpec,
)
from yandex.cloud.vpc.v1.subnet_service_pb2 import (
    DeleteSubnetRequest,
)

from fakes.errors import ApiError, Code
from tests.compute_bench import Bench
from tests.unit.vpc_requests import external, group, internal, network, subnet

BAD, MISSING, TAKEN = Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS
STATE = Code.FAILED_PRECONDITION
INGRESS = SecurityGroupRule.Direction.INGRESS


@pytest.fixture
def bench():
    return Bench()


REFUSALS = {
    "no folder": (lambda b: network(b, folder_id=""), BAD, "folder_id: required"),
    "folder": (lambda b: network(b, folder_id="b1gx"), MISSING, "Folder b1gx not"),
    "name": (lambda b: network(b, name="-"), BAD, "name: '-' does not match"),
    "same name": (lambda b: network(b, name="default"), TAKEN, "Network default ex"),
    "description": (lambda b: network(b, description="x" * 257), BAD, "description:"),
    "labels": (lambda b: network(b, labels={"a/b": ""}), BAD, "labels: 'a/b' does"),
    "no network": (lambda b: subnet(b, network_id=""), BAD, "network_id: required"),
    "network": (lambda b: subnet(b, network_id="enpx"), MISSING, "Network enpx not f"),
    "no zone": (lambda b: subnet(b, zone_id=""), BAD, "zone_id: required"),
    "zone": (lambda b: subnet(b, zone_id="moon"), MISSING, "Zone moon not found"),
    "no range": (lambda b: subnet(b, v4_cidr_blocks=[]), BAD, "blocks: required"),
    "no such range": (
        lambda b: subnet(b, v4_cidr_blocks=["10.7.0.1/24"]),
        BAD,
        "'10.7.0.1/24' is not a range",
    ),
    "public range": (
        lambda b: subnet(b, v4_cidr_blocks=["8.8.8.0/24"]),
        BAD,
        "8.8.8.0/24 is not private",
    ),
    "large range": (
        lambda b: subnet(b, v4_cidr_blocks=["10.0.0.0/15"]),
        BAD,
        "not from /16 to /28",
    ),
    "small range": (
        lambda b: subnet(b, v4_cidr_blocks=["10.7.0.0/29"]),
        BAD,
        "not from /16 to /28",
    ),
    "overlapping range": (
        lambda b: subnet(b, v4_cidr_blocks=["10.7.0.0/24", "10.128.0.0/16"]),
        STATE,
        "10.128.0.0/16 overlaps 10.128.0.0/24 of subnet e9b",
    ),
    "range twice": (
        lambda b: subnet(b, v4_cidr_blocks=["10.7.0.0/24", "10.7.0.0/28"]),
        STATE,
        "overlaps 10.7.0.0/24 of the same subnet",
    ),
    "route table": (
        lambda b: subnet(b, route_table_id="enpx"),
        MISSING,
        "Route table enpx not found",
    ),
    "network of group": (
        lambda b: group(b, network_id="enpx"),
        MISSING,
        "Network enpx not found",
    ),
    "rules": (
        lambda b: group(b, rule_specs=[SecurityGroupRuleSpec(direction=INGRESS)] * 51),
        BAD,
        "rule_specs: 51 of them, at most 50",
    ),
    "direction": (
        lambda b: group(b, rule_specs=[SecurityGroupRuleSpec()]),
        BAD,
        "rule_specs.direction: required",
    ),
    "no network to delete": (lambda _: DeleteNetworkRequest(), BAD, "network_id: req"),
    "network to delete": (
        lambda _: DeleteNetworkRequest(network_id="enpx"),
        MISSING,
        "Network enpx not found",
    ),
    "network with subnets": (
        lambda b: DeleteNetworkRequest(network_id=b.world.networks[0].id),
        STATE,
        "is in use by e9b",
    ),
    "subnet to delete": (
        lambda _: DeleteSubnetRequest(subnet_id="e9bx"),
        MISSING,
        "Subnet e9bx not found",
    ),
    "group to delete": (
        lambda _: DeleteSecurityGroupRequest(security_group_id="enpx"),
        MISSING,
        "Security group enpx not found",
    ),
    "default group": (
        lambda b: DeleteSecurityGroupRequest(security_group_id=b.group),
        STATE,
        "is the default of network",
    ),
    "address to delete": (
        lambda _: DeleteAddressRequest(address_id="e9bx"),
        MISSING,
        "Address e9bx not found",
    ),
    "no specification": (
        lambda b: CreateAddressRequest(folder_id=b.world.folder_id),
        BAD,
        "external_ipv4_address_spec or internal_ipv4_address_spec: required",
    ),
    "zone and address": (
        lambda b: external(b, "198.51.100.7"),
        BAD,
        "spec.zone_id: only if address is not given",
    ),
    "neither zone nor address": (
        lambda b: external(b, zone_id=""),
        BAD,
        "external_ipv4_address_spec.zone_id: required",
    ),
    "zone of address": (
        lambda b: external(b, zone_id="moon"),
        MISSING,
        "Zone moon not found",
    ),
    "foreign address": (
        lambda b: external(b, "203.0.113.9", ""),
        BAD,
        "203.0.113.9 is not one of the platform's",
    ),
    "no address": (lambda b: external(b, "x", ""), BAD, "'x' is not an IPv4 address"),
    "no subnet": (
        lambda b: internal(b, subnet_id=""),
        BAD,
        "internal_ipv4_address_spec.subnet_id: required",
    ),
    "subnet": (
        lambda b: internal(b, subnet_id="e9bx"),
        MISSING,
        "Subnet e9bx not found",
    ),
    "gateway": (
        lambda b: internal(b, "10.128.0.1"),
        BAD,
        "10.128.0.1 is not for instances in subnet",
    ),
    "fqdn": (
        lambda b: internal(b, dns_record_specs=[DnsRecordSpec(dns_zone_id="dns")]),
        BAD,
        "dns_record_specs.fqdn: required",
    ),
    "dns zone": (
        lambda b: internal(b, dns_record_specs=[DnsRecordSpec(fqdn="a.")]),
        BAD,
        "dns_record_specs.dns_zone_id: required",
    ),
    "ttl": (
        lambda b: internal(
            b,
            dns_record_specs=[DnsRecordSpec(fqdn="a.", dns_zone_id="dns", ttl=86_401)],
        ),
        BAD,
        "ttl: 86401 is not between 0 and 86400",
    ),
}


@pytest.mark.parametrize(("request_of", "code", "why"), REFUSALS.values(), ids=REFUSALS)
def test_refusals(bench, request_of, code, why):
    """Each of these is refused with its code, and leaves nothing behind."""
    with pytest.raises(ApiError, match=why) as refused:
        bench.begin(request_of(bench))
    assert refused.value.code is code
    assert bench.compute.next_change() is None
    assert bench.compute.audit.events == []
