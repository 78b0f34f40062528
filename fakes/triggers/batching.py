"""Triggers that collect until a batch is full or its time is up."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from fakes.tables import Tables
from fakes.triggers.batch import Batch
from fakes.triggers.redelivery import Patience, Redelivery

_T = TypeVar("_T")

LONGEST_CUTOFF = timedelta(minutes=1)


class BatchingTrigger(Generic[_T]):
    """Collects things, hands them over in batches, and again after a failure.

    Args:
        patience: What happens after a failed call.
        size: How much a batch holds; one thing is never too much.
        cutoff: How long to wait for a batch to fill.
        weigh: Returns how much one thing counts.
        render: Turns a batch, at a moment, into the event of a call.

    Attributes:
        redelivery: The events that failed, and how many were lost.
    """

    def __init__(
        self,
        patience: Patience,
        *,
        size: int,
        cutoff: timedelta,
        weigh: Callable[[_T], int],
        render: Callable[[list[_T], datetime], Any],
    ) -> None:
        self.redelivery = Redelivery(patience)
        self._size = size
        self._cutoff = cutoff
        self._weigh = weigh
        self._render = render
        # What is not handed over for good, by number; those that wait, in order.
        self._unsettled: dict[int, _T] = {}
        self._waiting: deque[int] = deque()
        self._number = 0
        self._since: datetime | None = None
        self._wakers: list[Callable[[], object]] = []

    def keep_in(self, tables: Tables, kind: str) -> None:
        """Keep, as a *kind*, what is not handed over for good.

        What was kept waits again, also what was handed over when all ended: as ever,
        an event may come twice.  How often it failed is not kept.
        """
        self._unsettled = tables.table(kind, self._unsettled)
        self._waiting.extend(self._unsettled)
        self._number = max(self._unsettled, default=-1) + 1

    def add(self, thing: _T) -> None:
        """Let *thing* be handed over."""
        self._unsettled[self._number] = thing
        self._waiting.append(self._number)
        self._number += 1
        for wake in self._wakers:
            wake()

    def take(self, now: datetime) -> Batch | None:
        """Return a batch whose turn has come again, or else a new one."""
        batch = self.redelivery.again(now)
        if batch is not None:
            return batch
        self._since = self._since or (now if self._waiting else None)
        if self._since is None:
            return None
        if not self._is_full() and now < self._since + self._cutoff:
            return None
        numbers = self._fill()
        self._since = now if self._waiting else None
        event = self._render([self._unsettled[it] for it in numbers], now)
        return self.redelivery.first(event, now, lambda: self._settle(numbers))

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a batch's time is up or its turn comes again."""
        dues = [self.redelivery.next_due()]
        if self._waiting:
            dues.append((self._since + self._cutoff) if self._since else now)
        return min((due for due in dues if due), default=None)

    def watch(self, wake: Callable[[], object]) -> None:
        """Have *wake* called when there is something new."""
        self._wakers.append(wake)

    def _is_full(self) -> bool:
        room = self._size
        for number in self._waiting:
            room -= self._weight(number)
            if room <= 0:
                return True
        return False

    def _fill(self) -> list[int]:
        numbers = [self._waiting.popleft()]
        room = self._size - self._weight(numbers[0])
        while self._waiting and (weight := self._weight(self._waiting[0])) <= room:
            numbers.append(self._waiting.popleft())
            room -= weight
        return numbers

    def _weight(self, number: int) -> int:
        return self._weigh(self._unsettled[number])

    def _settle(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            del self._unsettled[number]


def check_within(name: str, value: int, most: int) -> None:
    """Refuse a *value* that is not from 1 to *most*.

    Raises:
        ValueError: Naming it.
    """
    if not 1 <= value <= most:
        msg = f"{name} must be from 1 to {most}, not {value}"
        raise ValueError(msg)


def check_cutoff(cutoff: timedelta) -> None:
    """Refuse a *cutoff* that is not from 1 second to 1 minute.

    Raises:
        ValueError: Saying so.
    """
    if not timedelta(seconds=1) <= cutoff <= LONGEST_CUTOFF:
        msg = f"cutoff must be from 1 second to 1 minute, not {cutoff}"
        raise ValueError(msg)
