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
    sweep: Sweep,
    policies: Policies,
    instances: Sequence[Instance],
    now: datetime,
    page_token: str = "",
) -> list[list[Task]]:
    """Return what can be attached now, for each instance that lacks something.

    What cannot be now is left to the event that changes it, and what can never
    be to whoever looks at an event's outcome: a sweep would tell it each time.
    If more instances lack something than may be asked for, each sweep chooses
    others, the same ones whenever it is repeated.

    Args:
        sweep: Whose page it is.
        policies: All policies.
        instances: Those of the page.
        now: The time.
        page_token: The next page, '' for none.
    """
    found = (_missing(sweep, policies, instance, now) for instance in instances)
    lacking = [tasks for tasks in found if tasks]
    lacking.sort(key=lambda tasks: tasks[0].id)  # derived from the sweep's: by lot
    return lacking[: sweep.share(page_token)]


def _missing(
    sweep: Sweep, policies: Policies, instance: Instance, now: datetime
) -> list[Task]:
    occasion = Occasion(
        event_id=sweep.id, cause=Cause.SCHEDULED, instance_id=instance.id
    )
    tasks = (
        one
        for one in wanted(policies, instance, occasion, now, sweep.policies)
        if isinstance(one, Task) and _possible(one, instance, policies)
    )
    return [_dry(task) if sweep.dry_run else task for task in tasks]


def _possible(task: Task, instance: Instance, policies: Policies) -> bool:
    """Tell whether a look would lead to an attach."""
    attachment = task.attachment
    free = attachment.index == AUTO or instance.slot(attachment) is Slot.FREE
    limits = policies.limits
    return (
        instance.power is Power.STOPPED
        and free
        and limits.against(attachment, instance.folder_id) is None
        and overload(attachment, instance, limits) is None
    )


def _dry(task: Task) -> Task:
    options = replace(task.request.options, dry_run=True)
    return replace(task, request=replace(task.request, options=options))
