"""Compute Cloud: instances and the operations on them.

The model does nothing by itself.  Every method first lets the time pass until
the `now` it is given; whoever must not miss an end asks `next_change` when to
call `advance`.  Moments are datetimes in UTC and never go back.

Nobody gets hold of what is stored: what is handed out is a copy.
"""

import copy
import enum
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    FULL,
    GetInstanceRequest,
    ListInstanceOperationsRequest,
    ListInstanceOperationsResponse,
    ListInstancesRequest,
    ListInstancesResponse,
)
from yandex.cloud.operation.operation_pb2 import Operation
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest

from fakes.caller import BY_PLATFORM, Call
from fakes.chance import Chance
from fakes.compute import listing, power
from fakes.compute.audit import AuditLog, EventStatus
from fakes.compute.fates import SUCCEEDS, OperationFate
from fakes.compute.ledger import Entry, Ledger, new_operation
from fakes.compute.network import INSTANCE_PREFIXES
from fakes.compute.plan import Plan, Request, basic_view
from fakes.compute.planning import plan_of
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Durations, Kind

_NOBODY: Final = Call()


class Mishap(enum.Enum):
    """What happens to a running instance though no API client asked for it."""

    GUEST_STOP = Kind.GUEST_STOP
    PREEMPT = Kind.PREEMPT
    CRASH = Kind.CRASH


class Compute:
    """The instances of one folder, and their operations.

    Attributes:
        rules: The world, the limits, and the codes of refusals.
        audit: What happened, as audit events.
        on_change: Called, without arguments, after whatever changed something.
    """

    def __init__(
        self, rules: Rules, chance: Chance, durations: Durations | None = None
    ) -> None:
        self.rules = rules
        self.audit = AuditLog(rules.world, chance)
        self.on_change: list[Callable[[], None]] = []
        self._chance = chance
        self._durations = durations or Durations()
        self.clear()

    def clear(self) -> None:
        """Forget every instance, operation, event and scripted fate."""
        self._instances: dict[str, Instance] = {}
        self._ledger = Ledger(self.rules, self._durations)
        self._fates: dict[Kind, deque[OperationFate]] = {}
        self.audit.clear()

    def populate(self, instances: Iterable[Instance]) -> None:
        """Let these instances be there, as if they always had been.

        No operation and no event tells of them, and nothing is checked.
        """
        self._instances |= {one.id: copy.deepcopy(one) for one in instances}
        self._changed()

    def script(self, kind: Kind, *fate: OperationFate) -> None:
        """Decide how the next operations of a kind end, one fate for each."""
        self._fates.setdefault(kind, deque()).extend(fate)

    def next_change(self) -> datetime | None:
        """Return when a running operation ends, or shows its error, next."""
        return self._ledger.next_change()

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by *now*, in the order of time."""
        moment = self._ledger.next_change()
        if moment is None or moment > now:
            return
        for at, entry in self._ledger.pass_time(now):
            self._settle(entry, at)
        self._changed()

    def get(self, request: GetInstanceRequest, now: datetime) -> Instance:
        """Return an instance, with its metadata only in the view FULL.

        Raises:
            ApiError: INVALID_ARGUMENT without an id; NOT_FOUND.
        """
        self.advance(now)
        instance = self._scene().instance(request.instance_id)
        if request.view == FULL:
            return copy.deepcopy(instance)
        return basic_view(instance)

    def list_instances(
        self, request: ListInstancesRequest, now: datetime
    ) -> ListInstancesResponse:
        """Return one page of instances, by id.

        Raises:
            ApiError: See `listing.instances_page`.
        """
        self.advance(now)
        return listing.instances_page(request, self._instances.values(), self.rules)

    def list_operations(
        self, request: ListInstanceOperationsRequest, now: datetime
    ) -> ListInstanceOperationsResponse:
        """Return one page of an instance's operations.

        Assumption: the newest come first.

        Raises:
            ApiError: INVALID_ARGUMENT for the page; NOT_FOUND for the instance.
        """
        self.advance(now)
        self._scene().instance(request.instance_id)
        entries = self._ledger.of_instance(request.instance_id)
        return listing.operations_page(request, entries)

    def get_operation(self, request: GetOperationRequest, now: datetime) -> Operation:
        """Return an operation as it is at *now*.

        Raises:
            ApiError: NOT_FOUND.
        """
        self.advance(now)
        return self._ledger.find(request.operation_id)

    def begin(self, request: Request, now: datetime, call: Call = _NOBODY) -> Operation:
        """Begin the operation that *request* asks for, or find the one it began.

        A request with the idempotency key of an earlier one gets that one's
        operation, as it is now, without any check.  A refused request leaves
        nothing behind, not even its key.

        Raises:
            ApiError: For the reasons in `power`, `attaching`, `creation`, `checks`,
                `scene` and `ledger`.
        """
        self.advance(now)
        known = self._ledger.replay(request, call.idempotency_key)
        if known is not None:
            return known
        kept = copy.deepcopy(request)
        plan = plan_of(kept, now, self._scene(), self._chance)
        self._ledger.check_capacity(plan.during.folder_id)
        operation_id = self._open(plan, now, call)
        self._changed()
        # What lasts no time is over before anyone can look.
        self.advance(now)
        return self._ledger.find(operation_id)

    def happen(self, mishap: Mishap, instance_id: str, now: datetime) -> None:
        """Stop or crash a running instance, at once.

        Assumption: no operation and only an event with status DONE comes of it.

        Raises:
            ApiError: NOT_FOUND, or a refusal if the instance does not run.
        """
        self.advance(now)
        scene = self._scene()
        instance = scene.idle(instance_id)
        power.in_status(instance, Instance.Status.RUNNING, scene)
        crashed = mishap is Mishap.CRASH
        status = Instance.Status.CRASHED if crashed else Instance.Status.STOPPED
        after = power.stopped(instance, scene, status)
        self._instances[instance_id] = after
        self.audit.record(
            mishap.value, EventStatus.DONE, after, at=now, call=BY_PLATFORM
        )
        self._changed()

    def _scene(self) -> Scene:
        running = list(self._ledger.running())
        return Scene(
            rules=self.rules,
            instances=self._instances,
            coming=tuple(one.plan.after for one in running if one.plan.after),
            busy={one.plan.during.id: one.operation.id for one in running},
        )

    def _open(self, plan: Plan, now: datetime, call: Call) -> str:
        scripted = self._fates.get(plan.kind)
        fate = scripted.popleft() if scripted else SUCCEEDS
        operation_id = self._chance.resource_id(INSTANCE_PREFIXES[plan.during.zone_id])
        operation = new_operation(plan, operation_id, now, call.subject.id)
        entry = self._ledger.open(plan, call, fate, operation)
        self._instances[plan.during.id] = plan.during
        self._tell(entry, EventStatus.STARTED, plan.during, now)
        return operation_id

    def _settle(self, entry: Entry, at: datetime) -> None:
        plan = entry.plan
        failed = entry.error is not None
        outcome = plan.before if failed else plan.after
        if outcome is None:
            del self._instances[plan.during.id]
        else:
            self._instances[outcome.id] = outcome
        status = EventStatus.ERROR if failed else EventStatus.DONE
        self._tell(entry, status, outcome or plan.during, at)

    def _tell(
        self, entry: Entry, status: EventStatus, instance: Instance, at: datetime
    ) -> None:
        self.audit.record(
            entry.plan.kind,
            status,
            instance,
            at=at,
            call=entry.call,
            request=entry.plan.request,
            error=entry.error if status is EventStatus.ERROR else None,
        )

    def _changed(self) -> None:
        for hook in self.on_change:
            hook()
