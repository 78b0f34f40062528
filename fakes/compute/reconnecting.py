"""Changing an interface that is there."""

import copy
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import (
    DnsRecord,
    Instance,
    NetworkInterface,
    PrimaryAddress,
)
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    UpdateInstanceNetworkInterfaceMetadata,
    UpdateInstanceNetworkInterfaceRequest,
)

from fakes.compute import checks, connections, interfaces
from fakes.compute.claims import places
from fakes.compute.masks import merged
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.power import in_status
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Kind
from fakes.compute.world import World

# (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/updateNetworkInterface)
_KNOWN: Final = (
    "subnet_id",
    "primary_v4_address_spec",
    "primary_v6_address_spec",
    "security_group_ids",
)
_V4: Final = "primary_v4_address_spec"


def plan_update_interface(
    request: UpdateInstanceNetworkInterfaceRequest, scene: Scene
) -> Plan:
    """Change the fields of an interface that the mask names, or all.

    Another subnet or internal address needs a stopped instance
    (yandex-cloud/docs: en/compute/operations/vm-control/internal-ip-update.md);
    groups, DNS records and the external address do not, an assumption.  The MAC
    address stays.

    Raises:
        ApiError: INVALID_ARGUMENT for the mask; as `connections.check_interface`.
    """
    index, rules = request.network_interface_index, scene.rules
    checks.required(instance_id=request.instance_id, network_interface_index=index)
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.RUNNING, Status.STOPPED)
    after = copy.deepcopy(instance)
    interface = checks.interface_at(after, index, rules)
    was = copy.deepcopy(interface)
    interface.CopyFrom(_changed(was, request, instance, rules))
    if _internal(interface) != _internal(was):
        in_status(instance, scene, Status.STOPPED)
    if instance.status == Status.RUNNING:
        interfaces.assign_addresses(after, rules)
    return Plan(
        kind=Kind.UPDATE_INTERFACE,
        request=request,
        description="Update network interface of instance",
        metadata=UpdateInstanceNetworkInterfaceMetadata(
            instance_id=instance.id, network_interface_index=index
        ),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def _changed(
    was: NetworkInterface,
    request: UpdateInstanceNetworkInterfaceRequest,
    instance: Instance,
    rules: Rules,
) -> NetworkInterface:
    """Return the interface as it will be, checked."""
    current = UpdateInstanceNetworkInterfaceRequest(
        subnet_id=was.subnet_id,
        primary_v4_address_spec=_spec_of(was.primary_v4_address, rules.world),
        security_group_ids=was.security_group_ids,
    )
    mask = request.update_mask
    wanted = merged(request, mask, current, _KNOWN)
    address_masked = not mask.paths or {_V4, f"{_V4}.address"} & set(mask.paths)
    v4 = wanted.primary_v4_address_spec
    if wanted.subnet_id != was.subnet_id:
        if not address_masked:
            v4.ClearField("address")  # it was one of the other subnet
    elif not v4.address and instance.status == Status.RUNNING:
        v4.address = was.primary_v4_address.address
    spec = NetworkInterfaceSpec(
        subnet_id=wanted.subnet_id,
        primary_v4_address_spec=v4,
        security_group_ids=wanted.security_group_ids,
    )
    if wanted.HasField("primary_v6_address_spec"):
        spec.primary_v6_address_spec.CopyFrom(wanted.primary_v6_address_spec)
    own = frozenset(places(was))
    site = connections.Site(rules=rules, zone_id=instance.zone_id, own=own)
    connections.check_interface(spec, site)
    changed = interfaces.interface_from(spec, was.index, was.mac_address)
    _keep_dynamic(was.primary_v4_address, changed.primary_v4_address, rules.world)
    return changed


def _keep_dynamic(was: PrimaryAddress, now: PrimaryAddress, world: World) -> None:
    """Let an automatic external address stay where one is wanted still."""
    address = was.one_to_one_nat.address
    wanted = now.HasField("one_to_one_nat") and not now.one_to_one_nat.address
    if wanted and address and interfaces.is_dynamic(address, world):
        now.one_to_one_nat.address = address


def _internal(interface: NetworkInterface) -> tuple[str, str]:
    return interface.subnet_id, interface.primary_v4_address.address


def _spec_of(primary: PrimaryAddress, world: World) -> PrimaryAddressSpec:
    """Return a specification of what there is already."""
    spec = PrimaryAddressSpec(
        address=primary.address, dns_record_specs=map(_record, primary.dns_records)
    )
    if primary.HasField("one_to_one_nat"):
        nat = primary.one_to_one_nat
        dynamic = not nat.address or interfaces.is_dynamic(nat.address, world)
        spec.one_to_one_nat_spec.CopyFrom(
            OneToOneNatSpec(
                address="" if dynamic else nat.address,
                dns_record_specs=map(_record, nat.dns_records),
            )
        )
    return spec


def _record(one: DnsRecord) -> DnsRecordSpec:
    return DnsRecordSpec(
        fqdn=one.fqdn, dns_zone_id=one.dns_zone_id, ttl=one.ttl, ptr=one.ptr
    )
