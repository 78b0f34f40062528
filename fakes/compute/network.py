"""What an interface connects to: networks, subnets and security groups.

All of it stands still while the cloud runs; a test that needs another world
builds another value.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from fakes.chance import Chance

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
# (RFC 5737): nothing real answers there.
_DOCUMENTATION_RANGE: Final = IPv4Network("198.51.100.0/24")
ZONES: Final = tuple(INSTANCE_PREFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A cloud network.

    Attributes:
        id: 20 characters, beginning with `enp`.
        name: For people.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A range of addresses in one zone.

    Attributes:
        id: 20 characters; the first three tell the zone.
        name: For people.
        network_id: The network it is part of.
        zone_id: The only zone whose instances may connect to it.
        cidr: Its IPv4 range.
    """

    id: str
    name: str
    network_id: str
    zone_id: str
    cidr: IPv4Network

    def usable(self, address: IPv4Address) -> bool:
        """Tell whether an instance may have *address*.

        Assumption: beside the range's first and last address, the first two
        hosts are the platform's own (gateway and DNS).
        """
        return self.cidr[3] <= address < self.cidr[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """Rules for traffic, valid within one network.

    Attributes:
        id: 20 characters, beginning with `enp`.
        name: For people.
        network_id: The network whose interfaces may have it.
    """

    id: str
    name: str
    network_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One folder and everything in it that does not change.

    Attributes:
        organization_id: Owns the cloud.
        cloud_id: Owns the folder; begins with `b1g`.
        folder_id: The only folder; begins with `b1g`.
        networks: By no particular order.
        subnets: Likewise.
        security_groups: Likewise.
        public_range: Where automatic external addresses come from.
    """

    organization_id: str
    cloud_id: str
    folder_id: str
    networks: tuple[Network, ...]
    subnets: tuple[Subnet, ...]
    security_groups: tuple[SecurityGroup, ...]
    public_range: IPv4Network = _DOCUMENTATION_RANGE

    def subnet(self, subnet_id: str) -> Subnet | None:
        """Return the subnet with this id, or None."""
        return next((one for one in self.subnets if one.id == subnet_id), None)

    def subnet_in(self, zone_id: str) -> Subnet:
        """Return the first subnet of a zone.

        Raises:
            LookupError: If the zone has none.
        """
        for subnet in self.subnets:
            if subnet.zone_id == zone_id:
                return subnet
        msg = f"no subnet in zone {zone_id}"
        raise LookupError(msg)

    def security_group(self, group_id: str) -> SecurityGroup | None:
        """Return the security group with this id, or None."""
        return next((one for one in self.security_groups if one.id == group_id), None)


def starting_world(chance: Chance) -> World:
    """Return a folder with a network across all zones, and a foreign one.

    The first network has a subnet in each zone, 10.128.0.0/24, 10.129.0.0/24
    and 10.130.0.0/24, and the security group `default`; the second has no
    subnet, only the security group `foreign`.
    """
    home, abroad = (
        Network(id=chance.resource_id("enp"), name=name)
        for name in ("default", "other")
    )
    return World(
        organization_id=chance.resource_id("bpf"),
        cloud_id=chance.resource_id("b1g"),
        folder_id=chance.resource_id("b1g"),
        networks=(home, abroad),
        subnets=tuple(
            Subnet(
                id=chance.resource_id(SUBNET_PREFIXES[zone_id]),
                name=f"default-{zone_id}",
                network_id=home.id,
                zone_id=zone_id,
                cidr=IPv4Network(f"10.{number}.0.0/24"),
            )
            for number, zone_id in enumerate(ZONES, start=128)
        ),
        security_groups=(
            SecurityGroup(
                id=chance.resource_id("enp"), name="default", network_id=home.id
            ),
            SecurityGroup(
                id=chance.resource_id("enp"), name="foreign", network_id=abroad.id
            ),
        ),
    )
