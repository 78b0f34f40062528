"""What a trigger hands to a function, and what it wants to hear afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One call that is to be made.

    Attributes:
        event: What the function gets, as JSON: the envelope, mostly.
        succeeded: To be called with the time if the function returned.
        failed: To be called with the time if it did not.
    """

    event: Any
    succeeded: Callable[[datetime], object]
    failed: Callable[[datetime], object]


class Trigger(Protocol):
    """When to call with what; it calls nothing itself."""

    def take(self, now: datetime) -> Batch | None:
        """Return a batch that is due, None if there is none."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a batch may be due, None if only something new makes one."""
        ...

    def watch(self, wake: Callable[[], object]) -> None:
        """Have *wake* called when a batch may be due earlier than was said."""
        ...
