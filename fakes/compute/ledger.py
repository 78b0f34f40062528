"""Operations: who asked for them, when they end, and how.

(yandex-cloud/docs: en/api-design-guide/concepts/operation.md) describes the
message, (yandex-cloud/docs: en/api-design-guide/concepts/idempotency.md) what an
idempotency key does.
"""

import contextlib
import copy
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from google.rpc.status_pb2 import Status
from yandex.cloud.operation.operation_pb2 import Operation

from fakes.caller import Call
from fakes.compute.fates import OperationFate
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
        breaks: When its error shows before its end, or None.
        ends: When it ends, or None if never.
    """

    number: int
    plan: Plan
    call: Call
    fate: OperationFate
    operation: Operation
    breaks: datetime | None
    ends: datetime | None

    @property
    def error(self) -> Status | None:
        """What the operation fails with, at its end or before."""
        if self.fate.code is None:
            return None
        return Status(code=self.fate.code, message=self.fate.message)

    @property
    def changes(self) -> datetime | None:
        """When a client sees a change next, or None if never."""
        return self.breaks or self.ends


class Ledger:
    """All operations there ever were, and those that run."""

    def __init__(self, rules: Rules, durations: Durations) -> None:
        self._rules = rules
        self._durations = durations
        self._entries: dict[str, Entry] = {}
        self._running: dict[str, Entry] = {}
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

    def of_instance(self, instance_id: str) -> list[Entry]:
        """Return the operations on an instance, the newest first."""
        return [
            entry
            for entry in reversed(self._entries.values())
            if entry.plan.during.id == instance_id
        ]

    def replay(self, request: Request, key: str | None) -> Operation | None:
        """Return the operation that *key* stands for, as it is now, if there is one.

        Raises:
            ApiError: INVALID_ARGUMENT if the key is no UUID ("The header must
                contain the UUID"); with `RefusalCodes.key_reused`, an assumption,
                if it came with another request.
        """
        if key is None:
            return None
        known = self._keys.get(_canonical(key))
        if known is None:
            return None
        fingerprint, operation_id = known
        if fingerprint != _fingerprint(request):
            msg = (
                f"idempotency-key: {key} belongs to operation {operation_id},"
                " which another request started"
            )
            raise ApiError(self._rules.codes.key_reused, msg)
        return self.find(operation_id)

    def check_capacity(self, folder_id: str) -> None:
        """Refuse a sixteenth operation at the same time.

        Raises:
            ApiError: RESOURCE_EXHAUSTED
                (yandex-cloud/docs: en/_includes/compute-limits.md).
        """
        most = self._rules.limits.operations
        folders = [entry.plan.during.folder_id for entry in self._running.values()]
        if folders.count(folder_id) >= most:
            msg = f"Folder {folder_id} has {most} operations running, the most allowed"
            raise ApiError(Code.RESOURCE_EXHAUSTED, msg)

    def open(
        self, plan: Plan, call: Call, fate: OperationFate, operation: Operation
    ) -> Entry:
        """Keep a new operation, and what its idempotency key stands for."""
        breaks, ends = fate.moments(
            operation.created_at.ToDatetime(UTC), self._durations.of(plan.kind)
        )
        entry = Entry(
            number=len(self._entries) + 1,
            plan=plan,
            call=call,
            fate=fate,
            operation=operation,
            breaks=breaks,
            ends=ends,
        )
        self._keep(entry)
        if call.idempotency_key is not None:
            key = _canonical(call.idempotency_key)
            self._keys[key] = (_fingerprint(plan.request), operation.id)
        return entry

    def next_change(self) -> datetime | None:
        """Return when a running operation shows a change next, or None."""
        return min(
            (entry.changes for entry in self._running.values() if entry.changes),
            default=None,
        )

    def pass_time(self, now: datetime) -> Iterator[tuple[datetime, Entry]]:
        """Yield each operation that ends by *now*, with its end, in their order."""
        while (moment := self.next_change()) is not None and moment <= now:
            entry = next(one for one in self._running.values() if one.changes == moment)
            if entry.breaks is not None:
                broken = _with_error(entry, moment)
                self._keep(replace(entry, breaks=None, operation=broken))
            else:
                done = _done(entry, moment)
                self._keep(done)
                del self._running[entry.operation.id]
                yield moment, done

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


def _done(entry: Entry, at: datetime) -> Entry:
    operation = _with_error(entry, at)
    operation.done = True
    if entry.error is None:
        operation.response.Pack(entry.plan.response)
    return replace(entry, operation=operation)


def _with_error(entry: Entry, at: datetime) -> Operation:
    operation = copy.deepcopy(entry.operation)
    operation.modified_at.FromDatetime(at)
    if entry.error is not None:
        operation.error.CopyFrom(entry.error)
    return operation


def _canonical(key: str) -> str:
    """Return the key in lower case, if it is a UUID in its usual form."""
    with contextlib.suppress(ValueError):
        if str(uuid.UUID(key)) == key.lower():
            return key.lower()
    raise ApiError(Code.INVALID_ARGUMENT, f"idempotency-key: {key!r} is not a UUID")


def _fingerprint(request: Request) -> bytes:
    name = request.DESCRIPTOR.full_name.encode()
    return name + b"\0" + request.SerializeToString(deterministic=True)
