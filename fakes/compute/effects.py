"""Where operations have their effect: on the world, and in the audit trail."""

from datetime import datetime

from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.caller import Call
from fakes.chance import Chance
from fakes.compute import fates
from fakes.compute.audit import AuditLog, EventStatus
from fakes.compute.claims import Resource
from fakes.compute.entry import Entry, new_operation
from fakes.compute.fates import OperationFate
from fakes.compute.ledger import Ledger
from fakes.compute.plan import Plan
from fakes.compute.scene import Rules, Scene
from fakes.errors import Code

_CANCELLED = fates.fails(Code.CANCELLED, "The operation was cancelled")
"""Assumption: the text."""


class Effects:
    """Carries out plans, and takes back what failed."""

    def __init__(
        self, ledger: Ledger, audit: AuditLog, rules: Rules, chance: Chance
    ) -> None:
        self._ledger = ledger
        self._audit = audit
        self._rules = rules
        self._world = rules.world
        self._chance = chance

    def resume(self) -> None:
        """Let running operations hold all that they may need, as when they began."""
        for entry in self._ledger.running():
            plan = entry.plan
            shown = self._world.find(plan.resource.id)
            self._world.show(plan.resource.id, shown, plan.before, plan.after)

    def scene(self) -> Scene:
        """Return the moment of a request."""
        plans = [entry.plan for entry in self._ledger.running()]
        return Scene(
            rules=self._rules,
            unseen=tuple(
                one
                for plan in plans
                for one in (plan.before, plan.after)
                if one is not None
            ),
            before={
                plan.before.id: plan.before
                for plan in plans
                if isinstance(plan.before, Instance)
            },
            busy=self._ledger.busy,
        )

    def open(self, plan: Plan, fate: OperationFate, now: datetime, call: Call) -> str:
        """Begin an operation; return its id, which tells the zone like its resource's.

        Ids of both have the same prefix in the documentation's samples.
        """
        resource = plan.resource
        if plan.ousts and resource.id in self._ledger.busy:
            self.cancel(self._ledger.busy[resource.id], now)
        operation_id = self._chance.resource_id(resource.id[:3])
        operation = new_operation(plan, operation_id, now, call.subject.id)
        entry = self._ledger.open(plan, call, fate, operation)
        self._world.show(resource.id, plan.during, plan.before, plan.after)
        self._tell(entry, EventStatus.STARTED, resource, now)
        return operation_id

    def cancel(self, operation_id: str, now: datetime) -> None:
        """End a running operation at once, as cancelled, and take it back."""
        self._ledger.end_at(operation_id, now, _CANCELLED)
        self.pass_time(now)

    def pass_time(self, now: datetime) -> bool:
        """Let everything happen that is due by *now*; tell whether anything was."""
        changed = False
        for at, stage, entry in self._ledger.pass_time(now):
            changed = True
            if stage is fates.Stage.ENDS:
                self._settle(entry, at)
            elif stage is fates.Stage.TURNS:
                plan = entry.plan
                self._world.show(plan.resource.id, plan.later, plan.before, plan.after)
        return changed

    def _settle(self, entry: Entry, at: datetime) -> None:
        plan = entry.plan
        outcome = plan.after
        if entry.error is not None:
            doomed = plan.doom if entry.fate.code is None else None
            outcome = doomed.wreck if doomed else plan.before
        self._world.show(plan.resource.id, outcome)
        if entry.error is None:
            for one in plan.beside:
                self._world.show(one.id, one if plan.after is not None else None)
        self._tell(entry, _status(entry), outcome or plan.resource, at)

    def _tell(
        self, entry: Entry, status: EventStatus, seen: Resource, at: datetime
    ) -> None:
        failed = status in {EventStatus.ERROR, EventStatus.CANCELLED}
        self._audit.record(
            entry.plan.kind,
            status,
            seen,
            at=at,
            call=entry.call,
            request=entry.plan.request,
            error=entry.error if failed else None,
        )


def _status(entry: Entry) -> EventStatus:
    """Return how an operation that is done ended."""
    if entry.error is None:
        return EventStatus.DONE
    return EventStatus.CANCELLED if entry.cancelled else EventStatus.ERROR
