"""Reserving static addresses, and releasing them."""

from datetime import datetime
from typing import Final

from yandex.cloud.vpc.v1.address_pb2 import (
    Address,
    DnsRecord,
    ExternalIpv4Address,
    InternalIpv4Address,
)
from yandex.cloud.vpc.v1.address_service_pb2 import (
    CreateAddressMetadata,
    CreateAddressRequest,
    DeleteAddressMetadata,
    DeleteAddressRequest,
    ExternalIpv4AddressSpec,
    InternalIpv4AddressSpec,
)
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.chance import Chance
from fakes.compute import checks
from fakes.compute.claims import EXTERNAL, Claim
from fakes.compute.connections import check_usable, parsed
from fakes.compute.interfaces import free_address
from fakes.compute.network import SUBNET_PREFIXES
from fakes.compute.plan import Plan
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Kind
from fakes.compute.vpc_common import check_creation, check_zone, found
from fakes.errors import ApiError

_EXTERNAL: Final = "external_ipv4_address_spec"
_INTERNAL: Final = "internal_ipv4_address_spec"
_LONGEST_TTL: Final = 86_400  # seconds; API, `ttl`


def plan_create_address(
    request: CreateAddressRequest, now: datetime, scene: Scene, chance: Chance
) -> Plan:
    """Reserve an address.

    "API" below is (yandex-cloud/docs: en/vpc/api-ref/grpc/Address/create).

    Raises:
        ApiError: As `check_creation`; INVALID_ARGUMENT for the specification;
            with codes that are assumptions if the address cannot be had.
    """
    rules = scene.rules
    check_creation(request, Address, rules)
    address = _reserved(request, rules, chance)
    address.created_at.FromDatetime(now)
    return Plan(
        kind=Kind.CREATE_ADDRESS,
        request=request,
        description="Create address",
        metadata=CreateAddressMetadata(address_id=address.id),
        before=None,
        during=None,
        after=address,
    )


def plan_delete_address(request: DeleteAddressRequest, scene: Scene) -> Plan:
    """Release an address that nothing has and nothing protects.

    Raises:
        ApiError: With `RefusalCodes.protected` or `RefusalCodes.in_use` ("you
            should release it by deleting the resource it is attached to. If
            deletion protection is enabled for the IP address, disable it first",
            yandex-cloud/docs: en/vpc/operations/address-delete.md).
    """
    checks.required(address_id=request.address_id)
    rules = scene.rules
    address = found(Address, request.address_id, rules)
    if address.deletion_protection:
        msg = f"Address {address.id} is protected from deletion"
        raise ApiError(rules.codes.protected, msg)
    user = rules.world.claims.holder(*value_of(address))
    if user is not None:
        msg = f"Address {address.id} is in use by {user}"
        raise ApiError(rules.codes.in_use, msg)
    return Plan(
        kind=Kind.DELETE_ADDRESS,
        request=request,
        description="Delete address",
        metadata=DeleteAddressMetadata(address_id=address.id),
        before=address,
        during=None,
        after=None,
        answers=False,
    )


def value_of(address: Address) -> Claim:
    """Return what whoever uses *address* holds."""
    if address.HasField("external_ipv4_address"):
        return EXTERNAL, address.external_ipv4_address.address
    internal = address.internal_ipv4_address
    return internal.subnet_id, internal.address


def _reserved(request: CreateAddressRequest, rules: Rules, chance: Chance) -> Address:
    address = Address(
        folder_id=request.folder_id,
        name=request.name,
        description=request.description,
        labels=request.labels,
        reserved=True,
        ip_version=Address.IpVersion.IPV4,
        deletion_protection=request.deletion_protection,
        dns_records=_records(request),
    )
    match request.WhichOneof("address_spec"):
        case "external_ipv4_address_spec":
            _reserve_external(request.external_ipv4_address_spec, address, rules)
            zone_id = address.external_ipv4_address.zone_id
            address.id = chance.resource_id(SUBNET_PREFIXES.get(zone_id, "e9b"))
        case "internal_ipv4_address_spec":
            _reserve_internal(request.internal_ipv4_address_spec, address, rules)
            subnet_id = address.internal_ipv4_address.subnet_id
            address.id = chance.resource_id(subnet_id[:3])
        case _:
            msg = f"{_EXTERNAL} or {_INTERNAL}: required"
            raise checks.invalid(msg)
    return address


def _reserve_external(
    spec: ExternalIpv4AddressSpec, address: Address, rules: Rules
) -> None:
    """Reserve any address in a zone, or a given one (API: "zone only if ...").

    Assumptions: a given one is of the platform's range, and good in every zone;
    without one, a zone must be given.
    """
    if spec.address and spec.zone_id:
        msg = f"{_EXTERNAL}.zone_id: only if address is not given"
        raise checks.invalid(msg)
    if spec.address:
        field = f"{_EXTERNAL}.address"
        if parsed(field, spec.address) not in rules.world.public_range:
            msg = f"{field}: {spec.address} is not one of the platform's"
            raise ApiError(rules.codes.address_unusable, msg)
        _check_free(field, (EXTERNAL, spec.address), rules)
    else:
        checks.required(**{f"{_EXTERNAL}.zone_id": spec.zone_id})
        check_zone(f"{_EXTERNAL}.zone_id", spec.zone_id, rules)
    value = ExternalIpv4Address(
        address=spec.address or free_address(EXTERNAL, rules, set()),
        zone_id=spec.zone_id,
    )
    value.requirements.ddos_protection_provider = (
        spec.requirements.ddos_protection_provider
    )
    value.requirements.outgoing_smtp_capability = (
        spec.requirements.outgoing_smtp_capability
    )
    address.external_ipv4_address.CopyFrom(value)
    address.type = Address.Type.EXTERNAL


def _reserve_internal(
    spec: InternalIpv4AddressSpec, address: Address, rules: Rules
) -> None:
    checks.required(**{f"{_INTERNAL}.subnet_id": spec.subnet_id})
    subnet = found(Subnet, spec.subnet_id, rules, rules.codes.unknown_reference)
    if spec.address:
        field = f"{_INTERNAL}.address"
        check_usable(field, spec.address, subnet, rules)
        _check_free(field, (subnet.id, spec.address), rules)
    value = spec.address or free_address(subnet.id, rules, set())
    address.internal_ipv4_address.CopyFrom(
        InternalIpv4Address(address=value, subnet_id=subnet.id)
    )
    address.type = Address.Type.INTERNAL


def _check_free(field: str, claim: Claim, rules: Rules) -> None:
    claims = rules.world.claims
    holder = claims.holder(*claim) or claims.reservation(*claim)
    if holder is not None:
        msg = f"{field}: {claim[1]} is in use by {holder}"
        raise ApiError(rules.codes.address_taken, msg)


def _records(request: CreateAddressRequest) -> list[DnsRecord]:
    """Return the DNS records, checked (API)."""
    for spec in request.dns_record_specs:
        checks.required(
            **{
                "dns_record_specs.fqdn": spec.fqdn,
                "dns_record_specs.dns_zone_id": spec.dns_zone_id,
            }
        )
        if not 0 <= spec.ttl <= _LONGEST_TTL:
            msg = (
                f"dns_record_specs.ttl: {spec.ttl} is not between 0 and {_LONGEST_TTL}"
            )
            raise checks.invalid(msg)
    return [
        DnsRecord(
            fqdn=spec.fqdn, dns_zone_id=spec.dns_zone_id, ttl=spec.ttl, ptr=spec.ptr
        )
        for spec in request.dns_record_specs
    ]
