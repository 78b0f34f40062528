"""Compute Cloud, and the operations of it and of Virtual Private Cloud.

The model does nothing by itself.  Every method first lets the time pass until
the `now` it is given; whoever must not miss an end asks `next_change` when to
call `advance`.  Moments are datetimes in UTC and never go back.

Nobody gets hold of what is stored: what is handed out is a copy.
"""

import copy
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
from yandex.cloud.operation.operation_service_pb2 import (
    CancelOperationRequest,
    GetOperationRequest,
)

from fakes.caller import BY_PLATFORM, Call
from fakes.chance import Chance
from fakes.compute import checks, listing
from fakes.compute.audit import AuditLog, EventStatus
from fakes.compute.effects import Effects
from fakes.compute.fates import SUCCEEDS, OperationFate
from fakes.compute.ledger import Ledger
from fakes.compute.mishaps import Mishap, struck
from fakes.compute.plan import Request, basic_view
from fakes.compute.planning import plan_of
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations, Kind
from fakes.tables import Tables

__all__ = ["Compute", "Mishap"]
_NOBODY: Final = Call()


class Compute:
    """The instances of one folder, and all operations in it.

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
        self._ledger = Ledger(rules, durations or Durations())
        self._effects = Effects(self._ledger, self.audit, rules, chance)
        self._fates: dict[Kind, deque[OperationFate]] = {}
        self.clear()

    def keep_in(self, tables: Tables) -> None:
        """Keep the world and all operations; what was kept is here again, and goes on.

        Not what was scripted, nor the events: who must not miss one keeps it.
        """
        self.rules.world.keep_in(tables)
        self._ledger.keep_in(tables)
        self._effects.resume()

    def clear(self) -> None:
        """Forget every operation, event and scripted fate, and restore the world."""
        self.rules.world.restore()
        self._ledger.clear()
        self._fates.clear()
        self.audit.clear()

    def populate(self, instances: Iterable[Instance]) -> None:
        """Let these instances be there, as if they always had been.

        No operation and no event tells of them, and nothing is checked.
        """
        for one in instances:
            self.rules.world.show(one.id, copy.deepcopy(one))
        self._changed()

    def script(self, kind: Kind, *fate: OperationFate) -> None:
        """Decide how the next operations of a kind end, one fate for each."""
        self._fates.setdefault(kind, deque()).extend(fate)

    def finish(
        self, operation_id: str, now: datetime, fate: OperationFate | None = None
    ) -> None:
        """End a running operation by hand, at *now*; one that is done stays so.

        Args:
            operation_id: The operation.
            now: The moment.
            fate: How it ends, if not as it would have; its duration means nothing.

        Raises:
            ApiError: NOT_FOUND.
        """
        self.advance(now)
        self._ledger.find(operation_id)
        self._ledger.end_at(operation_id, now, fate)
        self.advance(now)

    def next_change(self) -> datetime | None:
        """Return when a running operation ends, or shows something, next."""
        return self._ledger.next_change()

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by *now*, in the order of time."""
        if self._effects.pass_time(now):
            self._changed()

    def get(self, request: GetInstanceRequest, now: datetime) -> Instance:
        """Return an instance, with its metadata only in the view FULL.

        Raises:
            ApiError: INVALID_ARGUMENT without an id; NOT_FOUND.
        """
        self.advance(now)
        instance = self._effects.scene().instance(request.instance_id)
        return copy.deepcopy(instance) if request.view == FULL else basic_view(instance)

    def list_instances(
        self, request: ListInstancesRequest, now: datetime
    ) -> ListInstancesResponse:
        """Return one page of instances.

        Raises:
            ApiError: See `listing.instances_page`.
        """
        self.advance(now)
        return listing.instances_page(request, self.rules)

    def list_operations(
        self, request: ListInstanceOperationsRequest, now: datetime
    ) -> ListInstanceOperationsResponse:
        """Return one page of an instance's operations.

        Raises:
            ApiError: INVALID_ARGUMENT for the page; NOT_FOUND for the instance.
        """
        self.advance(now)
        self._effects.scene().instance(request.instance_id)
        page, token = self.operations_of(
            request.instance_id, request.page_size, request.page_token
        )
        return ListInstanceOperationsResponse(operations=page, next_page_token=token)

    def operations_of(
        self, resource_id: str, size: int, token: str
    ) -> tuple[list[Operation], str]:
        """Return one page of a resource's operations, and the token of the next.

        Assumption: the newest come first.

        Raises:
            ApiError: INVALID_ARGUMENT for the page.
        """
        entries = self._ledger.of_resource(resource_id)
        page, next_token = listing.operations_page(entries, size, token)
        return copy.deepcopy(page), next_token

    def get_operation(self, request: GetOperationRequest, now: datetime) -> Operation:
        """Return an operation as it is at *now*.

        Raises:
            ApiError: NOT_FOUND.
        """
        self.advance(now)
        return self._ledger.find(request.operation_id)

    def cancel(self, request: CancelOperationRequest, now: datetime) -> Operation:
        """Cancel an operation, at once; return it as it is then.

        One that is done stays as it is: cancellation is "on the best effort basis"
        (yandex-cloud/docs: en/api-design-guide/concepts/operation.md).

        Raises:
            ApiError: NOT_FOUND; as `Ledger.check_cancellable`, if it runs.
        """
        checks.required(operation_id=request.operation_id)
        operation = self.get_operation(
            GetOperationRequest(operation_id=request.operation_id), now
        )
        if operation.done:
            return operation
        self._ledger.check_cancellable(operation.id)
        self._effects.cancel(operation.id, now)
        self._changed()
        return self._ledger.find(operation.id)

    def begin(self, request: Request, now: datetime, call: Call = _NOBODY) -> Operation:
        """Begin the operation that *request* asks for, or find the one it began.

        A request with the idempotency key of an earlier one gets that one's
        operation, as it is now, without any check.  A refused request leaves
        nothing behind, not even its key.

        Raises:
            ApiError: For the reasons in the modules that `planning` names, and in
                `checks`, `connections`, `scene` and `ledger`.
        """
        self.advance(now)
        known = self._ledger.replay(request, call.idempotency_key)
        if known is not None:
            return known
        kept = copy.deepcopy(request)
        plan = plan_of(kept, now, self._effects.scene(), self._chance)
        self._ledger.check_capacity(plan)
        scripted = self._fates.get(plan.kind)
        fate = scripted.popleft() if scripted else SUCCEEDS
        operation_id = self._effects.open(plan, fate, now, call)
        self._changed()
        # What lasts no time is over before anyone can look.
        self.advance(now)
        return self._ledger.find(operation_id)

    def happen(self, mishap: Mishap, instance_id: str, now: datetime) -> None:
        """Let something happen to an instance that nobody asked for, at once.

        Assumption: no operation and only an event with status DONE comes of it.

        Raises:
            ApiError: See `mishaps.struck`.
        """
        self.advance(now)
        after = struck(mishap, instance_id, self._effects.scene())
        self.rules.world.show(instance_id, after)
        if mishap.kind is not None:
            self.audit.record(
                mishap.kind, EventStatus.DONE, after, at=now, call=BY_PLATFORM
            )
        self._changed()

    def _changed(self) -> None:
        for hook in self.on_change:
            hook()
