"""What happens to instances though no API client asked for it."""

import enum
from dataclasses import dataclass

from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.compute import interfaces
from fakes.compute.plan import Status, with_status
from fakes.compute.power import in_status, stopped
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind


@dataclass(frozen=True, slots=True)
class _Way:
    """From which status to which, and as which audit event."""

    was: Status.ValueType
    then: Status.ValueType
    kind: Kind | None = None


class Mishap(enum.Enum):
    """What strikes an instance, and what becomes of a crashed one.

    "If the VM has entered this status [`CRASHED`], Yandex Cloud will try to restart
    it. Restart attempts will be repeated until the VM's status changes to `RUNNING`
    or `ERROR`" (yandex-cloud/docs: en/compute/concepts/vm-statuses.md).  No audit
    event is documented for the last two.
    """

    GUEST_STOP = _Way(Status.RUNNING, Status.STOPPED, Kind.GUEST_STOP)
    PREEMPT = _Way(Status.RUNNING, Status.STOPPED, Kind.PREEMPT)
    CRASH = _Way(Status.RUNNING, Status.CRASHED, Kind.CRASH)
    RECOVER = _Way(Status.CRASHED, Status.RUNNING)
    GIVE_UP = _Way(Status.CRASHED, Status.ERROR)

    @property
    def kind(self) -> Kind | None:
        """The audit event that tells of it, or None."""
        return self.value.kind


def struck(mishap: Mishap, instance_id: str, scene: Scene) -> Instance:
    """Return the instance as it is after *mishap*.

    Raises:
        ApiError: If there is no such instance, an operation runs on it, or it is in
            another status than the mishap needs.
    """
    way = mishap.value
    instance = scene.idle(instance_id)
    in_status(instance, scene, way.was)
    if way.then != Status.RUNNING:
        return stopped(instance, scene.rules.world, way.then)
    after = with_status(instance, way.then)
    interfaces.assign_addresses(after, scene.rules)
    return after
