"""When to look again: soon at first, then ever later, never in step with others.

All delays are within the 15 minutes that a message can be delayed.  The jitter
is derived from the task, not drawn: the same task at the same look always
waits as long, so that every run can be repeated.
"""

import hashlib
from datetime import datetime, timedelta

from events.task import Task

_FIRST_LOOK = timedelta(seconds=3)
_LONGEST_LOOK = timedelta(seconds=60)
_LONGEST_HURDLE = timedelta(seconds=300)
_MOST_STEPS = 20  # beyond it every delay is the longest


def look_after(task: Task) -> timedelta:
    """Return how long to leave alone what is going well: 3 to 60 s, before jitter."""
    return _jittered(
        task, min(_FIRST_LOOK * 1.5 ** _steps(task.looks - 1), _LONGEST_LOOK)
    )


def retry_after(task: Task, now: datetime) -> timedelta:
    """Return how long to wait after a hurdle: 3 to 300 s, before jitter.

    The last wait before the due time ends with it.
    """
    grown = min(_FIRST_LOOK * 2.0 ** _steps(task.hurdles - 1), _LONGEST_HURDLE)
    wait = _jittered(task, grown)
    left = task.due - now
    return min(wait, left) if left > timedelta(seconds=1) else wait


def _steps(count: int) -> int:
    return max(0, min(count, _MOST_STEPS))


def _jittered(task: Task, wait: timedelta) -> timedelta:
    """Return *wait*, up to a quarter longer."""
    seed = f"{task.request.id} {task.looks} {task.hurdles}"
    byte = hashlib.sha256(seed.encode(errors="replace")).digest()[0]
    return wait * (1 + byte / 1024)
