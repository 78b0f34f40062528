"""From what a look brought to the few values that decide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from events.codes import Remedy, remedy_of_operation
from events.decision import FinalPower, Progress, Sighting, Verdict
from events.instance import Instance, Power, Slot
from events.task import MOST_GENERATIONS, Step, Task

# How long a read may not show yet what an operation did: an assumption, the
# documentation promises nothing.
READ_LAG = timedelta(seconds=30)
# yandex-cloud/docs: en/compute/operations/vm-control/attach-network-interface.md
_ROUTES = "every interface brings a default route: remove the surplus ones within"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSeen:
    """An operation at one look.

    Attributes:
        id: Its id.
        done: Whether it has ended; an error before that means rolling back
            (yandex-cloud/docs: en/api-design-guide/concepts/operation.md).
        instance_id: The instance its metadata names, '' if none.
        index: The interface its metadata names, '' if none.
        code: The google.rpc code of its error by name, '' without one.
        message: The error's message.
        created: When it began.
        ended: When it was last modified, if it is done.
        strange: Whether its metadata are of a kind that this version cannot read.
        json: The whole operation in the API's JSON.
    """

    id: str
    done: bool
    instance_id: str
    index: str
    code: str
    message: str
    created: datetime | None
    ended: datetime | None
    strange: bool
    json: Mapping[str, Any]

    def belongs_to(self, task: Task) -> bool:
        """Tell whether this is an operation that *task* can have begun.

        A task comes from a queue that others can write to: the id in it may
        name anything.  What cannot be read is believed: the API may come to
        describe its operations otherwise, and they must be followed then too.
        """
        wanted = task.attachment
        return self.strange or (
            self.instance_id == wanted.instance_id
            and (task.step is not Step.ATTACH or self.index == wanted.index)
        )


def fold(
    task: Task,
    operation: OperationSeen | None,
    instance: Instance | None,
    now: datetime,
    *,
    busy: bool = False,
) -> Sighting:
    """Reduce a look to a `Sighting`.

    Args:
        task: What is followed.
        operation: The task's current operation, if it has one and it was found.
        instance: The instance, None if there is none.
        now: The time of the look.
        busy: Whether some other attach to that index runs: ours, if its id was
            lost, or somebody's.
    """
    options = task.request.options
    power = instance.power if instance else Power.MISSING
    slot = _slot(task, instance) if instance else Slot.FREE
    progress = Progress.RUNNING if busy else _progress(task, operation)
    done = task.step if progress is Progress.SUCCEEDED else None
    if operation and done and _lags(operation, done, power, slot, now):
        progress, done = Progress.RUNNING, None
    powered = done in (Step.STOP, Step.START)
    return Sighting(
        power=power,
        slot=slot,
        progress=Progress.NONE if powered else progress,
        lateness=task.lateness(now),
        # What we did once to the power is not done again: if it did not last,
        # others acted, and a repeat with the same key would change nothing.
        may_stop=options.stop_if_running and not powered,
        noted=task.noted and done is not Step.START,
        final=FinalPower.AS_FOUND if done is Step.START else options.final_power,
        ending=_standing(task, slot),
    )


def _standing(task: Task, slot: Slot) -> Verdict | None:
    """Return the verdict reached earlier, unless others undid what it tells of.

    Where the index is not taken any more, all is open again.
    """
    undone = task.ending is Verdict.INDEX_TAKEN and slot is not Slot.FOREIGN
    return None if undone else task.ending


def _slot(task: Task, instance: Instance) -> Slot:
    """Tell what is at the index; at one that we chose, what looks like ours may not be.

    Two requests may want the same.  Whose it is the API tells: it answers a
    repeat of our key with our operation, and refuses the index to others.  Until
    it has told, that is free, and nobody claims it.
    """
    slot = instance.slot(task.attachment)
    if task.may_choose and slot is Slot.FOREIGN and instance.power is Power.MOVING:
        return Slot.FREE  # another will be chosen, once nothing moves
    own = task.may_choose and not task.shared
    return Slot.FREE if own and slot is Slot.OURS else slot


def _lags(
    operation: OperationSeen, done: Step, power: Power, slot: Slot, now: datetime
) -> bool:
    """Tell whether what was just *done* may merely not be seen yet."""
    unseen = {
        Step.ATTACH: slot is Slot.FREE,
        Step.STOP: power is Power.RUNNING,
        Step.START: power is Power.STOPPED,
    }[done]
    ended = operation.ended
    return unseen and ended is not None and now < ended + READ_LAG


def confine(seen: Sighting, *, in_folder: bool) -> Sighting:
    """Return what remains to be decided where the limits forbid the attachment.

    What runs is followed, an interface that is there is there, and nothing
    else is done, but to start again what was stopped before the limits said
    no; in a forbidden folder not even that (*in_folder* is False).
    """
    # Once the verdict is reached, what lapsed is the start that is owed.
    lapsed = seen.progress is Progress.LAPSED and seen.ending is None
    untouched = seen.progress is Progress.NONE and seen.slot is not Slot.OURS
    return replace(
        seen,
        progress=Progress.FAILED if lapsed else seen.progress,
        may_stop=False,
        noted=seen.noted and in_folder,
        final=FinalPower.AS_FOUND,
        ending=seen.ending or (Verdict.REFUSED if untouched else None),
    )


def warnings(task: Task, instance: Instance | None) -> tuple[str, ...]:
    """Return what a person should know about the instance as it is left."""
    if instance is None:
        return ()
    found = []
    stopped = instance.power is Power.STOPPED
    wanted = task.request.options.final_power
    if stopped and task.noted and wanted is not FinalPower.STOPPED:
        found.append("the instance was stopped for this and is not running again")
    for there in instance.interfaces:
        if there.index != task.attachment.index:
            continue
        if stopped and not there.address.address:
            found.append("the interface has no address until the instance starts")
        if len(instance.interfaces) > 1:
            found.append(_ROUTES)
    return tuple(found)


def _progress(task: Task, operation: OperationSeen | None) -> Progress:
    if operation is None:
        return Progress.NONE
    if not operation.done:
        return Progress.RUNNING
    if not operation.code:
        return Progress.SUCCEEDED
    # What we owe is tried again as long as there is hope.
    step = task.step or Step.ATTACH
    again = step is Step.START or task.generation_of(step) < MOST_GENERATIONS
    if again and remedy_of_operation(operation.code) is Remedy.LATER:
        return Progress.LAPSED
    return Progress.FAILED
