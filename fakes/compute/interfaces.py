"""Network interfaces: made from their specifications, given addresses at start."""

from collections.abc import Iterable
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
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.chance import Chance
from fakes.compute.claims import EXTERNAL, MAC, Claim, Claims
from fakes.compute.network import public_ranges, ranges
from fakes.compute.scene import Rules
from fakes.compute.world import World
from fakes.errors import ApiError


def new_mac(chance: Chance, index: str, claims: Claims, taken: set[Claim]) -> str:
    """Return a MAC address nobody has, and add it to *taken*.

    Those in the documentation's samples begin with `d0:0d` at index 0, `d0:1d`
    at index 1 and so on
    (yandex-cloud/docs: en/compute/operations/vm-control/detach-network-interface.md).
    """
    while True:
        digits = f"d0{int(index):x}d" + chance.uuid()[:8]
        mac = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
        claim = (MAC, mac)
        if claims.holder(*claim) is None and claim not in taken:
            taken.add(claim)
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
    instance: Instance, rules: Rules, taken: Iterable[Claim] = ()
) -> None:
    """Give each interface of *instance* the addresses it lacks, in place.

    Args:
        instance: It starts, or runs.
        rules: Tell what there is.
        taken: Addresses that the request takes before anybody holds them.

    Raises:
        ApiError: With `RefusalCodes.no_addresses_left`, an assumption, if a
            range is used up.
    """
    used = set(taken)
    for interface in instance.network_interfaces:
        internal = interface.primary_v4_address
        if not internal.address:
            internal.address = free_address(interface.subnet_id, rules, used)
        nat = internal.one_to_one_nat
        if internal.HasField("one_to_one_nat") and not nat.address:
            nat.address = free_address(EXTERNAL, rules, used)


def release_addresses(instance: Instance, world: World) -> None:
    """Take automatic external addresses away, in place: the instance stops.

    "When a VM with a dynamic public IP is stopped, its address is released",
    and "the internal IP address does not change during the entire lifetime"
    (yandex-cloud/docs: en/vpc/concepts/address.md).
    """
    for interface in instance.network_interfaces:
        nat = interface.primary_v4_address.one_to_one_nat
        if nat.address and is_dynamic(nat.address, world):
            nat.ClearField("address")


def is_dynamic(address: str, world: World) -> bool:
    """Tell whether an external address was given automatically."""
    reserved = world.claims.reservation(EXTERNAL, address) is not None
    return not reserved and IPv4Address(address) in world.public_range


def nat_from(spec: OneToOneNatSpec) -> OneToOneNat:
    """Return the external address as it is before the instance starts."""
    return OneToOneNat(
        address=spec.address,
        ip_version=IPV4,
        dns_records=_records(spec.dns_record_specs),
    )


def free_address(scope: str, rules: Rules, used: set[Claim]) -> str:
    """Return the lowest free address of a scope, and add it to *used*.

    Raises:
        ApiError: As `assign_addresses`.
    """
    world = rules.world
    if scope == EXTERNAL:
        whose, free = "The range of external addresses", public_ranges(world)
    else:
        subnet = world.shelf(Subnet).get(scope)
        whose, free = f"Subnet {scope}", ranges(subnet) if subnet else []
    address = world.claims.lowest_free(scope, free, used)
    if address is None:
        raise ApiError(rules.codes.no_addresses_left, f"{whose} has no free address")
    used.add((scope, address))
    return address


def _primary(spec: PrimaryAddressSpec) -> PrimaryAddress:
    primary = PrimaryAddress(
        address=spec.address, dns_records=_records(spec.dns_record_specs)
    )
    if spec.HasField("one_to_one_nat_spec"):
        primary.one_to_one_nat.CopyFrom(nat_from(spec.one_to_one_nat_spec))
    return primary


def _records(specs: Iterable[DnsRecordSpec]) -> list[DnsRecord]:
    return [
        DnsRecord(
            fqdn=spec.fqdn, dns_zone_id=spec.dns_zone_id, ttl=spec.ttl, ptr=spec.ptr
        )
        for spec in specs
    ]
