"""Sweeps: compares what policies want with what is there, a page a message.

Level-triggered, like everything here: a page that is delivered again asks for
the same again, by the same names, and whoever gets there second finds it done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from events.codes import Remedy
from events.decision import Verdict
from events.envelope import Broken, Delivery, Source
from events.missing import missing
from events.outcome import of_rejected
from events.pace import retry_after, spread
from events.policy import Policies
from events.rejected import Rejected
from events.sweep import Sweep, outcome_of, render_sweep
from events.task import Task, render_task
from events.timer import begin, folders_of
from functions._ports import Clock, CloudError, Compute, Mailbox, Message, Page
from functions._publish import publish

log = structlog.get_logger()
# What one page finds does not arrive at once: the quota of operations is small.
JITTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Moves sweeps, one page at a time.

    Attributes:
        compute: The cloud.
        tasks: Where what is missing is asked for, and the sweep goes on.
        results: Where the outcome of a sweep goes that cannot go on.
        policies: What instances should have.
        home: The folder to sweep for policies that name none; '' for none.
        now: Tells the time.
    """

    compute: Compute
    tasks: Mailbox
    results: Mailbox
    policies: Policies
    home: str
    now: Clock

    def start(self, delivery: Delivery | Broken) -> None:
        """Sweep the first page of what a timer's *delivery* calls for.

        A payload that cannot be understood is an outcome: nobody reads a
        function's log while all seems well.

        Raises:
            QueueError: If it is not certain that all of it was taken.
        """
        if isinstance(delivery, Broken) or delivery.source is not Source.TIMER:
            problem = getattr(delivery, "problem", "not a timer's message")
            log.error("skipped", reason=problem)
            return
        found = begin(delivery, self.policies, self.home, self.now())
        if isinstance(found, Rejected):
            publish(self.results, of_rejected(found, self.now()))
        elif found.folder_ids:
            self.sweep(found)
        else:
            log.info("skipped", reason="no policies")

    def carry_on(self, sweep: Sweep) -> None:
        """Go on with a sweep from a message, as far as policies and limits allow.

        Raises:
            QueueError: If it is not certain that all of it was taken.
        """
        known = folders_of(self.policies.among(sweep.policies), self.home)
        if allowed := sweep.within(known, self.policies.limits.per_sweep):
            self.sweep(allowed)
        else:
            log.warning("skipped", reason="no policy is about its folders")

    def sweep(self, sweep: Sweep) -> None:
        """Ask for what is missing on the sweep's page, and send it on to the next.

        Raises:
            QueueError: If it is not certain that all of it was taken.
        """
        with structlog.contextvars.bound_contextvars(
            sweep_id=sweep.id, folder_id=sweep.folder_ids[0]
        ):
            try:
                page = self.compute.instances(
                    sweep.folder_ids[0], sweep.page_token, sweep.page_size
                )
            except CloudError as error:
                self._hindered(sweep, error)
            else:
                self._compare(sweep, page)

    def _compare(self, sweep: Sweep, page: Page) -> None:
        found = missing(
            sweep, self.policies, page.instances, self.now(), page.next_token
        )
        self._ask([task for tasks in found for task in tasks])
        onward = sweep.onward(page.next_token, len(found))
        if onward:
            self.tasks.send(render_sweep(onward))
        log.info(
            "swept",
            instances=len(page.instances),
            lacking=len(found),
            goes_on=onward is not None,
        )

    def _ask(self, tasks: Sequence[Task]) -> None:
        self.tasks.send_all(
            [
                Message(body=render_task(task), after=spread(task.id, JITTER))
                for task in tasks
            ]
        )

    def _hindered(self, sweep: Sweep, error: CloudError) -> None:
        sweep = sweep.hindered(error.reason)
        if error.remedy is Remedy.NONE:
            self._give_up(sweep, Verdict.REFUSED)
        elif self.now() >= sweep.due:
            self._give_up(sweep, Verdict.UNRESOLVED)
        else:
            after = retry_after(sweep, self.now())
            self.tasks.send(render_sweep(sweep), after=after)
            log.warning("sent on", after=after.total_seconds(), reason=sweep.reason)

    def _give_up(self, sweep: Sweep, verdict: Verdict) -> None:
        publish(self.results, outcome_of(sweep, verdict, self.now()))
        # The other folders have done nothing to deserve it.
        if onward := sweep.onward("", 0):
            self.tasks.send(render_sweep(onward))
