"""What a sweep finds missing on a page of instances."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from events.cause import Cause, Occasion
from events.guard import overload
from events.instance import Instance, Power, Slot
from events.policy import Policies
from events.sweep import Sweep
from events.syntax import AUTO
from events.task import Task
from events.wanted import wanted


def missing(
    sweep: Sweep, policies: Policies, instances: Sequence[Instance], now: datetime
) -> list[list[Task]]:
    """Return what can be attached now, for each instance that lacks something.

    What cannot be now is left to the event that changes it, and what can never
    be to whoever looks at an event's outcome: a sweep would tell it each time.
    """
    chosen = policies.among(sweep.policies)
    found = (_missing(sweep, chosen, instance, now) for instance in instances)
    return [tasks for tasks in found if tasks][: sweep.room]


def _missing(
    sweep: Sweep, policies: Policies, instance: Instance, now: datetime
) -> list[Task]:
    occasion = Occasion(
        event_id=sweep.id, cause=Cause.SCHEDULED, instance_id=instance.id
    )
    tasks = (
        one
        for one in wanted(policies, instance, occasion, now)
        if isinstance(one, Task) and _possible(one, instance, policies)
    )
    return [_dry(task) if sweep.dry_run else task for task in tasks]


def _possible(task: Task, instance: Instance, policies: Policies) -> bool:
    """Tell whether a look would lead to an attach, or to a stop for one."""
    attachment, options = task.attachment, task.request.options
    allowed = {Power.STOPPED, *([Power.RUNNING] if options.stop_if_running else [])}
    free = attachment.index == AUTO or instance.slot(attachment) is Slot.FREE
    limits = policies.limits
    return (
        instance.power in allowed
        and free
        and limits.against(attachment, instance.folder_id) is None
        and overload(attachment, instance, limits) is None
    )


def _dry(task: Task) -> Task:
    options = replace(task.request.options, dry_run=True)
    return replace(task, request=replace(task.request, options=options))
