"""What is left of a call's time, as the platform's context tells it.

The platform ends a call at its timeout without a warning, and whatever it did
not finish comes again as a whole.  So nothing new is begun when the end is
near, and nobody is waited for beyond it.  A function needs a timeout well over
`RESERVE`; 30 s leave 20 s to begin things in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# What was begun takes a call or two that hang, and has to be told of.
RESERVE = timedelta(seconds=10)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a call must be over.

    Attributes:
        remaining: Tells the milliseconds left; None for all the time there is.
    """

    remaining: Callable[[], float] | None = None

    @classmethod
    def of(cls, context: Any) -> "Deadline":
        """Return the deadline of the call with that *context*.

        (yandex-cloud/docs: en/functions/lang/python/context.md)  A context that
        tells nothing, as none at all, leaves all the time there is.
        """
        return cls(getattr(context, "get_remaining_time_in_millis", None))

    def left(self) -> timedelta:
        """Return what is left; less than nothing once it is over."""
        if self.remaining is None:
            return timedelta.max
        return timedelta(milliseconds=self.remaining())

    def near(self) -> bool:
        """Tell whether nothing new may be begun."""
        return self.left() <= RESERVE

    def bound(self, wait: timedelta, keep: timedelta) -> timedelta:
        """Return *wait*, or as much of it as keeps so much; never below 0."""
        return max(_NOTHING, min(wait, self.left() - keep))


UNLIMITED = Deadline()
