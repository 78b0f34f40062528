"""What a message of the tasks queue may hold, whatever it is."""

from datetime import datetime
from typing import assert_never

from events import sweep, wish
from events.decision import Verdict
from events.outcome import Outcome, of_rejected, of_task
from events.rejected import Rejected
from events.sweep import Sweep, render_sweep
from events.task import Task, render_task
from events.wish import Wish, render_wish

Errand = Task | Wish | Sweep
Item = Errand | Rejected


def render_item(item: Errand) -> str:
    """Return the message body from which *item* is read."""
    match item:
        case Task():
            return render_task(item)
        case Wish():
            return render_wish(item)
        case Sweep():
            return render_sweep(item)
        case _:
            assert_never(item)


def unprocessed(item: Item, now: datetime, reason: str) -> Outcome:
    """Return the outcome of what nobody could process; *reason* tells why.

    What is no request at all has an outcome of its own.
    """
    match item:
        case Rejected():
            return of_rejected(item, now)
        case Task():
            return of_task(item, Verdict.UNPROCESSED, now, reason=reason)
        case Wish():
            return wish.outcome_of(item, Verdict.UNPROCESSED, now, reason)
        case Sweep():
            return sweep.outcome_of(item, Verdict.UNPROCESSED, now, reason)
        case _:
            assert_never(item)
