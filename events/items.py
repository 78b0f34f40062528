"""What a message of the tasks queue may hold, whatever it is."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from events import sweep, wish
from events.decision import Lateness, Verdict
from events.outcome import Outcome, of_rejected, of_task
from events.rejected import Rejected
from events.sweep import Sweep, render_sweep
from events.task import MOST_FAILURES, Task, render_task
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


def failing(item: Errand, reason: str) -> Errand:
    """Return *item* after one more failure over it, with *reason* for it."""
    return replace(item.hindered(reason), failures=item.failures + 1)


def is_hopeless(item: Errand, now: datetime) -> bool:
    """Tell whether *item* failed too often to be tried again, or too late.

    What was begun is owed an end, however often it fails.
    """
    often = item.failures >= MOST_FAILURES
    if not isinstance(item, Task):
        return often
    return is_late(item, now) or (often and not item.begun)


def is_late(item: Errand, now: datetime) -> bool:
    """Tell whether it is too late for *item* to come to any end but a given-up one."""
    if isinstance(item, Task):
        return item.lateness(now) is Lateness.HOPELESS
    return now >= item.due


def remainder(item: Errand) -> Errand | None:
    """Return what is left to do of *item* once it is given up: other folders."""
    return item.onward("", 0) if isinstance(item, Sweep) else None


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
