"""Starting, stopping and deleting instances.

As everywhere in planning, nothing changes here: a request becomes a plan, or is
refused.
"""

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DeleteInstanceMetadata,
    DeleteInstanceRequest,
    StartInstanceMetadata,
    StartInstanceRequest,
    StopInstanceMetadata,
    StopInstanceRequest,
)

from fakes.compute import interfaces
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind
from fakes.errors import ApiError


def in_status(instance: Instance, wanted: Status.ValueType, scene: Scene) -> None:
    """Refuse an instance that is in another status than *wanted*.

    That attaching and detaching need `STOPPED` is documented
    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/attachNetworkInterface);
    that starting and stopping have their own needs, and all codes, are assumed.

    Raises:
        ApiError: With `RefusalCodes.not_in_state`.
    """
    if instance.status != wanted:
        msg = (
            f"Instance {instance.id} must be {Status.Name(wanted)},"
            f" it is {Status.Name(instance.status)}"
        )
        raise ApiError(scene.rules.codes.not_in_state, msg)


def plan_start(request: StartInstanceRequest, scene: Scene) -> Plan:
    """Start a stopped instance, giving its interfaces the addresses they lack."""
    instance = scene.idle(request.instance_id)
    in_status(instance, Status.STOPPED, scene)
    after = with_status(instance, Status.RUNNING)
    rules = scene.rules
    interfaces.assign_addresses(after, rules.world, scene.occupied(), rules.codes)
    return Plan(
        kind=Kind.START,
        request=request,
        description="Start instance",
        metadata=StartInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.STARTING),
        after=after,
    )


def plan_stop(request: StopInstanceRequest, scene: Scene) -> Plan:
    """Stop a running instance."""
    instance = scene.idle(request.instance_id)
    in_status(instance, Status.RUNNING, scene)
    return Plan(
        kind=Kind.STOP,
        request=request,
        description="Stop instance",
        metadata=StopInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.STOPPING),
        after=stopped(instance, scene),
        answers_instance=False,
    )


def plan_delete(request: DeleteInstanceRequest, scene: Scene) -> Plan:
    """Delete an instance in any status, if nothing else happens to it."""
    instance = scene.idle(request.instance_id)
    return Plan(
        kind=Kind.DELETE,
        request=request,
        description="Delete instance",
        metadata=DeleteInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.DELETING),
        after=None,
        answers_instance=False,
    )


def stopped(
    instance: Instance, scene: Scene, status: Status.ValueType = Status.STOPPED
) -> Instance:
    """Return a copy of *instance* as it is without power, in *status*."""
    after = with_status(instance, status)
    interfaces.release_addresses(after, scene.rules.world)
    return after
