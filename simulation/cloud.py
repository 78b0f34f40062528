"""The models of the local cloud, put together without a socket, and their past."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import GetInstanceRequest

from fakes.caller import Call, Subject
from fakes.chance import Chance
from fakes.compute.claims import Resource
from fakes.compute.creation import small_instance
from fakes.compute.model import Compute
from fakes.compute.network import ZONES, starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations, Limits
from fakes.compute.world import World
from fakes.errors import ApiError
from fakes.queue import Manners, Queue
from fakes.vpc import Vpc
from simulation.calls import Ask, Refused, Undelivered
from simulation.mail import Mail

START: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# How long a look may not show yet what an operation did: as the handlers assume.
READ_LAG: Final = timedelta(seconds=30)
OURS: Final = Subject(id="ajeours0000000000000", name="nic")
OTHERS: Final = Call(subject=Subject(id="ajeothers00000000000", name="somebody"))

_COMPUTE: Final = "/yandex.cloud.compute.v1.InstanceService/"
_VPC: Final = "/yandex.cloud.vpc.v1."
_BEGIN: Final = {
    _COMPUTE + name for name in ("AttachNetworkInterface", "Start", "Stop")
}


@dataclass(frozen=True, slots=True)
class Seen:
    """The instances from a moment on.

    Attributes:
        moment: Since when.
        instances: By their ids; never changed.
    """

    moment: datetime
    instances: Mapping[str, Instance]


@functools.cache
def _prototype() -> tuple[World, tuple[Resource, ...], tuple[str, ...]]:
    """Return a folder with two instances, all that is in it, and their ids."""
    chance = Chance(1)
    world = starting_world(chance)
    compute = Compute(Rules(world=world), chance)
    for name in ("one", "two"):
        request = small_instance(world, name=name)
        request.labels["nic"] = "mgmt"
        compute.begin(request, START - timedelta(days=1))
    compute.advance(START)
    resources: tuple[Resource, ...] = (
        *world.networks,
        *world.subnets,
        *world.security_groups,
    )
    instances = tuple(world.instances)
    return world, (*resources, *instances), tuple(one.id for one in instances)


class Cloud:
    """Compute, Virtual Private Cloud and three queues, at one moment.

    Args:
        chance: Names things, and decides where the queues' manners leave it open.
        limits: How much of everything there may be.
        running: Whether each of the two instances runs at the beginning.
        manners: How the queues behave.
        durations: How long operations take, if not as usual.

    Attributes:
        now: The moment.
        limits: How much of everything there may be.
        mail: The queues.
        past: How the instances were, oldest first.
        instance_ids: Those there are at the beginning.
    """

    def __init__(
        self,
        chance: Chance,
        *,
        limits: Limits,
        running: tuple[bool, bool],
        manners: Manners,
        durations: Durations | None = None,
    ) -> None:
        model, resources, self.instance_ids = _prototype()
        self.now = START
        self.limits = limits
        self.world = World(
            organization_id=model.organization_id,
            cloud_id=model.cloud_id,
            folder_id=model.folder_id,
            resources=resources,
        )
        for instance_id, runs in zip(self.instance_ids, running, strict=True):
            if not runs:
                found = self.world.instances.get(instance_id)
                if found is not None:
                    found.status = Instance.Status.STOPPED
        rules = Rules(world=self.world, limits=limits)
        self.compute = Compute(rules, chance, durations)
        self.vpc = Vpc(rules)
        self.past: list[Seen] = []
        self.compute.on_change.append(self._note)
        self._note()
        self.mail = Mail(chance, manners, self.now)

    @property
    def subnet_id(self) -> str:
        """The subnet in the zone of both instances."""
        return self.world.subnet_in(ZONES[0]).id

    @property
    def group_id(self) -> str:
        """A group of that subnet's network."""
        return self.world.security_groups[0].id

    def instance(self, instance_id: str) -> Instance | None:
        """Return an instance as it is now, None if there is none."""
        self.compute.advance(self.now)
        return self.past[-1].instances.get(instance_id)

    def api(self, ask: Ask) -> Any:
        """Return the API's answer: a message, or `Refused`."""
        try:
            read = _READS.get(ask.method)
            if read is not None:
                return read(self, ask.request)
            if ask.method in _BEGIN:
                call = Call(subject=OURS, idempotency_key=ask.key or None)
                return self.compute.begin(ask.request, self.now, call)
        except ApiError as error:
            return Refused(error.code.name, error.message)
        return Refused("UNIMPLEMENTED", ask.method)

    def stale(self, request: GetInstanceRequest) -> Any:
        """Return an instance as it was before its last change, if that was just now."""
        self.compute.advance(self.now)
        newest, _ = self.compute.operations_of(request.instance_id, 1, "")
        fresh = newest and self.now < newest[0].modified_at.ToDatetime(UTC) + READ_LAG
        seen = self.past[-2 if fresh and len(self.past) > 1 else -1]
        found = seen.instances.get(request.instance_id)
        return found or Refused("NOT_FOUND", "Instance not found")

    def send(self, ask: Ask) -> bytes | Undelivered:
        """Send what *ask* holds; return the answer of the queue."""
        return self.mail.send(ask, self.now)

    @property
    def queues(self) -> dict[str, Queue]:
        """The queues by their names."""
        return self.mail.queues

    def _note(self) -> None:
        instances = {one.id: one for one in self.world.instances}
        self.past.append(Seen(self.now, instances))


_READS: Final[dict[str, Callable[[Cloud, Any], Any]]] = {
    _COMPUTE + "Get": lambda cloud, it: cloud.compute.get(it, cloud.now),
    _COMPUTE + "List": lambda cloud, it: cloud.compute.list_instances(it, cloud.now),
    _COMPUTE + "ListOperations": lambda cloud, it: cloud.compute.list_operations(
        it, cloud.now
    ),
    "/yandex.cloud.operation.OperationService/Get": (
        lambda cloud, it: cloud.compute.get_operation(it, cloud.now)
    ),
    _VPC + "SubnetService/Get": lambda cloud, it: cloud.vpc.get_subnet(it),
    _VPC + "SecurityGroupService/Get": (
        lambda cloud, it: cloud.vpc.get_security_group(it)
    ),
}
