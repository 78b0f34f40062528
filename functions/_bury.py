"""Buries dead letters: each becomes an outcome, so that nobody waits for ever.

Most are not dead: a queue that was throttled for some minutes, or a function
that could not be called, kills whatever came by.  What is in a letter goes
back to the others until it failed too often or it is too late; what has begun
something is owed an end, and its instance perhaps a start, as long as there is
hope.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from events.envelope import Broken, Delivery
from events.inbox import read_tasks
from events.items import (
    Errand,
    Item,
    failing,
    is_hopeless,
    remainder,
    render_item,
    unprocessed,
)
from events.lost import lost_events
from events.outcome import Outcome, of_rejected
from events.pace import retry_after
from events.rejected import Rejected
from functions._ports import Clock, Mailbox, Message
from functions._publish import publish_all

log = structlog.get_logger()
_REASON = "given up: it was delivered again and again without success"


@dataclass(frozen=True, slots=True, kw_only=True)
class Burier:
    """Sends on what is in dead letters, or turns it into outcomes.

    Attributes:
        tasks: Where those go that are not dead.
        results: Where outcomes go.
        now: Tells the time.
    """

    tasks: Mailbox
    results: Mailbox
    now: Clock

    def bury(self, delivery: Delivery | Broken) -> None:
        """Revive or end everything in a message that could not be processed.

        Raises:
            QueueError: If it is not certain that all went on or has its
                outcome; the letter must come again.
        """
        messages: list[Message] = []
        outcomes: list[Outcome] = []
        for item in self._read(delivery):
            self._judge(item, messages, outcomes)
        if outcomes:
            publish_all(self.results, outcomes)
        if messages:
            self.tasks.send_all(messages)

    def _read(self, delivery: Delivery | Broken) -> Sequence[Item | Outcome]:
        lost = lost_events(getattr(delivery, "body", None), self.now())
        return read_tasks(delivery, self.now()) if lost is None else lost

    def _judge(
        self, item: Item | Outcome, messages: list[Message], outcomes: list[Outcome]
    ) -> None:
        now = self.now()
        if isinstance(item, Outcome):
            outcomes.append(item)
        elif isinstance(item, Rejected):
            outcomes.append(of_rejected(item, now))
        elif is_hopeless(failed := failing(item, _reason(item)), now):
            outcomes.append(unprocessed(failed, now, failed.reason))
            if rest := remainder(failed):
                messages.append(Message(body=render_item(rest)))
        else:
            after = retry_after(failed, now)
            messages.append(Message(body=render_item(failed), after=after))
            log.warning("revived", request_id=item.id, failures=failed.failures)


def _reason(item: Errand) -> str:
    if not item.reason or item.reason.startswith(_REASON):
        return item.reason or _REASON
    return f"{_REASON}; last: {item.reason}"
