"""One operation, as the ledger keeps it.

(yandex-cloud/docs: en/api-design-guide/concepts/operation.md) describes the message.
"""

import copy
from dataclasses import dataclass, replace
from datetime import datetime

from google.rpc.status_pb2 import Status
from yandex.cloud.operation.operation_pb2 import Operation

from fakes.caller import Call
from fakes.compute.fates import OperationFate, Schedule, Stage
from fakes.compute.plan import Plan
from fakes.errors import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One operation, as the ledger keeps it.

    Attributes:
        number: Counts operations from 1.
        plan: What it does.
        call: How it was asked for.
        fate: How it ends.
        operation: What clients see; replaced, never changed.
        schedule: What is to come of it.
    """

    number: int
    plan: Plan
    call: Call
    fate: OperationFate
    operation: Operation
    schedule: Schedule

    @property
    def error(self) -> Status | None:
        """What the operation fails with, at its end or before."""
        if self.fate.code is not None:
            return Status(code=self.fate.code, message=self.fate.message)
        if self.plan.doom is not None:
            return Status(code=self.plan.doom.code, message=self.plan.doom.message)
        return None

    @property
    def cancelled(self) -> bool:
        """Whether it ends because somebody cancelled it."""
        return self.fate.code is Code.CANCELLED

    @property
    def changes(self) -> datetime | None:
        """When a client sees a change next, or None if never."""
        return self.schedule[0][0] if self.schedule else None


def new_operation(
    plan: Plan, operation_id: str, now: datetime, subject_id: str
) -> Operation:
    """Return an operation that has just begun."""
    operation = Operation(
        id=operation_id, description=plan.description, created_by=subject_id
    )
    operation.created_at.FromDatetime(now)
    operation.modified_at.FromDatetime(now)
    operation.metadata.Pack(plan.metadata)
    return operation


def changed(entry: Entry, at: datetime, stage: Stage) -> Entry:
    """Return *entry* after the first change in its schedule."""
    after = replace(entry, schedule=entry.schedule[1:])
    if stage is Stage.TURNS:
        return after
    operation = copy.deepcopy(entry.operation)
    operation.modified_at.FromDatetime(at)
    error = entry.error
    if error is not None:
        operation.error.CopyFrom(error)
    if stage is Stage.ENDS:
        operation.done = True
        if error is None:
            operation.response.Pack(entry.plan.response)
    return replace(after, operation=operation)
