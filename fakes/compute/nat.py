"""External addresses of interfaces: given, and taken away."""

import copy

from yandex.cloud.compute.v1.instance_pb2 import Instance, NetworkInterface
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatMetadata,
    AddInstanceOneToOneNatRequest,
    RemoveInstanceOneToOneNatMetadata,
    RemoveInstanceOneToOneNatRequest,
)

from fakes.compute import checks, connections, interfaces
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.power import in_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind
from fakes.errors import ApiError


def plan_add_nat(request: AddInstanceOneToOneNatRequest, scene: Scene) -> Plan:
    """Give an interface an external address: at once if the instance runs.

    (yandex-cloud/docs: en/compute/operations/vm-control/vm-attach-public-ip.md)

    Raises:
        ApiError: As `connections.check_nat`; with `RefusalCodes.nat_there`, an
            assumption, if the interface has one.
    """
    instance, after = _pair(request.instance_id, scene)
    interface = _interface(request, after, scene)
    primary, rules = interface.primary_v4_address, scene.rules
    if primary.HasField("one_to_one_nat"):
        msg = (
            f"Instance {instance.id} has a one-to-one NAT already on network"
            f" interface {interface.index}"
        )
        raise ApiError(rules.codes.nat_there, msg)
    site = connections.Site(rules=rules, zone_id=instance.zone_id)
    connections.check_nat(request.one_to_one_nat_spec, site, "one_to_one_nat_spec")
    primary.one_to_one_nat.CopyFrom(interfaces.nat_from(request.one_to_one_nat_spec))
    if instance.status == Status.RUNNING:
        interfaces.assign_addresses(after, rules)
    return Plan(
        kind=Kind.ADD_NAT,
        request=request,
        description="Add one-to-one NAT to instance",
        metadata=AddInstanceOneToOneNatMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def plan_remove_nat(request: RemoveInstanceOneToOneNatRequest, scene: Scene) -> Plan:
    """Take the external address away from an interface.

    Raises:
        ApiError: With `RefusalCodes.nat_missing`, an assumption, if there is none.
    """
    instance, after = _pair(request.instance_id, scene)
    interface = _interface(request, after, scene)
    if not interface.primary_v4_address.HasField("one_to_one_nat"):
        msg = (
            f"Instance {instance.id} has no one-to-one NAT on network"
            f" interface {interface.index}"
        )
        raise ApiError(scene.rules.codes.nat_missing, msg)
    interface.primary_v4_address.ClearField("one_to_one_nat")
    return Plan(
        kind=Kind.REMOVE_NAT,
        request=request,
        description="Remove one-to-one NAT from instance",
        metadata=RemoveInstanceOneToOneNatMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def _pair(instance_id: str, scene: Scene) -> tuple[Instance, Instance]:
    """Return the instance, which runs or is stopped, and a copy to change."""
    instance = scene.idle(instance_id)
    in_status(instance, scene, Status.RUNNING, Status.STOPPED)
    return instance, copy.deepcopy(instance)


def _interface(
    request: AddInstanceOneToOneNatRequest | RemoveInstanceOneToOneNatRequest,
    instance: Instance,
    scene: Scene,
) -> NetworkInterface:
    """Return the interface that *request* is about.

    Assumptions: without an index it is 0, "the default value" of the client
    (yandex-cloud/docs: en/compute/operations/vm-control/vm-attach-public-ip.md);
    an internal address that is not its own is refused.
    """
    index = request.network_interface_index or "0"
    interface = checks.interface_at(instance, index, scene.rules)
    own = interface.primary_v4_address.address
    if request.internal_address not in {"", own}:
        msg = f"internal_address: network interface {index} has {own or 'none'}"
        raise checks.invalid(msg)
    return interface
