"""Buries dead letters: each becomes an outcome, so that nobody waits for ever.

One is not dead: a task that has begun something.  It is owed an end, and its
instance perhaps a start, so it goes back to the others as long as there is
hope.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from events.decision import Lateness
from events.envelope import Broken, Delivery
from events.inbox import read_tasks
from events.items import Item, unprocessed
from events.lost import lost_events
from events.outcome import Outcome
from events.pace import retry_after
from events.rejected import Rejected
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
        for item in read_tasks(delivery, now):
            if isinstance(item, Task) and item.begun and self._hopes(item):
                self._revive(item)
            else:
                yield unprocessed(item, now, _last(item))

    def _hopes(self, task: Task) -> bool:
        return task.lateness(self.now()) is not Lateness.HOPELESS

    def _revive(self, task: Task) -> None:
        task = task.hindered(_REASON)
        self.tasks.send(render_task(task), after=retry_after(task, self.now()))
        log.warning("revived", request_id=task.id, subject=task.attachment.subject)


def _last(item: Item) -> str:
    last = "" if isinstance(item, Rejected) else item.reason
    return f"{_REASON}; last: {last}" if last else _REASON
