"""A task: a request under way, as it travels in messages.

A message carries only what the cloud cannot tell: what was wanted, since when,
the operation under way and how the instance was found.  On the wire a task is
its request's JSON with one more field, `task`; a producer's request is simply
a task that nobody has looked at yet.
"""

import enum
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from events.attachment import Attachment
from events.cause import Origin
from events.decision import Lateness, Verdict
from events.instance import Instance
from events.moments import render_moment
from events.request import Request, render_request
from events.syntax import AUTO, LONGEST_REASON

VERSION = 1
# How long after the due time a task may still follow what runs, or start again
# what it stopped.
GRACE = timedelta(hours=1)
MOST_GENERATIONS = 5
# After so many crashes over it in a row, a message is given up.
MOST_FAILURES = 5


class Step(enum.Enum):
    """What a task's current operation does."""

    ATTACH = "attach"
    STOP = "stop"
    START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A request under way.

    Attributes:
        request: What was asked for.
        origin: Why.
        created: When the request was accepted.
        looks: How often the cloud was looked at.
        hurdles: How often in a row there was no progress; paces the looks.
        failures: How often a function failed over it, for no known reason.
        step: What the current or last operation does; None before the first.
        operation_id: The current operation; '' if none is known.
        attach_id: The last attach operation; '' before it.
        stop_id: The last stop, likewise.
        generation: Counts attaches that ended in an error worth a retry.
        stops: Counts stops that did; a copy of the task that saw none must come to
            the same key for the attach.
        restarts: Counts starts that did.
        index: The index that was chosen, '' where the request names one.
        foreign: Indexes whose interfaces turned out to be others'.
        noted: Whether the instance was found running and may be stopped by us.
        ending: The verdict, once only the power remains to be seen to.
        reason: What stood in the way last, or led to the ending; for people.
    """

    request: Request
    origin: Origin
    created: datetime
    looks: int = 0
    hurdles: int = 0
    failures: int = 0
    step: Step | None = None
    operation_id: str = ""
    attach_id: str = ""
    stop_id: str = ""
    generation: int = 0
    stops: int = 0
    restarts: int = 0
    index: str = ""
    foreign: tuple[str, ...] = ()
    noted: bool = False
    ending: Verdict | None = None
    reason: str = ""

    @property
    def id(self) -> str:
        """The request's id."""
        return self.request.id

    @property
    def attachment(self) -> Attachment:
        """What is wanted, at the index that was chosen if that was left open."""
        wanted = self.request.attachment
        return replace(wanted, index=self.index) if self.index else wanted

    @property
    def may_choose(self) -> bool:
        """Whether the index was left open and no attach is known to be ours yet."""
        return self.request.attachment.index == AUTO and not self.attach_id

    @property
    def shared(self) -> bool:
        """Whether such an interface is enough, whoever brought it about.

        A policy wishes for a state; a request without one is an order.
        """
        return bool(self.origin.policy)

    @property
    def begun(self) -> bool:
        """Whether something was begun, or may have been, and must be followed."""
        return self.noted or self.step is not None

    @property
    def due(self) -> datetime:
        """When we stop starting things."""
        return self.created + self.request.options.timeout

    def lateness(self, now: datetime) -> Lateness:
        """Tell how late it is for this task."""
        if now < self.due:
            return Lateness.IN_TIME
        return Lateness.OVERDUE if now < self.due + GRACE else Lateness.HOPELESS

    def following(self, step: Step, operation_id: str) -> "Task":
        """Return the task with an operation just begun: its hurdles are past."""
        begun = replace(
            self,
            step=step,
            operation_id=operation_id,
            attach_id=operation_id if step is Step.ATTACH else self.attach_id,
            stop_id=operation_id if step is Step.STOP else self.stop_id,
            hurdles=0,
        )
        return begun.because("")

    def deed(self, step: Step) -> str:
        """Return what *step* is called in its idempotency key.

        A start belongs to the stop that it makes up for: a copy of the task may have
        started the instance before this one stopped it, and a repeat of that start
        would leave it so.
        """
        owed = step is Step.START and self.stop_id
        return f"start after {self.stop_id}" if owed else step.value

    def generation_of(self, step: Step) -> int:
        """Return the generation of the idempotency key for *step*."""
        return {
            Step.ATTACH: self.generation,
            Step.STOP: self.stops,
            Step.START: self.restarts,
        }[step]

    def next_generation(self) -> "Task":
        """Return the task ready to try its step anew, later each time."""
        step = self.step or Step.ATTACH
        count = self.generation_of(step) + 1
        counter = {
            Step.ATTACH: "generation",
            Step.STOP: "stops",
            Step.START: "restarts",
        }[step]
        changed: dict[str, Any] = {counter: count}
        return replace(self, operation_id="", hurdles=count, **changed)

    def hindered(self, reason: str) -> "Task":
        """Return the task with one more hurdle met, and *reason* for it."""
        return replace(self.because(reason), hurdles=self.hurdles + 1)

    def choosing(self, instance: Instance) -> "Task":
        """Return the task with an index chosen: first what may be its own already.

        A repeat of a request must not take another index than it did before.
        Whose an interface is the API tells, by the key of the attach; see
        `sighting`.
        """
        alike = instance.index_alike(self.attachment, self.foreign)
        return replace(self, index=alike or instance.lowest_free_index())

    def giving_way(self) -> "Task":
        """Return the task without its index, which is others'."""
        foreign = dict.fromkeys((*self.foreign, self.index))
        return replace(self, index="", foreign=tuple(foreign))

    def because(self, reason: str) -> "Task":
        """Return the task with *reason* for what happens to it.

        What led to an ending stays its reason, whatever comes after.
        """
        return self if self.ending else replace(self, reason=reason[:LONGEST_REASON])


def render_task(task: Task) -> str:
    """Return the message body that `read_tasks` reads."""
    state = {
        "v": VERSION,
        **task.origin.render(),
        "created": render_moment(task.created),
        "looks": task.looks,
        "hurdles": task.hurdles,
        "failures": task.failures,
        "step": task.step and task.step.value,
        "operationId": task.operation_id,
        "attachId": task.attach_id,
        "stopId": task.stop_id,
        "generation": task.generation,
        "stops": task.stops,
        "restarts": task.restarts,
        "index": task.index,
        "foreign": list(task.foreign),
        "noted": task.noted,
        "ending": task.ending and task.ending.value,
        "reason": task.reason,
    }
    present = {name: value for name, value in state.items() if value}
    return json.dumps({**render_request(task.request), "task": present})
