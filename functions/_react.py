"""Reacts to instances that stopped: finds out what is wanted, and asks for it.

It only ever asks: what is wanted goes on the tasks queue like everybody's
requests, so that retries, delays and dead letters are built once.
"""

from dataclasses import dataclass
from typing import assert_never

import structlog

from events.cause import Skipped, Stopped, read_audit_event
from events.envelope import Broken, Delivery
from events.outcome import Outcome
from events.policy import Policies
from events.task import Task, render_task
from events.wanted import Wanted, wanted
from functions._ports import Clock, Compute, Mailbox
from functions._publish import publish

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactor:
    """Turns audit events into tasks.

    Attributes:
        compute: The cloud.
        tasks: Where what is wanted goes.
        results: Where the outcome of what can never be goes.
        policies: What instances should have.
        now: Tells the time.
    """

    compute: Compute
    tasks: Mailbox
    results: Mailbox
    policies: Policies
    now: Clock

    def react(self, delivery: Delivery | Broken) -> None:
        """Ask for what the policies want after the event in *delivery*.

        Raises:
            CloudError: If the instance cannot be looked at now.
            QueueError: If it is not certain that a request was taken.
        """
        if isinstance(delivery, Broken):
            log.error("skipped", reason=delivery.problem)
            return
        match read_audit_event(delivery.body):
            case Skipped(reason=reason, expected=True):
                log.debug("skipped", reason=reason)
            case Skipped(reason=reason):
                log.warning("skipped", reason=reason)
            case Stopped() as stopped:
                with structlog.contextvars.bound_contextvars(
                    instance_id=stopped.instance_id,
                    audit_event_id=stopped.event_id,
                    cause=stopped.cause.value,
                ):
                    self._stopped(stopped)

    def _stopped(self, stopped: Stopped) -> None:
        instance = self.compute.instance(stopped.instance_id)
        if instance is None:
            log.info("skipped", reason="the instance is gone")
            return
        for one in wanted(self.policies, instance, stopped, self.now()):
            self._ask(one)

    def _ask(self, one: Wanted) -> None:
        match one:
            case Task(request=request, origin=origin):
                self.tasks.send(render_task(one))
                index = request.attachment.index
                log.info(
                    "asked", request_id=request.id, index=index, policy=origin.policy
                )
            case Outcome():
                publish(self.results, one)
            case Skipped(reason=reason):
                log.info("skipped", reason=reason)
            case _:
                assert_never(one)
