"""Submits requests that wait for an answer: look, attach once, answer.

What the API itself knows is begun at once and answered with its Operation;
then the task is followed like every other.  What only this project knows goes
to the queue first: the Operation of a stop would be taken for the attach.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from events.answer import Answer, accepted, began, refused
from events.attachment import Attachment
from events.cause import Cause, Origin
from events.codes import Remedy
from events.identity import idempotency_key
from events.instance import Instance, Power, Slot
from events.limits import Limits
from events.pace import look_after, retry_after
from events.rest import Call
from events.task import Step, Task, render_task
from functions._guard import objection
from functions._look import Look, look_at
from functions._ports import (
    Clock,
    CloudError,
    Compute,
    Mailbox,
    QueueError,
    ThrottledError,
)

log = structlog.get_logger()

# Trying again later may help, and nothing was begun.
_NOTHING_BEGUN = {"ABORTED", "RESOURCE_EXHAUSTED", "UNAUTHENTICATED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    """Submits one request and says what came of it.

    Attributes:
        compute: The cloud.
        tasks: Where a request goes on.
        limits: What may be touched at all.
        now: Tells the time.
    """

    compute: Compute
    tasks: Mailbox
    limits: Limits
    now: Clock

    def submit(self, call: Call) -> Answer:
        """Begin what is asked for, or put it on the queue, and answer.

        An error is the last word on a request, and no outcome follows, unless
        its message says that the request goes on.
        """
        origin = Origin(cause=Cause.REQUESTED, event_id=call.event_id)
        task = Task(request=call.request, origin=origin, created=self.now())
        if not call.at_once:
            return self._accept(task)
        task = replace(task, looks=1)
        try:
            look = look_at(task, self.compute, self.limits, task.created)
            refusal = self._refusal(look)
        except CloudError as error:
            return _refuse(task, *_told(error))
        return _refuse(task, *refusal) if refusal else self._attach(task)

    def _accept(self, task: Task) -> Answer:
        try:
            self.tasks.send(render_task(task))
        except ThrottledError:
            problem = "the queue has too much to do; nothing was begun"
        except QueueError:
            problem = f"the queue may have taken it or not: {_repeat(task)} to be sure"
        else:
            return accepted(task.id)
        return _refuse(task, "UNAVAILABLE", problem)

    def _refusal(self, look: Look) -> tuple[str, str] | None:
        """Return with what code and why the attach must not be called, or None.

        Raises:
            CloudError: If that cannot be told now.
        """
        wanted, instance = look.task.attachment, look.instance
        if instance is None or instance.power is Power.MISSING:
            return "NOT_FOUND", f"Instance {wanted.instance_id} not found"
        if problem := self.limits.against(wanted, instance.folder_id):
            return "PERMISSION_DENIED", problem
        if self._may_have_begun(wanted, instance):
            # Whose it is the API tells: it answers our key with our operation.
            return None
        if instance.power is not Power.STOPPED:
            # On a running one it might succeed, and leave the interface down.
            problem = f"Instance {instance.id} must be STOPPED: it is {instance.status}"
            return "FAILED_PRECONDITION", problem
        problem = objection(look.task, instance, self.compute, self.limits)
        return ("FAILED_PRECONDITION", problem) if problem else None

    def _may_have_begun(self, wanted: Attachment, instance: Instance) -> bool:
        """Tell whether this may be a repeat: the interface is there, or on its way.

        While an attach runs the instance is UPDATING, and its index still free.
        """
        if instance.slot(wanted) is not Slot.FREE:
            return True
        moving = instance.power is Power.MOVING
        return moving and any(not one.done for one in self.compute.attaches(wanted))

    def _attach(self, task: Task) -> Answer:
        key = idempotency_key(task.request, Step.ATTACH.value, task.generation)
        try:
            operation = self.compute.attach(task.attachment, key)
        except CloudError as error:
            log.warning("declined", step=Step.ATTACH.value, reason=error.reason)
            return self._declined(task, error)
        log.info("begun", step=Step.ATTACH.value, operation_id=operation.id)
        task = task.following(Step.ATTACH, operation.id)
        # A finished one is the answer to a repeat: follow at once.
        after = timedelta(0) if operation.done else look_after(task)
        if self._send_on(task, after):
            return began(operation.json, task.id)
        problem = (
            f"operation {operation.id} has begun, but is not followed: "
            f"{_repeat(task)} to have its outcome"
        )
        return _refuse(task, "UNAVAILABLE", problem)

    def _declined(self, task: Task, error: CloudError) -> Answer:
        code, problem = _told(error)
        if not _is_doubtful(error):
            return _refuse(task, code, problem)
        # It may have been begun all the same: no answer is no refusal.
        task = replace(task, step=Step.ATTACH).hindered(error.reason)
        goes_on = self._send_on(task, retry_after(task, self.now()))
        rest = f"the request goes on as {task.id}" if goes_on else _repeat(task)
        return _refuse(task, code, f"{problem}; {rest}")

    def _send_on(self, task: Task, after: timedelta) -> bool:
        """Put *task* on the queue; False if it is not certain that it is there."""
        try:
            self.tasks.send(render_task(task), after=after)
        except QueueError as error:
            log.warning("not sent on", reason=str(error))
            return False
        log.info("sent on", after=after.total_seconds(), reason=task.reason)
        return True


def _refuse(task: Task, code: str, problem: str) -> Answer:
    return refused(code, problem, request_id=task.id)


def _repeat(task: Task) -> str:
    return f"repeat it with the same key, or with requestId {task.id},"


def _told(error: CloudError) -> tuple[str, str]:
    """Return what the client is told: that our own token is refused is no 401."""
    mistaken = error.code == "UNAUTHENTICATED"
    return ("UNAVAILABLE" if mistaken else error.code), error.reason


def _is_doubtful(error: CloudError) -> bool:
    """Tell whether an attach may have begun although this was the answer."""
    return error.remedy is Remedy.LATER and error.code not in _NOTHING_BEGUN
