"""One look at the cloud for a task: its operation first, then the instance."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from events.decision import Lateness, Sighting, Verdict
from events.instance import Instance, Power, Slot
from events.limits import Limits
from events.sighting import OperationSeen, confine, fold
from events.task import Step, Task
from functions._ports import Compute


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look brought.

    Attributes:
        task: The task, up to date with it.
        operation: The task's current operation, if it has one.
        instance: The instance, if there is one.
        seen: Both, reduced to what decides.
        chosen: Whether the index was chosen at this very look.
    """

    task: Task
    operation: OperationSeen | None
    instance: Instance | None
    seen: Sighting
    chosen: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether something is at the index we chose, and it is not known whose."""
        there = self.instance and self.instance.slot(self.task.attachment)
        own = self.task.may_choose and not self.task.shared
        return own and there is not Slot.FREE

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
    operation = _operation(task, compute)
    # After the operation: what it did is then part of what is seen.
    instance = compute.instance(task.attachment.instance_id)
    chosen = instance is not None and _must_choose(task, instance)
    if instance and chosen:
        task = task.choosing(instance)
    wanted = task.attachment
    problem = instance and _forbidden(task, instance, limits)
    late = task.lateness(now) is not Lateness.IN_TIME
    # In time, calling again finds an operation whose id was lost, or that a copy of
    # the task began, by its key; late, or out of bounds, that might begin one.
    ask = (operation is None or operation.done) and (late or problem)
    # Where the index was left open, a copy of the task may have chosen another.
    sought = task.request.attachment if task.may_choose else wanted
    busy = ask and any(not one.done for one in compute.attaches(sought))
    seen = fold(task, operation, instance, now, busy=bool(busy))
    if instance and problem:
        in_folder = limits.allow_folder(instance.folder_id)
        seen = confine(seen, in_folder=in_folder)
        task = task.because(problem)
    if operation and operation.code:
        task = task.because(f"{operation.code}: {operation.message}")
    return Look(
        task=task, operation=operation, instance=instance, seen=seen, chosen=chosen
    )


def _forbidden(task: Task, instance: Instance, limits: Limits) -> str | None:
    if task.shared and limits.opted_out(instance):
        return "the instance opts out by its label"
    return limits.against(task.attachment, instance.folder_id)


def _must_choose(task: Task, instance: Instance) -> bool:
    """Tell whether an index is to be chosen, for the first time or again."""
    if not task.may_choose or instance.power is Power.MOVING:
        # What moves may be an interface that comes or goes.
        return False
    if task.shared and instance.index_alike(task.attachment, ()):
        # Another may have brought it about meanwhile, elsewhere.
        return instance.slot(task.attachment) is not Slot.OURS
    return not task.index or instance.slot(task.attachment) is Slot.FOREIGN


def _operation(task: Task, compute: Compute) -> OperationSeen | None:
    if not task.operation_id:
        return None
    found = compute.operation(task.operation_id)
    return found if found and found.belongs_to(task) else None


def attach_of(look: Look, verdict: Verdict, compute: Compute) -> OperationSeen | None:
    """Return the attach to tell of: the task's own, by its id or by a search.

    Raises:
        CloudError: If the cloud would or could not tell.
    """
    task, operation = look.task, look.operation
    if task.attach_id:
        if operation is None or operation.id != task.attach_id:
            operation = compute.operation(task.attach_id)
        attach = replace(task, step=Step.ATTACH)
        return operation if operation and operation.belongs_to(attach) else None
    if verdict is not Verdict.ATTACHED:
        return None
    # Begun without an answer, or by whoever wanted the same: its id was never learnt.
    found = [
        one
        for one in compute.attaches(task.attachment)
        if one.done and not one.code and (one.created or task.created) >= task.created
    ]
    return max(found, key=lambda one: one.created or task.created, default=None)
