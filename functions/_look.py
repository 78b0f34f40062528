"""One look at the cloud for a task: its operation first, then the instance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.decision import Lateness, Sighting
from events.instance import Instance
from events.limits import Limits
from events.sighting import OperationSeen, confine, fold
from events.task import Task
from functions._ports import Compute


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look brought.

    Attributes:
        task: The task, up to date with it.
        operation: The task's current operation, if it has one.
        instance: The instance, if there is one.
        seen: Both, reduced to what decides.
    """

    task: Task
    operation: OperationSeen | None
    instance: Instance | None
    seen: Sighting

    def facts(self) -> dict[str, Any]:
        """Return the look as the fields of a log line."""
        seen = self.seen
        return {
            "status": self.instance.status if self.instance else "",
            "slot": seen.slot.value,
            "progress": seen.progress.value,
            "lateness": seen.lateness.value,
            "look": self.task.looks,
        }


def look_at(task: Task, compute: Compute, limits: Limits, now: datetime) -> Look:
    """Look at what *task* is about.

    Raises:
        CloudError: If the cloud would or could not tell.
    """
    wanted = task.attachment
    operation = _operation(task, compute)
    # After the operation: what it did is then part of what is seen.
    instance = compute.instance(wanted.instance_id)
    problem = instance and limits.against(wanted, instance.folder_id)
    late = task.lateness(now) is not Lateness.IN_TIME
    # In time, calling again finds an operation whose id was lost, by its key;
    # late, or out of bounds, that might begin one.
    ask = operation is None and (late or problem)
    busy = ask and any(not one.done for one in compute.attaches(wanted))
    seen = fold(task, operation, instance, now, busy=bool(busy))
    if instance and problem:
        in_folder = limits.allow_folder(instance.folder_id)
        seen = confine(seen, in_folder=in_folder)
        task = task.because(problem)
    if operation and operation.code:
        task = task.because(f"{operation.code}: {operation.message}")
    return Look(task=task, operation=operation, instance=instance, seen=seen)


def _operation(task: Task, compute: Compute) -> OperationSeen | None:
    if not task.operation_id:
        return None
    found = compute.operation(task.operation_id)
    return found if found and found.belongs_to(task) else None
