"""Why a network interface is refused, each reason with its document.

"API" below is the reference of the request's fields
(yandex-cloud/docs: en/compute/api-ref/grpc/Instance/attachNetworkInterface).
Every message begins with the field, and names what was wrong with it.
"""

from collections.abc import Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import IPV6, Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
)

from fakes.compute.network import Subnet
from fakes.compute.scene import Rules
from fakes.errors import ApiError, Code

_LONGEST_TTL: Final = 86_400  # seconds; API, `ttl`

Occupied = Mapping[tuple[str, str], str]


def invalid(message: str) -> ApiError:
    """Return an INVALID_ARGUMENT."""
    return ApiError(Code.INVALID_ARGUMENT, message)


def required(**fields: object) -> None:
    """Refuse if one of the named *fields* is empty.

    Raises:
        ApiError: INVALID_ARGUMENT (API: "This field is required").
    """
    for name, value in fields.items():
        if not value:
            msg = f"{name}: required"
            raise invalid(msg)


def check_folder(folder_id: str, rules: Rules) -> None:
    """Refuse a folder that there is not.

    Raises:
        ApiError: With `RefusalCodes.unknown_reference`, an assumption.
    """
    if folder_id != rules.world.folder_id:
        msg = f"folder_id: Folder {folder_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)


def check_index(index: str, rules: Rules) -> None:
    """Refuse an index that is not a number below the limit of interfaces.

    Raises:
        ApiError: INVALID_ARGUMENT.  Assumption: the API only calls it "0,1,2..."
            and limits how many there are.
    """
    if index not in {str(number) for number in range(rules.limits.interfaces)}:
        last = rules.limits.interfaces - 1
        msg = f"network_interface_index: {index!r} is not a number from 0 to {last}"
        raise invalid(msg)


def check_room(instance: Instance, index: str, rules: Rules) -> None:
    """Refuse an index that is taken, and a ninth interface.

    Raises:
        ApiError: With `RefusalCodes.index_taken`, an assumption, or
            `RefusalCodes.too_many_interfaces`
            (yandex-cloud/docs: en/_includes/compute-limits.md).
    """
    if len(instance.network_interfaces) >= rules.limits.interfaces:
        msg = (
            f"network_interface_index: instance {instance.id} has"
            f" {rules.limits.interfaces} network interfaces already, the most allowed"
        )
        raise ApiError(rules.codes.too_many_interfaces, msg)
    if any(one.index == index for one in instance.network_interfaces):
        msg = (
            f"network_interface_index: instance {instance.id} has a network"
            f" interface with index {index} already"
        )
        raise ApiError(rules.codes.index_taken, msg)


def check_interface(
    spec: NetworkInterfaceSpec, zone_id: str, rules: Rules, occupied: Occupied
) -> None:
    """Refuse what no instance of the zone can be connected to.

    Raises:
        ApiError: For the subnet, the groups, the addresses or the DNS records;
            see the functions below.
    """
    subnet = _checked_subnet(spec.subnet_id, zone_id, rules)
    _check_groups(spec.security_group_ids, subnet, rules)
    if spec.HasField("primary_v6_address_spec"):
        # API: "IPv6 not available yet"; that this is how it is refused, assumed.
        msg = "primary_v6_address_spec: IPv6 is not available yet"
        raise invalid(msg)
    v4 = spec.primary_v4_address_spec
    if v4.address:
        _check_internal(v4.address, subnet, rules, occupied)
    _check_dns(v4.dns_record_specs)
    if v4.HasField("one_to_one_nat_spec"):
        _check_nat(v4.one_to_one_nat_spec, rules, occupied)


def _checked_subnet(subnet_id: str, zone_id: str, rules: Rules) -> Subnet:
    """Refuse an unknown subnet and one of another zone.

    The subnet must be in the instance's zone
    (yandex-cloud/docs: en/compute/operations/vm-control/attach-network-interface.md).
    """
    required(subnet_id=subnet_id)
    subnet = rules.world.subnet(subnet_id)
    if subnet is None:
        msg = f"subnet_id: Subnet {subnet_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)
    if subnet.zone_id != zone_id:
        msg = (
            f"subnet_id: Subnet {subnet_id} is in zone {subnet.zone_id},"
            f" the instance is in zone {zone_id}"
        )
        raise ApiError(rules.codes.other_zone, msg)
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
        group = rules.world.security_group(group_id)
        if group is None:
            msg = f"security_group_ids: Security group {group_id} not found"
            raise ApiError(rules.codes.unknown_reference, msg)
        if group.network_id != subnet.network_id:
            msg = (
                f"security_group_ids: Security group {group_id} is in network"
                f" {group.network_id}, subnet {subnet.id} in {subnet.network_id}"
            )
            raise ApiError(rules.codes.other_network, msg)


def _check_internal(
    text: str, subnet: Subnet, rules: Rules, occupied: Occupied
) -> None:
    """Refuse an address outside the subnet, or in use.  Codes: assumptions."""
    field = "primary_v4_address_spec.address"
    if not subnet.usable(_address(field, text)):
        msg = (
            f"{field}: {text} is not for instances in subnet {subnet.id} {subnet.cidr}"
        )
        raise ApiError(rules.codes.address_unusable, msg)
    _check_free(field, (subnet.id, text), rules, occupied)


def _check_nat(spec: OneToOneNatSpec, rules: Rules, occupied: Occupied) -> None:
    """Refuse a version beside an address (API: "only if address unspecified").

    IPv6 is "not available yet" (API).  Assumption: a static address is any
    that is not of the range for automatic ones, and not in use.
    """
    field = "primary_v4_address_spec.one_to_one_nat_spec"
    if spec.address and spec.ip_version:
        msg = f"{field}.ip_version: only if address is not given"
        raise invalid(msg)
    if spec.ip_version == IPV6:
        msg = f"{field}.ip_version: IPV6 is not available yet"
        raise invalid(msg)
    if spec.address:
        if _address(f"{field}.address", spec.address) in rules.world.public_range:
            msg = f"{field}.address: {spec.address} is not a static address"
            raise ApiError(rules.codes.address_unusable, msg)
        _check_free(f"{field}.address", ("", spec.address), rules, occupied)
    _check_dns(spec.dns_record_specs)


def _address(field: str, text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except AddressValueError as error:
        msg = f"{field}: {text!r} is not an IPv4 address"
        raise invalid(msg) from error


def _check_free(
    field: str, place: tuple[str, str], rules: Rules, occupied: Occupied
) -> None:
    if place in occupied:
        msg = f"{field}: {place[1]} is in use by instance {occupied[place]}"
        raise ApiError(rules.codes.address_taken, msg)


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
