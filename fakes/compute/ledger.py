"""Operations: who asked for them, when they end, and how.

(yandex-cloud/docs: en/api-design-guide/concepts/operation.md) describes the
message, (yandex-cloud/docs: en/api-design-guide/concepts/idempotency.md) what an
idempotency key does.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from yandex.cloud.operation.operation_pb2 import Operation

from fakes.caller import Call
from fakes.compute.entry import Entry, changed
from fakes.compute.fates import OperationFate, Stage
from fakes.compute.keys import canonical, fingerprint
from fakes.compute.plan import Plan, Request
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.errors import ApiError, Code
from fakes.tables import Tables


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

    def keep_in(self, tables: Tables) -> None:
        """Keep all operations; those that were kept are here again, and go on."""
        self._entries = tables.table("operations", self._entries)
        for entry in self._entries.values():
            self._index(entry)
            if not entry.operation.done:
                self._running[entry.operation.id] = entry
                self.busy[entry.plan.resource.id] = entry.operation.id

    def clear(self) -> None:
        """Forget every operation."""
        for index in (self.busy, self._entries, self._running):
            index.clear()
        self._by_resource.clear()
        self._keys.clear()

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

    def check_cancellable(self, operation_id: str) -> None:
        """Refuse to cancel an operation that there is, but of a kind that runs on.

        Raises:
            ApiError: With `RefusalCodes.not_cancellable`, an assumption.
        """
        kind = self._entries[operation_id].plan.kind
        if not kind.cancellable:
            msg = f"Operation {operation_id} cannot be cancelled: {kind.value}"
            raise ApiError(self._rules.codes.not_cancellable, msg)

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
        self._index(entry)
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
            after = changed(entry, moment, stage)
            self._keep(after)
            if stage is Stage.ENDS:
                del self._running[entry.operation.id]
                del self.busy[entry.plan.resource.id]
            yield moment, stage, after

    def _index(self, entry: Entry) -> None:
        """Let an operation be found by its resource and by its idempotency key."""
        plan, operation_id = entry.plan, entry.operation.id
        self._by_resource.setdefault(plan.resource.id, []).append(operation_id)
        if entry.call.idempotency_key is not None:
            key = canonical(entry.call.idempotency_key)
            self._keys[key] = (fingerprint(plan.request), operation_id)

    def _keep(self, entry: Entry) -> None:
        self._entries[entry.operation.id] = entry
        self._running[entry.operation.id] = entry
