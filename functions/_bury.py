"""Buries dead letters: each becomes an outcome, so that nobody waits for ever.

One is not dead: a task that has begun something.  It is owed an end, and its
instance perhaps a start, so it goes back to the others as long as there is
hope.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from events.decision import Lateness, Verdict
from events.envelope import Broken, Delivery
from events.inbox import Rejected, read_tasks
from events.lost import lost_events
from events.outcome import Outcome, of_rejected, of_task
from events.pace import retry_after
from events.task import Task, render_task
from functions._ports import Clock, Mailbox
from functions._publish import publish

log = structlog.get_logger()
_REASON = "given up: it was delivered again and again without success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Burier:
    """Turns dead letters into outcomes.

    Attributes:
        tasks: Where those go that are not dead.
        results: Where outcomes go.
        now: Tells the time.
    """

    tasks: Mailbox
    results: Mailbox
    now: Clock

    def bury(self, delivery: Delivery | Broken) -> None:
        """Publish the outcomes of a message that could not be processed.

        Raises:
            QueueError: If one may not have arrived; the letter must come again.
        """
        for outcome in self._outcomes(delivery):
            publish(self.results, outcome)

    def _outcomes(self, delivery: Delivery | Broken) -> Iterator[Outcome]:
        now = self.now()
        lost = lost_events(getattr(delivery, "body", None), now)
        if lost is not None:
            yield from lost
            return
        for task in read_tasks(delivery, now):
            if isinstance(task, Rejected):
                yield of_rejected(task, now)
            elif task.begun and task.lateness(now) is not Lateness.HOPELESS:
                self._revive(task)
            else:
                reason = f"{_REASON}; last: {task.reason}" if task.reason else _REASON
                yield of_task(task, Verdict.UNPROCESSED, now, reason=reason)

    def _revive(self, task: Task) -> None:
        task = task.hindered(_REASON)
        self.tasks.send(render_task(task), after=retry_after(task, self.now()))
        log.warning("revived", request_id=task.id, subject=task.attachment.subject)
