"""Creating and deleting subnets."""

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Network
from typing import Final

from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import (
    CreateSubnetMetadata,
    CreateSubnetRequest,
    DeleteSubnetMetadata,
    DeleteSubnetRequest,
)

from fakes.chance import Chance
from fakes.compute import checks
from fakes.compute.network import SUBNET_PREFIXES
from fakes.compute.plan import Plan
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Kind
from fakes.compute.vpc_common import check_creation, check_unused, check_zone, found
from fakes.errors import ApiError

# (yandex-cloud/docs: en/vpc/concepts/network.md): "Subnets can only use private
# IPv4 addresses", "the maximum CIDR size in these ranges is /16 and the minimum
# is /28".
_PRIVATE: Final = tuple(
    IPv4Network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
_LARGEST: Final = 16
_SMALLEST: Final = 28


def plan_create_subnet(
    request: CreateSubnetRequest, now: datetime, scene: Scene, chance: Chance
) -> Plan:
    """Create a subnet.  Assumption: it needs a range.

    Raises:
        ApiError: As `check_creation`, and for an unknown network or zone or for a
            range, with codes that are assumptions.
    """
    rules = scene.rules
    check_creation(request, Subnet, rules)
    checks.required(
        network_id=request.network_id,
        zone_id=request.zone_id,
        v4_cidr_blocks=request.v4_cidr_blocks,
    )
    found(Network, request.network_id, rules, rules.codes.unknown_reference)
    check_zone("zone_id", request.zone_id, rules)
    if request.route_table_id:
        msg = f"route_table_id: Route table {request.route_table_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)
    _check_overlaps(request, scene)
    subnet = _subnet(request, now, chance)
    return Plan(
        kind=Kind.CREATE_SUBNET,
        request=request,
        description="Create subnet",
        metadata=CreateSubnetMetadata(subnet_id=subnet.id),
        before=None,
        during=None,
        after=subnet,
    )


def plan_delete_subnet(request: DeleteSubnetRequest, scene: Scene) -> Plan:
    """Delete a subnet to which nothing is connected."""
    checks.required(subnet_id=request.subnet_id)
    subnet = found(Subnet, request.subnet_id, scene.rules)
    check_unused(subnet, scene.rules)
    return Plan(
        kind=Kind.DELETE_SUBNET,
        request=request,
        description="Delete subnet",
        metadata=DeleteSubnetMetadata(subnet_id=subnet.id),
        before=subnet,
        during=None,
        after=None,
        answers=False,
    )


def _subnet(request: CreateSubnetRequest, now: datetime, chance: Chance) -> Subnet:
    subnet = Subnet(
        id=chance.resource_id(SUBNET_PREFIXES[request.zone_id]),
        folder_id=request.folder_id,
        name=request.name,
        description=request.description,
        labels=request.labels,
        network_id=request.network_id,
        zone_id=request.zone_id,
        v4_cidr_blocks=request.v4_cidr_blocks,
    )
    if request.HasField("dhcp_options"):
        subnet.dhcp_options.CopyFrom(request.dhcp_options)
    subnet.created_at.FromDatetime(now)
    return subnet


def _check_overlaps(request: CreateSubnetRequest, scene: Scene) -> None:
    """Refuse a range that shares addresses with another of the network.

    "Subnet IP address ranges cannot overlap within the same cloud network"
    (yandex-cloud/docs: en/vpc/concepts/network.md).
    """
    others = [
        (IPv4Network(block), f"subnet {one.id}")
        for one in _neighbours(request.network_id, scene)
        for block in one.v4_cidr_blocks
    ]
    for text in request.v4_cidr_blocks:
        block = _block(text, scene.rules)
        for other, whose in others:
            if block.overlaps(other):
                msg = f"v4_cidr_blocks: {text} overlaps {other} of {whose}"
                raise ApiError(scene.rules.codes.range_overlaps, msg)
        others.append((block, "the same subnet"))


def _neighbours(network_id: str, scene: Scene) -> Iterable[Subnet]:
    """Return the subnets there are in a network, come, or may come back."""
    unseen = (one for one in scene.unseen if isinstance(one, Subnet))
    every = (*scene.rules.world.subnets, *unseen)
    return (one for one in every if one.network_id == network_id)


def _block(text: str, rules: Rules) -> IPv4Network:
    """Return the range that *text* is."""
    try:
        block = IPv4Network(text)
    except ValueError as error:
        msg = f"v4_cidr_blocks: {text!r} is not a range of IPv4 addresses"
        raise checks.invalid(msg) from error
    private = any(block.subnet_of(one) for one in _PRIVATE)
    if not private or not _LARGEST <= block.prefixlen <= _SMALLEST:
        msg = f"v4_cidr_blocks: {text} is not private, or not from /16 to /28"
        raise ApiError(rules.codes.range_unusable, msg)
    return block
