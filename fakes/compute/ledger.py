"""Operations: who asked for them, when they end, and how.

(yandex-cloud/docs: en/api-design-guide/concepts/operation.md) describes the
message, (yandex-cloud/docs: en/api-design-guide/concepts/idempotency.md) what an
idempotency key does.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from google.rpc.status_pb2 import Status
from yandex.cloud.operation.operation_pb2 import Operation

from fakes.caller import Call
from fakes.compute.fates import OperationFate, Schedule, Stage
from fakes.compute.keys import canonical, fingerprint
from fakes.compute.plan import Plan, Request
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.errors import ApiError, Code


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


class Ledger:
    """All operations there ever were, and those that run.

    Attributes:
        busy: The id of the running operation, by id of its resource.
    """

    def __init__(self, rules: Rules, durations: Durations) -> None:
        self.busy: dict[str, str] = {}
        self._rules = rules
        self._durations = durations
        self._entries: dict[str, Entry] = {}
        self._running: dict[str, Entry] = {}
        self._by_resource: dict[str, list[str]] = {}
        self._keys: dict[str, tuple[bytes, str]] = {}

    def running(self) -> Iterable[Entry]:
        """Return the operations that are not done, oldest first."""
        return self._running.values()

    def find(self, operation_id: str) -> Operation:
        """Return a copy of an operation.

        Raises:
            ApiError: NOT_FOUND (yandex-cloud/docs: en/_includes/errors-handling.md).
        """
        entry = self._entries.get(operation_id)
        if entry is None:
            raise ApiError(Code.NOT_FOUND, f"Operation {operation_id} not found")
        return copy.deepcopy(entry.operation)

    def entry(self, operation_id: str) -> Entry:
        """Return what is kept of an operation that there is."""
        return self._entries[operation_id]

    def of_resource(self, resource_id: str) -> Iterator[Entry]:
        """Yield the operations on a resource, the newest first."""
        for operation_id in reversed(self._by_resource.get(resource_id, [])):
            yield self._entries[operation_id]

    def replay(self, request: Request, key: str | None) -> Operation | None:
        """Return the operation that *key* stands for, as it is now, if there is one.

        Raises:
            ApiError: INVALID_ARGUMENT if the key is no UUID ("The header must
                contain the UUID"); with `RefusalCodes.key_reused`, an assumption,
                if it came with another request.
        """
        if key is None:
            return None
        known = self._keys.get(canonical(key))
        if known is None:
            return None
        print_of_first, operation_id = known
        if print_of_first != fingerprint(request):
            msg = (
                f"idempotency-key: {key} belongs to operation {operation_id},"
                " which another request started"
            )
            raise ApiError(self._rules.codes.key_reused, msg)
        return self.find(operation_id)

    def check_capacity(self, plan: Plan) -> None:
        """Refuse a sixteenth operation at the same time.

        What the new one cancels does not count, nor what is done to networks and
        addresses: the limit is one of Compute.

        Raises:
            ApiError: RESOURCE_EXHAUSTED
                (yandex-cloud/docs: en/_includes/compute-limits.md).
        """
        if plan.kind.service != "compute":
            return
        most = self._rules.limits.operations
        count = sum(
            entry.plan.kind.service == "compute"
            and not (plan.ousts and entry.plan.resource.id == plan.resource.id)
            for entry in self._running.values()
        )
        if count >= most:
            folder_id = plan.resource.folder_id
            msg = f"Folder {folder_id} has {most} operations running, the most allowed"
            raise ApiError(Code.RESOURCE_EXHAUSTED, msg)

    def open(
        self, plan: Plan, call: Call, fate: OperationFate, operation: Operation
    ) -> Entry:
        """Keep a new operation, and what its idempotency key stands for."""
        entry = Entry(
            number=len(self._entries) + 1,
            plan=plan,
            call=call,
            fate=fate,
            operation=operation,
            schedule=fate.schedule(
                operation.created_at.ToDatetime(UTC),
                self._durations.of(plan.kind),
                turns=plan.later is not None,
            ),
        )
        self._keep(entry)
        self.busy[plan.resource.id] = operation.id
        self._by_resource.setdefault(plan.resource.id, []).append(operation.id)
        if call.idempotency_key is not None:
            key = canonical(call.idempotency_key)
            self._keys[key] = (fingerprint(plan.request), operation.id)
        return entry

    def end_at(
        self, operation_id: str, at: datetime, fate: OperationFate | None
    ) -> None:
        """Let an operation, if it runs, end at *at*, with another fate if given."""
        entry = self._running.get(operation_id)
        if entry is not None:
            schedule = ((at, Stage.ENDS),)
            self._keep(replace(entry, schedule=schedule, fate=fate or entry.fate))

    def next_change(self) -> datetime | None:
        """Return when a running operation shows a change next, or None."""
        return min(
            (entry.changes for entry in self._running.values() if entry.changes),
            default=None,
        )

    def pass_time(self, now: datetime) -> Iterator[tuple[datetime, Stage, Entry]]:
        """Yield each change that comes by *now*, with its moment, in their order."""
        while (moment := self.next_change()) is not None and moment <= now:
            entry = next(one for one in self._running.values() if one.changes == moment)
            _, stage = entry.schedule[0]
            changed = _changed(entry, moment, stage)
            self._keep(changed)
            if stage is Stage.ENDS:
                del self._running[entry.operation.id]
                del self.busy[entry.plan.resource.id]
            yield moment, stage, changed

    def _keep(self, entry: Entry) -> None:
        self._entries[entry.operation.id] = entry
        self._running[entry.operation.id] = entry


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


def _changed(entry: Entry, at: datetime, stage: Stage) -> Entry:
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
