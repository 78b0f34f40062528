"""Starting, stopping, restarting and deleting instances.

As everywhere in planning, nothing changes here: a request becomes a plan, or is
refused.  The statuses on the way are those of
(yandex-cloud/docs: en/compute/concepts/vm-statuses.md).
"""

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DeleteInstanceMetadata,
    DeleteInstanceRequest,
    RestartInstanceMetadata,
    RestartInstanceRequest,
    StartInstanceMetadata,
    StartInstanceRequest,
    StopInstanceMetadata,
    StopInstanceRequest,
)

from fakes.compute import checks, interfaces
from fakes.compute.plan import Doom, Plan, Status, with_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind
from fakes.compute.world import World
from fakes.errors import ApiError


def in_status(instance: Instance, scene: Scene, *wanted: Status.ValueType) -> None:
    """Refuse an instance that is in another status than those *wanted*.

    That attaching and detaching need `STOPPED` is documented
    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/attachNetworkInterface),
    and so is what starting, stopping and restarting is for ("the stopped", "the
    running instance": .../start, .../stop, .../restart); all codes are assumed.

    Raises:
        ApiError: With `RefusalCodes.not_in_state`.
    """
    if instance.status not in wanted:
        names = " or ".join(Status.Name(one) for one in wanted)
        msg = (
            f"Instance {instance.id} must be {names},"
            f" it is {Status.Name(instance.status)}"
        )
        raise ApiError(scene.rules.codes.not_in_state, msg)


def plan_start(request: StartInstanceRequest, scene: Scene) -> Plan:
    """Start a stopped instance, giving its interfaces the addresses they lack.

    It goes `PROVISIONING`, `STARTING`, `RUNNING`.

    Raises:
        ApiError: As `checks.check_devices`, `interfaces.assign_addresses`.
    """
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.STOPPED)
    checks.check_devices(instance, scene.rules)
    after = with_status(instance, Status.RUNNING)
    interfaces.assign_addresses(after, scene.rules)
    return Plan(
        kind=Kind.START,
        request=request,
        description="Start instance",
        metadata=StartInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.PROVISIONING),
        later=with_status(instance, Status.STARTING),
        after=after,
    )


def plan_stop(request: StopInstanceRequest, scene: Scene) -> Plan:
    """Stop a running instance, or one in `ERROR`.

    "To fix the error, try stopping and re-starting the VM".  Assumption: the
    same goes for a crashed one.
    """
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.RUNNING, Status.ERROR, Status.CRASHED)
    return Plan(
        kind=Kind.STOP,
        request=request,
        description="Stop instance",
        metadata=StopInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.STOPPING),
        after=stopped(instance, scene.rules.world),
        answers=False,
    )


def plan_restart(request: RestartInstanceRequest, scene: Scene) -> Plan:
    """Restart a running instance; all its addresses stay.

    "If you restart the VM, it retains its public IP address"
    (yandex-cloud/docs: en/vpc/concepts/address.md).  "If you restart a VM with
    more than 14 devices connected, it won't be able to load and run"
    (yandex-cloud/docs: en/_includes/compute-limits.md); that the operation then
    fails and leaves `ERROR` is an assumption.
    """
    instance = scene.idle(request.instance_id)
    in_status(instance, scene, Status.RUNNING)
    doom = None
    try:
        checks.check_devices(instance, scene.rules)
    except ApiError as error:
        wreck = with_status(instance, Status.ERROR)
        doom = Doom(code=error.code, message=error.message, wreck=wreck)
    return Plan(
        kind=Kind.RESTART,
        request=request,
        description="Restart instance",
        metadata=RestartInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.RESTARTING),
        after=instance,
        doom=doom,
        answers=False,
    )


def plan_delete(request: DeleteInstanceRequest, scene: Scene) -> Plan:
    """Delete an instance in any status.

    "First all ongoing operations are canceled and stopped".  If the deletion
    fails, the instance is as before those; a half created one is in `ERROR`,
    an assumption.

    Raises:
        ApiError: As `Scene.instance`; as `Scene.check_idle` if it is being deleted
            already, an assumption.
    """
    instance = scene.instance(request.instance_id)
    if instance.status == Status.DELETING:
        scene.check_idle(f"Instance {instance.id}", instance.id)
    before = instance
    if instance.id in scene.busy:
        earlier = scene.before.get(instance.id)
        before = with_status(instance, Status.ERROR) if earlier is None else earlier
    return Plan(
        kind=Kind.DELETE,
        request=request,
        description="Delete instance",
        metadata=DeleteInstanceMetadata(instance_id=instance.id),
        before=before,
        during=with_status(before, Status.DELETING),
        after=None,
        answers=False,
        ousts=True,
    )


def stopped(
    instance: Instance, world: World, status: Status.ValueType = Status.STOPPED
) -> Instance:
    """Return a copy of *instance* as it is without power, in *status*."""
    after = with_status(instance, status)
    interfaces.release_addresses(after, world)
    return after
