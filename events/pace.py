"""When to look again: soon at first, then ever later, never in step with others.

All delays are within the 15 minutes that a message can be delayed.  The jitter
is derived from the task, not drawn: the same task at the same look always
waits as long, so that every run can be repeated.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Protocol

from events.task import Task

_FIRST_LOOK = timedelta(seconds=3)
_LONGEST_LOOK = timedelta(seconds=60)
_LONGEST_HURDLE = timedelta(seconds=300)
_MOST_STEPS = 20  # beyond it every delay is the longest


class Hindered(Protocol):
    """What met hurdles on its way, and is given up in the end."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def hurdles(self) -> int:
        """How many in a row."""
        ...

    @property
    def due(self) -> datetime:
        """When nothing new is begun for it any more."""
        ...


def look_after(task: Task) -> timedelta:
    """Return how long to leave alone what is going well: 3 to 75 s."""
    wait = min(_FIRST_LOOK * 1.5 ** _steps(task.looks - 1), _LONGEST_LOOK)
    return wait * (1 + _fraction(task.id, task.looks, task.hurdles) / 4)


def retry_after(one: Hindered, now: datetime) -> timedelta:
    """Return how long to wait after a hurdle: 3 to 300 s, and half more or less.

    That much, for whoever met the same hurdle at the same time met it because
    of the others: five hundred that waited in step needed three times as long.
    The last wait before the due time ends with it.
    """
    grown = min(_FIRST_LOOK * 2.0 ** _steps(one.hurdles - 1), _LONGEST_HURDLE)
    wait = grown * (0.5 + _fraction(one.id, one.hurdles))
    left = one.due - now
    return min(wait, left) if left > timedelta(seconds=1) else wait


def spread(name: str, within: timedelta) -> timedelta:
    """Return a moment *within* a while, the same for the same name."""
    return within * _fraction(name)


def _steps(count: int) -> int:
    return max(0, min(count, _MOST_STEPS))


def _fraction(*seed: object) -> float:
    text = " ".join(map(str, seed))
    return hashlib.sha256(text.encode(errors="replace")).digest()[0] / 256
