"""What interfaces connect to: subnets, their ranges, and the first of them."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.chance import Chance
from fakes.compute.claims import Resource
from fakes.compute.world import DOCUMENTATION_RANGE, World

# Which prefix goes with which zone is seen in the documentation's samples.
SUBNET_PREFIXES: Final = {
    "ru-central1-a": "e9b",
    "ru-central1-b": "e2l",
    "ru-central1-d": "fl8",
}
INSTANCE_PREFIXES: Final = {
    "ru-central1-a": "fhm",
    "ru-central1-b": "epd",
    "ru-central1-d": "fv4",
}
NETWORK_PREFIX: Final = "enp"
ZONES: Final = tuple(INSTANCE_PREFIXES)


def ranges(subnet: Subnet) -> list[range]:
    """Return the addresses that instances may have, as numbers, lowest first.

    "The first two addresses from any range are allocated to the gateway
    (x.x.x.1) and DNS server (x.x.x.2)"
    (yandex-cloud/docs: en/vpc/concepts/network.md).  Assumption: the first and
    the last number of the range are no addresses.
    """
    blocks = sorted(IPv4Network(block) for block in subnet.v4_cidr_blocks)
    return [range(int(one[3]), int(one[-1])) for one in blocks]


def public_ranges(world: World) -> list[range]:
    """Return the external addresses that may be given, as numbers."""
    one = world.public_range
    return [range(int(one[1]), int(one[-1]))]


def usable(subnet: Subnet, address: IPv4Address) -> bool:
    """Tell whether an instance may have *address*; see `ranges`."""
    return any(int(address) in one for one in ranges(subnet))


def starting_world(
    chance: Chance,
    *,
    public_range: IPv4Network = DOCUMENTATION_RANGE,
    more_subnets: Iterable[Subnet] = (),
) -> World:
    """Return a folder with a network across all zones, and a foreign one.

    The first network has a subnet in each zone, 10.128.0.0/24, 10.129.0.0/24
    and 10.130.0.0/24, and the security group `default`; the second has no
    subnet, only the security group `foreign`.

    Args:
        chance: Names things.
        public_range: Where external addresses come from.
        more_subnets: Others; without a network, they are part of the first one.
    """
    home, abroad = (chance.resource_id(NETWORK_PREFIX) for _ in range(2))
    owners = [chance.resource_id(prefix) for prefix in ("bpf", "b1g", "b1g")]
    organization_id, cloud_id, folder_id = owners
    subnets = _zonal_subnets(home, chance)
    group_ids = [chance.resource_id(NETWORK_PREFIX) for _ in range(2)]
    groups = [
        default_group(group_id, name, network_id)
        for group_id, name, network_id in zip(
            group_ids, ("default", "foreign"), (home, abroad), strict=True
        )
    ]
    resources: list[Resource] = [
        Network(id=home, name="default", default_security_group_id=group_ids[0]),
        Network(id=abroad, name="other", default_security_group_id=group_ids[1]),
        *subnets,
        *more_subnets,
        *groups,
    ]
    for one in resources:
        one.folder_id = folder_id
        if isinstance(one, Subnet):
            one.network_id = one.network_id or home
    return World(
        organization_id=organization_id,
        cloud_id=cloud_id,
        folder_id=folder_id,
        resources=resources,
        public_range=public_range,
    )


def _zonal_subnets(network_id: str, chance: Chance) -> list[Subnet]:
    return [
        Subnet(
            id=chance.resource_id(SUBNET_PREFIXES[zone_id]),
            name=f"default-{zone_id}",
            network_id=network_id,
            zone_id=zone_id,
            v4_cidr_blocks=[f"10.{number}.0.0/24"],
        )
        for number, zone_id in enumerate(ZONES, start=128)
    ]


def default_group(group_id: str, name: str, network_id: str) -> SecurityGroup:
    """Return the group that a network has from the beginning.

    (yandex-cloud/docs: en/vpc/concepts/security-groups.md).  It has no rules
    here: traffic is beyond the local cloud.
    """
    return SecurityGroup(
        id=group_id,
        name=name,
        network_id=network_id,
        status=SecurityGroup.Status.ACTIVE,
        default_for_network=True,
    )
