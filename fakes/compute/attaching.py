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
from fakes.compute import checks, interfaces
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.power import in_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind
from fakes.errors import ApiError, Code


def plan_attach(
    request: AttachInstanceNetworkInterfaceRequest, scene: Scene, chance: Chance
) -> Plan:
    """Add an interface to a stopped instance; see `checks` for the refusals."""
    index, spec = request.network_interface_index, _spec(request)
    checks.required(
        instance_id=request.instance_id,
        network_interface_index=index,
        subnet_id=spec.subnet_id,
        security_group_ids=spec.security_group_ids,
    )
    checks.check_index(index, scene.rules)
    instance = scene.idle(request.instance_id)
    in_status(instance, Status.STOPPED, scene)
    checks.check_room(instance, index, scene.rules)
    checks.check_interface(spec, instance.zone_id, scene.rules, scene.occupied())
    after = copy.deepcopy(instance)
    mac = interfaces.new_mac(chance, (one.mac_address for _, one in scene.interfaces()))
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
        ApiError: NOT_FOUND, an assumption, if the index has no interface.
    """
    index = request.network_interface_index
    checks.required(instance_id=request.instance_id, network_interface_index=index)
    checks.check_index(index, scene.rules)
    instance = scene.idle(request.instance_id)
    in_status(instance, Status.STOPPED, scene)
    kept = [one for one in instance.network_interfaces if one.index != index]
    if len(kept) == len(instance.network_interfaces):
        msg = f"Instance {instance.id} has no network interface with index {index}"
        raise ApiError(Code.NOT_FOUND, msg)
    after = copy.deepcopy(instance)
    del after.network_interfaces[:]
    after.network_interfaces.extend(kept)
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
