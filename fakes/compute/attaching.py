"""Attaching network interfaces to instances, and detaching them."""

import copy

from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceMetadata,
    AttachInstanceNetworkInterfaceRequest,
    DetachInstanceNetworkInterfaceMetadata,
    DetachInstanceNetworkInterfaceRequest,
    NetworkInterfaceSpec,
)

from fakes.chance import Chance
from fakes.compute import checks, connections, interfaces
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.power import in_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind
from fakes.errors import ApiError


def plan_attach(
    request: AttachInstanceNetworkInterfaceRequest, scene: Scene, chance: Chance
) -> Plan:
    """Add an interface to a stopped instance.

    `checks` and `connections` tell what is refused.  Assumption: an interface
    that would be a device too many for the next start is not.
    """
    index, spec = request.network_interface_index, _spec(request)
    checks.required(
        instance_id=request.instance_id,
        network_interface_index=index,
        subnet_id=spec.subnet_id,
        security_group_ids=spec.security_group_ids,
    )
    rules = scene.rules
    checks.check_index(index, rules)
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.STOPPED)
    checks.check_room(instance, index, rules)
    site = connections.Site(rules=rules, zone_id=instance.zone_id)
    connections.check_interface(spec, site)
    after = copy.deepcopy(instance)
    mac = interfaces.new_mac(chance, index, rules.world.claims, site.taken)
    after.network_interfaces.append(interfaces.interface_from(spec, index, mac))
    after.network_interfaces.sort(key=lambda one: int(one.index))
    return Plan(
        kind=Kind.ATTACH,
        request=request,
        description="Attach network interface to instance",
        metadata=AttachInstanceNetworkInterfaceMetadata(
            instance_id=instance.id, network_interface_index=index
        ),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def plan_detach(request: DetachInstanceNetworkInterfaceRequest, scene: Scene) -> Plan:
    """Remove an interface from a stopped instance.

    Raises:
        ApiError: With `RefusalCodes.last_interface` for the only one ("you cannot
            delete a VM's network interface if it is the only one it has",
            yandex-cloud/docs:
            en/compute/operations/vm-control/detach-network-interface.md).
    """
    index = request.network_interface_index
    checks.required(instance_id=request.instance_id, network_interface_index=index)
    checks.check_index(index, scene.rules)
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.STOPPED)
    gone = checks.interface_at(instance, index, scene.rules)
    if len(instance.network_interfaces) == 1:
        msg = f"Instance {instance.id} has no other network interface than {index}"
        raise ApiError(scene.rules.codes.last_interface, msg)
    after = copy.deepcopy(instance)
    after.network_interfaces.remove(gone)
    return Plan(
        kind=Kind.DETACH,
        request=request,
        description="Detach network interface from instance",
        metadata=DetachInstanceNetworkInterfaceMetadata(
            instance_id=instance.id, network_interface_index=index
        ),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def _spec(request: AttachInstanceNetworkInterfaceRequest) -> NetworkInterfaceSpec:
    """Return what is wanted, in the form that creation takes it too."""
    return NetworkInterfaceSpec(
        index=request.network_interface_index,
        subnet_id=request.subnet_id,
        primary_v4_address_spec=request.primary_v4_address_spec,
        security_group_ids=request.security_group_ids,
    )
