"""Network interfaces: made from their specifications, given addresses at start."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address

from yandex.cloud.compute.v1.instance_pb2 import (
    IPV4,
    DnsRecord,
    Instance,
    NetworkInterface,
    OneToOneNat,
    PrimaryAddress,
)
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
)

from fakes.chance import Chance
from fakes.compute.network import World
from fakes.compute.settings import RefusalCodes
from fakes.errors import ApiError


def new_mac(chance: Chance, taken: Iterable[str]) -> str:
    """Return a MAC address nobody has, in the cloud's range `d0:0d:...`."""
    others = set(taken)
    while True:
        digits = "d00d" + chance.uuid()[:8]
        mac = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
        if mac not in others:
            return mac


def interface_from(
    spec: NetworkInterfaceSpec, index: str, mac_address: str
) -> NetworkInterface:
    """Return the interface as it is before the instance starts.

    `primary_v4_address` is there, but an automatic address in it is empty until
    the start
    (yandex-cloud/docs: en/compute/operations/vm-control/attach-network-interface.md).
    Assumption: an address that was asked for shows at once.
    """
    return NetworkInterface(
        index=index,
        mac_address=mac_address,
        subnet_id=spec.subnet_id,
        primary_v4_address=_primary(spec.primary_v4_address_spec),
        security_group_ids=spec.security_group_ids,
    )


def assign_addresses(
    instance: Instance,
    world: World,
    taken: Iterable[tuple[str, str]],
    codes: RefusalCodes,
) -> None:
    """Give each interface of *instance* the addresses it lacks, in place.

    Raises:
        ApiError: With `RefusalCodes.no_addresses_left`, an assumption, if a
            range is used up.
    """
    used = set(taken)
    for interface in instance.network_interfaces:
        internal = interface.primary_v4_address
        if not internal.address:
            subnet_id = interface.subnet_id
            internal.address = _free(subnet_id, _hosts(world, subnet_id), used, codes)
        if internal.HasField("one_to_one_nat") and not internal.one_to_one_nat.address:
            internal.one_to_one_nat.address = _free(
                "", world.public_range.hosts(), used, codes
            )


def release_addresses(instance: Instance, world: World) -> None:
    """Take automatic external addresses away, in place: the instance stops.

    Assumption: internal ones stay with their interfaces.
    """
    for interface in instance.network_interfaces:
        nat = interface.primary_v4_address.one_to_one_nat
        if nat.address and IPv4Address(nat.address) in world.public_range:
            nat.ClearField("address")


def _hosts(world: World, subnet_id: str) -> Iterator[IPv4Address]:
    return (
        host
        for subnet in world.subnets
        if subnet.id == subnet_id
        for host in subnet.cidr.hosts()
        if subnet.usable(host)
    )


def _free(
    subnet_id: str,
    hosts: Iterable[IPv4Address],
    used: set[tuple[str, str]],
    codes: RefusalCodes,
) -> str:
    for host in hosts:
        place = (subnet_id, str(host))
        if place not in used:
            used.add(place)
            return str(host)
    whose = f"Subnet {subnet_id}" if subnet_id else "The range of external addresses"
    raise ApiError(codes.no_addresses_left, f"{whose} has no free address")


def _primary(spec: PrimaryAddressSpec) -> PrimaryAddress:
    primary = PrimaryAddress(
        address=spec.address, dns_records=_records(spec.dns_record_specs)
    )
    if spec.HasField("one_to_one_nat_spec"):
        primary.one_to_one_nat.CopyFrom(_nat(spec.one_to_one_nat_spec))
    return primary


def _nat(spec: OneToOneNatSpec) -> OneToOneNat:
    return OneToOneNat(
        address=spec.address,
        ip_version=IPV4,
        dns_records=_records(spec.dns_record_specs),
    )


def _records(specs: Iterable[DnsRecordSpec]) -> list[DnsRecord]:
    return [
        DnsRecord(
            fqdn=spec.fqdn, dns_zone_id=spec.dns_zone_id, ttl=spec.ttl, ptr=spec.ptr
        )
        for spec in specs
    ]
