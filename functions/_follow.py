"""Follows tasks: look, decide, act, one step per delivery.

Level-triggered: every step starts from what the cloud shows now, so a crash at
any point resumes and never repeats.  An effect that cannot be seen afterwards
is announced on the queue before it happens.  Nothing waits here: to look again
later is to send the task on with a delay.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, assert_never

import structlog

from events.codes import Remedy
from events.decision import (
    Action,
    Attach,
    Lateness,
    Note,
    Retry,
    Settle,
    Start,
    Stop,
    Verdict,
    Wait,
    decide,
    describe,
)
from events.identity import idempotency_key
from events.limits import Limits
from events.outcome import of_task
from events.pace import look_after, retry_after
from events.sighting import OperationSeen, warnings
from events.task import Step, Task, render_task
from functions._guard import objection
from functions._look import Look, attach_of, look_at
from functions._ports import Clock, CloudError, Compute, Mailbox
from functions._publish import publish

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Moves tasks, one step at a time.

    Attributes:
        compute: The cloud.
        tasks: Where a task goes on.
        results: Where its outcome goes.
        limits: What may be touched at all.
        now: Tells the time.
    """

    compute: Compute
    tasks: Mailbox
    results: Mailbox
    limits: Limits
    now: Clock

    def follow(self, task: Task) -> None:
        """Move *task* one step.

        Raises:
            QueueError: If that is not certain; its message must come again.
        """
        with structlog.contextvars.bound_contextvars(
            request_id=task.id, subject=task.attachment.subject
        ):
            self._step(replace(task, looks=task.looks + 1, failures=0))

    def _step(self, task: Task) -> None:
        try:
            look, action = self._decide(task)
        except CloudError as error:
            self._blinded(task, error)
            return
        log.info("decided", action=describe(action), **look.facts())
        if task.request.options.dry_run:
            status, slot = look.facts()["status"] or "missing", look.seen.slot.value
            found = f"the instance is {status}, the slot {slot}"
            why = f": {look.task.reason}" if look.task.reason else ""
            reason = f"would {describe(action)}, as {found}{why}"
            self._publish(look, Verdict.PLANNED, reason=reason)
        else:
            self._act(look, action)

    def _decide(self, task: Task) -> tuple[Look, Action]:
        """Look and decide; what is about to begin must pass the guard."""
        look = look_at(task, self.compute, self.limits, self.now())
        action = decide(look.seen)
        if look.instance is None or not isinstance(action, Attach | Note):
            return look, action
        problem = objection(look.task, look.instance, self.compute, self.limits)
        if problem is None:
            return look, action
        refused = replace(look.seen, ending=Verdict.REFUSED)
        return replace(look, task=look.task.because(problem)), decide(refused)

    def _blinded(self, task: Task, error: CloudError) -> None:
        """Go on after a look that failed, as long as there is hope."""
        if error.remedy is Remedy.NONE and not task.begun:
            self._conclude(task.because(error.reason), Verdict.REFUSED)
        elif task.lateness(self.now()) is not Lateness.HOPELESS:
            self._hindered(task, error)
        else:
            # What is at the index cannot be upheld without a look.
            unsure = task.ending in (Verdict.ATTACHED, Verdict.INDEX_TAKEN)
            ending = None if unsure else task.ending
            self._conclude(task.because(error.reason), ending or Verdict.UNRESOLVED)

    def _hindered(self, task: Task, error: CloudError) -> None:
        task = task.hindered(error.reason)
        self._send_on(task, retry_after(task, self.now()))

    def _act(self, look: Look, action: Action) -> None:
        task = look.task
        match action:
            case Wait():
                self._send_on(replace(task, hurdles=0), look_after(task))
            case Note():
                self._send_on(replace(task, noted=True), timedelta(0))
            case Retry():
                task = task.next_generation()
                self._send_on(task, retry_after(task, self.now()))
            case Attach() if look.chosen:
                # A repeat must find the index chosen, not choose another.
                self._send_on(task, timedelta(0))
            case Attach():
                self._begin(look, Step.ATTACH, None)
            case Stop(ending):
                self._begin(look, Step.STOP, ending)
            case Start(ending):
                self._begin(look, Step.START, ending)
            case Settle(verdict):
                self._settle(look, verdict)
            case _:
                assert_never(action)

    def _begin(self, look: Look, step: Step, ending: Verdict | None) -> None:
        task = replace(look.task, ending=ending)
        try:
            if step is Step.START and task.noted and not task.stop_id:
                task = replace(task, stop_id=self._last_stop(task))
            operation = self._call(task, step)
        except CloudError as error:
            self._declined(look, step, ending, error)
            return
        log.info("begun", step=step.value, operation_id=operation.id)
        if step is Step.ATTACH and task.index:
            # A repeat of the key is answered with what it began, wherever that was.
            task = replace(task, index=operation.index or task.index)
        task = task.following(step, operation.id)
        # A finished one is the answer to a repeat: go on at once.
        self._send_on(task, timedelta(0) if operation.done else look_after(task))

    def _last_stop(self, task: Task) -> str:
        """Return the last stop: it may be ours, by a call that came to no end."""
        try:
            return self.compute.last_stop(task.attachment.instance_id)
        except CloudError as error:
            if error.remedy is not Remedy.NONE:
                raise
            return ""  # who may not look still owes the start

    def _declined(
        self, look: Look, step: Step, ending: Verdict | None, error: CloudError
    ) -> None:
        task = look.task
        log.warning("declined", step=step.value, reason=error.reason)
        if step is Step.ATTACH and look.doubtful and error.remedy is not Remedy.LATER:
            # Had we made what is there, our key would have been answered with it.
            self._send_on(task.giving_way().because(error.reason), timedelta(0))
        elif error.remedy is not Remedy.NONE:
            # It may have been begun all the same: no answer is no refusal.
            task = replace(task, step=step, operation_id="", ending=ending)
            self._hindered(task, error)
        elif ending is None:
            look = replace(look, task=task.because(error.reason))
            refused = replace(look.seen, ending=Verdict.REFUSED)
            self._act(look, decide(refused))
        elif task.noted:
            # We owe it: whoever took the permission may give it back.
            self._hindered(task, error)
        else:
            self._settle(look, ending, f"not done: {step.value}: {error.reason}")

    def _call(self, task: Task, step: Step) -> OperationSeen:
        generation = task.generation_of(step)
        key = idempotency_key(task.request, task.deed(step), generation)
        wanted = task.attachment
        match step:
            case Step.ATTACH:
                return self.compute.attach(wanted, key)
            case Step.STOP:
                return self.compute.stop(wanted.instance_id, key)
            case Step.START:
                return self.compute.start(wanted.instance_id, key)
            case _:
                assert_never(step)

    def _settle(self, look: Look, verdict: Verdict, *remarks: str) -> None:
        try:
            operation = attach_of(look, verdict, self.compute)
        except CloudError as error:
            hopeless = look.seen.lateness is Lateness.HOPELESS
            if error.remedy is not Remedy.NONE and not hopeless:
                self._hindered(look.task, error)
                return
            operation = None
        self._publish(look, verdict, *remarks, operation=operation and operation.json)

    def _publish(
        self, look: Look, verdict: Verdict, *remarks: str, **more: Any
    ) -> None:
        status = look.instance.status if look.instance else ""
        left = (*warnings(look.task, look.instance), *remarks)
        self._conclude(
            look.task, verdict, instance_status=status, warnings=left, **more
        )

    def _conclude(self, task: Task, verdict: Verdict, **more: Any) -> None:
        publish(self.results, of_task(task, verdict, self.now(), **more))

    def _send_on(self, task: Task, after: timedelta) -> None:
        self.tasks.send(render_task(task), after=after)
        log.info("sent on", after=after.total_seconds(), reason=task.reason)
