"""Why an interface cannot be connected as asked, each reason with its document.

"API" below is the reference of the request's fields
(yandex-cloud/docs: en/compute/api-ref/grpc/Instance/attachNetworkInterface).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import IPV6
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
)
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.compute.checks import invalid, required
from fakes.compute.claims import EXTERNAL, Claim
from fakes.compute.network import usable
from fakes.compute.scene import Rules
from fakes.errors import ApiError

_LONGEST_TTL: Final = 86_400  # seconds; API, `ttl`
_NAT: Final = "primary_v4_address_spec.one_to_one_nat_spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an interface is to be plugged in.

    Attributes:
        rules: What holds for every request.
        zone_id: The instance's zone.
        taken: Addresses that the same request takes for other interfaces.
        own: Addresses that the interface has already, and may keep.
    """

    rules: Rules
    zone_id: str
    taken: set[Claim] = field(default_factory=set)
    own: frozenset[Claim] = frozenset()


def check_interface(spec: NetworkInterfaceSpec, site: Site) -> None:
    """Refuse what no instance of the zone can be connected to.

    Raises:
        ApiError: For the subnet, the groups, the addresses or the DNS records;
            see the functions below.
    """
    rules = site.rules
    subnet = _checked_subnet(spec.subnet_id, site)
    _check_groups(spec.security_group_ids, subnet, rules)
    if spec.HasField("primary_v6_address_spec"):
        # API: "IPv6 not available yet"; that this is how it is refused, assumed.
        msg = "primary_v6_address_spec: IPv6 is not available yet"
        raise invalid(msg)
    v4 = spec.primary_v4_address_spec
    if v4.address:
        _check_internal(v4.address, subnet, site)
    _check_dns(v4.dns_record_specs)
    if v4.HasField("one_to_one_nat_spec"):
        check_nat(v4.one_to_one_nat_spec, site)


def check_nat(spec: OneToOneNatSpec, site: Site, field: str = _NAT) -> None:
    """Refuse a version beside an address (API: "only if address unspecified").

    IPv6 is "not available yet" (API).  A static address must be in the zone
    (yandex-cloud/docs: en/compute/operations/vm-control/vm-attach-public-ip.md).
    Assumption: what is neither reserved here nor of the range for automatic
    ones is somebody's static address, and may be used.
    """
    if spec.address and spec.ip_version:
        msg = f"{field}.ip_version: only if address is not given"
        raise invalid(msg)
    if spec.ip_version == IPV6:
        msg = f"{field}.ip_version: IPV6 is not available yet"
        raise invalid(msg)
    if spec.address:
        _check_static(f"{field}.address", spec.address, site)
        _check_free(f"{field}.address", (EXTERNAL, spec.address), site)
    _check_dns(spec.dns_record_specs)


def parsed(field: str, text: str) -> IPv4Address:
    """Return the address that *text* is.

    Raises:
        ApiError: INVALID_ARGUMENT if it is none (API: "IPv4").
    """
    try:
        return IPv4Address(text)
    except AddressValueError as error:
        msg = f"{field}: {text!r} is not an IPv4 address"
        raise invalid(msg) from error


def check_usable(field: str, text: str, subnet: Subnet, rules: Rules) -> None:
    """Refuse an address outside the subnet, or not for instances.

    Raises:
        ApiError: INVALID_ARGUMENT for no address; with
            `RefusalCodes.address_unusable`, an assumption.
    """
    if not usable(subnet, parsed(field, text)):
        blocks = ", ".join(subnet.v4_cidr_blocks)
        msg = f"{field}: {text} is not for instances in subnet {subnet.id} {blocks}"
        raise ApiError(rules.codes.address_unusable, msg)


def _checked_subnet(subnet_id: str, site: Site) -> Subnet:
    """Refuse an unknown subnet and one of another zone.

    The subnet must be in the instance's zone
    (yandex-cloud/docs: en/compute/operations/vm-control/attach-network-interface.md).
    """
    codes = site.rules.codes
    required(subnet_id=subnet_id)
    subnet = site.rules.world.shelf(Subnet).get(subnet_id)
    if subnet is None:
        msg = f"subnet_id: Subnet {subnet_id} not found"
        raise ApiError(codes.unknown_reference, msg)
    if subnet.zone_id != site.zone_id:
        msg = (
            f"subnet_id: Subnet {subnet_id} is in zone {subnet.zone_id},"
            f" the instance is in zone {site.zone_id}"
        )
        raise ApiError(codes.other_zone, msg)
    return subnet


def _check_groups(group_ids: Iterable[str], subnet: Subnet, rules: Rules) -> None:
    """Refuse unknown groups, those of another network, and more than five.

    (yandex-cloud/docs: en/_includes/compute-limits.md) limits their number,
    (yandex-cloud/docs: en/compute/operations/vm-control/attach-network-interface.md)
    asks for groups of the subnet's network.
    """
    groups = list(group_ids)
    most = rules.limits.security_groups
    if len(groups) > most:
        msg = f"security_group_ids: {len(groups)} groups, at most {most} are allowed"
        raise ApiError(rules.codes.too_many_groups, msg)
    for group_id in groups:
        group = rules.world.shelf(SecurityGroup).get(group_id)
        if group is None:
            msg = f"security_group_ids: Security group {group_id} not found"
            raise ApiError(rules.codes.unknown_reference, msg)
        if group.network_id != subnet.network_id:
            msg = (
                f"security_group_ids: Security group {group_id} is in network"
                f" {group.network_id}, subnet {subnet.id} in {subnet.network_id}"
            )
            raise ApiError(rules.codes.other_network, msg)


def _check_internal(text: str, subnet: Subnet, site: Site) -> None:
    field = "primary_v4_address_spec.address"
    check_usable(field, text, subnet, site.rules)
    _check_free(field, (subnet.id, text), site)


def _check_static(field: str, text: str, site: Site) -> None:
    """Refuse an address of the automatic range, or reserved for another zone."""
    world, codes = site.rules.world, site.rules.codes
    value = parsed(field, text)
    reservation = world.claims.reservation(EXTERNAL, text)
    address = world.shelf(Address).get(reservation or "")
    if address is None:
        if value in world.public_range:
            msg = f"{field}: {text} is not a static address"
            raise ApiError(codes.address_unusable, msg)
        return
    zone_id = address.external_ipv4_address.zone_id
    if zone_id and zone_id != site.zone_id:
        msg = (
            f"{field}: {text} is in zone {zone_id},"
            f" the instance is in zone {site.zone_id}"
        )
        raise ApiError(codes.other_zone, msg)


def _check_free(field: str, claim: Claim, site: Site) -> None:
    """Refuse an address in use.  The code is an assumption."""
    if claim in site.own:
        return
    if claim in site.taken:
        msg = f"{field}: {claim[1]} is in use by another interface of the request"
        raise ApiError(site.rules.codes.address_taken, msg)
    holder = site.rules.world.claims.holder(*claim)
    if holder is not None:
        msg = f"{field}: {claim[1]} is in use by instance {holder}"
        raise ApiError(site.rules.codes.address_taken, msg)


def _check_dns(records: Iterable[DnsRecordSpec]) -> None:
    """Refuse a record without a name, or with a ttl out of bounds (API)."""
    for record in records:
        required(**{"dns_record_specs.fqdn": record.fqdn})
        if not 0 <= record.ttl <= _LONGEST_TTL:
            msg = (
                f"dns_record_specs.ttl: {record.ttl} of {record.fqdn} is not"
                f" between 0 and {_LONGEST_TTL}"
            )
            raise invalid(msg)
