"""Creating and deleting networks and security groups."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import (
    CreateNetworkMetadata,
    CreateNetworkRequest,
    DeleteNetworkMetadata,
    DeleteNetworkRequest,
)
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup, SecurityGroupRule
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    CreateSecurityGroupMetadata,
    CreateSecurityGroupRequest,
    DeleteSecurityGroupMetadata,
    DeleteSecurityGroupRequest,
)

from fakes.chance import Chance
from fakes.compute import checks
from fakes.compute.masks import set_field
from fakes.compute.network import NETWORK_PREFIX, default_group
from fakes.compute.plan import Plan
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Kind
from fakes.compute.vpc_common import check_creation, check_unused, found
from fakes.errors import ApiError

_MOST_RULES: Final = 50  # (yandex-cloud/docs: en/_includes/vpc-limits.md)
_LABELS: Final = "./\\@"  # beside -_0-9a-z, in labels of groups


def plan_create_network(
    request: CreateNetworkRequest, now: datetime, scene: Scene, chance: Chance
) -> Plan:
    """Create a network, and its default security group with it.

    "The default security group is automatically created in a new network"
    (yandex-cloud/docs: en/vpc/concepts/security-groups.md); its name is an
    assumption.
    """
    check_creation(request, Network, scene.rules)
    network_id, group_id = (chance.resource_id(NETWORK_PREFIX) for _ in range(2))
    network = Network(
        id=network_id,
        folder_id=request.folder_id,
        name=request.name,
        description=request.description,
        labels=request.labels,
        default_security_group_id=group_id,
    )
    group = default_group(group_id, f"default-sg-{network_id}", network_id)
    group.folder_id = request.folder_id
    for one in (network, group):
        one.created_at.FromDatetime(now)
    return Plan(
        kind=Kind.CREATE_NETWORK,
        request=request,
        description="Create network",
        metadata=CreateNetworkMetadata(network_id=network_id),
        before=None,
        during=None,
        after=network,
        beside=(group,),
    )


def plan_delete_network(request: DeleteNetworkRequest, scene: Scene) -> Plan:
    """Delete a network without subnets and groups, but for the default group."""
    checks.required(network_id=request.network_id)
    network = found(Network, request.network_id, scene.rules)
    group_id = network.default_security_group_id
    check_unused(network, scene.rules, but=group_id)
    group = scene.rules.world.shelf(SecurityGroup).get(group_id)
    return Plan(
        kind=Kind.DELETE_NETWORK,
        request=request,
        description="Delete network",
        metadata=DeleteNetworkMetadata(network_id=network.id),
        before=network,
        during=None,
        after=None,
        beside=(group,) if group else (),
        answers=False,
    )


def plan_create_group(
    request: CreateSecurityGroupRequest, now: datetime, scene: Scene, chance: Chance
) -> Plan:
    """Create a security group.

    Raises:
        ApiError: INVALID_ARGUMENT for more than 50 rules, or one without a direction.
    """
    rules = scene.rules
    check_creation(request, SecurityGroup, rules, _LABELS)
    checks.required(network_id=request.network_id)
    found(Network, request.network_id, rules, rules.codes.unknown_reference)
    group = SecurityGroup(
        id=chance.resource_id(NETWORK_PREFIX),
        folder_id=request.folder_id,
        name=request.name,
        description=request.description,
        labels=request.labels,
        network_id=request.network_id,
        status=SecurityGroup.Status.ACTIVE,
        rules=_rules(request, chance),
    )
    group.created_at.FromDatetime(now)
    return Plan(
        kind=Kind.CREATE_GROUP,
        request=request,
        description="Create security group",
        metadata=CreateSecurityGroupMetadata(security_group_id=group.id),
        before=None,
        during=None,
        after=group,
    )


def plan_delete_group(request: DeleteSecurityGroupRequest, scene: Scene) -> Plan:
    """Delete a security group that no interface has.

    Raises:
        ApiError: With `RefusalCodes.protected` for the default one ("You cannot
            delete a security group created by default in the network",
            yandex-cloud/docs: en/vpc/operations/security-group-delete.md).
    """
    checks.required(security_group_id=request.security_group_id)
    rules: Rules = scene.rules
    group = found(SecurityGroup, request.security_group_id, rules)
    if group.default_for_network:
        msg = f"Security group {group.id} is the default of network {group.network_id}"
        raise ApiError(rules.codes.protected, msg)
    check_unused(group, rules)
    return Plan(
        kind=Kind.DELETE_GROUP,
        request=request,
        description="Delete security group",
        metadata=DeleteSecurityGroupMetadata(security_group_id=group.id),
        before=group,
        during=None,
        after=None,
        answers=False,
    )


def _rules(
    request: CreateSecurityGroupRequest, chance: Chance
) -> Iterator[SecurityGroupRule]:
    if len(request.rule_specs) > _MOST_RULES:
        msg = f"rule_specs: {len(request.rule_specs)} of them, at most {_MOST_RULES}"
        raise checks.invalid(msg)
    for spec in request.rule_specs:
        checks.required(**{"rule_specs.direction": spec.direction})
        rule = SecurityGroupRule(id=chance.resource_id(NETWORK_PREFIX))
        for field, value in spec.ListFields():
            set_field(rule, field.name, value, there=True)
        yield rule
