"""Which of the ready messages is next: the difference between the types of queue.

An ordering knows every message of its queue by number, and which of them are
ready.  Every operation is O(1), amortised.
"""

from collections import OrderedDict
from typing import Protocol

from fakes.chance import Chance
from fakes.queue.stored import StoredMessage


class Ordering(Protocol):
    """What a shelf asks of an ordering."""

    @property
    def ready(self) -> int:
        """How many messages are ready, also those that wait for another."""

    @property
    def has_next(self) -> bool:
        """Whether `take` would return a message."""

    def enter(self, message: StoredMessage) -> None:
        """Take in a new message, not ready yet, behind all others."""

    def show(self, number: int) -> None:
        """Make a message ready."""

    def hide(self, number: int) -> None:
        """Make a message not ready, if it was."""

    def take(self) -> int | None:
        """Return the next message, which is not ready any more; None for none."""

    def leave(self, number: int) -> None:
        """Forget a message that is there."""

    def clear(self) -> None:
        """Forget every message."""


class Arrivals:
    """The ordering of a well-behaved standard queue: as messages became ready."""

    def __init__(self) -> None:
        # A plain dict finds its first key in O(n) once earlier ones were removed.
        self._ready: OrderedDict[int, None] = OrderedDict()

    @property
    def ready(self) -> int:
        """How many messages are ready."""
        return len(self._ready)

    @property
    def has_next(self) -> bool:
        """Whether any message is ready."""
        return bool(self._ready)

    def enter(self, message: StoredMessage) -> None:
        """Do nothing: only what is ready has a place."""

    def show(self, number: int) -> None:
        """Put a message behind all that are ready."""
        self._ready[number] = None

    def hide(self, number: int) -> None:
        """Take a message out, if it is ready."""
        self._ready.pop(number, None)

    def take(self) -> int | None:
        """Take the first of the ready messages."""
        return _pop_first(self._ready)

    def leave(self, number: int) -> None:
        """Forget a message."""
        self.hide(number)

    def clear(self) -> None:
        """Forget every message."""
        self._ready.clear()


class Scattered:
    """The ordering of a standard queue that keeps none."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._ready: list[int] = []
        self._places: dict[int, int] = {}

    @property
    def ready(self) -> int:
        """How many messages are ready."""
        return len(self._ready)

    @property
    def has_next(self) -> bool:
        """Whether any message is ready."""
        return bool(self._ready)

    def enter(self, message: StoredMessage) -> None:
        """Do nothing: only what is ready has a place."""

    def show(self, number: int) -> None:
        """Put a message among those that are ready."""
        self._places[number] = len(self._ready)
        self._ready.append(number)

    def hide(self, number: int) -> None:
        """Take a message out, if it is ready; the last one takes its place."""
        place = self._places.pop(number, None)
        if place is None:
            return
        last = self._ready.pop()
        if last != number:
            self._ready[place] = last
            self._places[last] = place

    def take(self) -> int | None:
        """Take any of the ready messages."""
        if not self._ready:
            return None
        number = self._ready[self._chance.below(len(self._ready))]
        self.hide(number)
        return number

    def leave(self, number: int) -> None:
        """Forget a message."""
        self.hide(number)

    def clear(self) -> None:
        """Forget every message."""
        self._ready.clear()
        self._places.clear()


class Groups:
    """The ordering of a FIFO queue: one line for each group, one head for each line.

    A message is next only if it is the head of its line and ready.  While a head is
    in flight or delayed, its whole group waits; so a receive takes one message of a
    group at most, as documented (yandex-cloud/docs:
    en/message-queue/api-ref/message/ReceiveMessage.md).

    Assumption: groups take turns, a group whose head came back goes behind the
    others; the documentation promises an order within a group only.
    """

    def __init__(self) -> None:
        self._group_of: dict[int, str | None] = {}
        self._lines: dict[str | None, OrderedDict[int, None]] = {}
        self._ready: set[int] = set()
        self._heads: OrderedDict[int, None] = OrderedDict()

    @property
    def ready(self) -> int:
        """How many messages are ready, also behind the head of their line."""
        return len(self._ready)

    @property
    def has_next(self) -> bool:
        """Whether any head is ready."""
        return bool(self._heads)

    def enter(self, message: StoredMessage) -> None:
        """Put a message at the end of its group's line."""
        group = message.content.group_id
        self._group_of[message.number] = group
        self._lines.setdefault(group, OrderedDict())[message.number] = None

    def show(self, number: int) -> None:
        """Make a message ready, and its group unless it stands behind another."""
        self._ready.add(number)
        self._offer(self._lines[self._group_of[number]])

    def hide(self, number: int) -> None:
        """Make a message, and so the group it heads, not ready."""
        self._ready.discard(number)
        self._heads.pop(number, None)

    def take(self) -> int | None:
        """Take the head of the group whose turn it is; its group waits for it."""
        number = _pop_first(self._heads)
        if number is not None:
            self._ready.remove(number)
        return number

    def leave(self, number: int) -> None:
        """Forget a message; the next of its group is the head, if it was."""
        self.hide(number)
        group = self._group_of.pop(number)
        line = self._lines[group]
        del line[number]
        if line:
            self._offer(line)
        else:
            del self._lines[group]

    def clear(self) -> None:
        """Forget every message and every group."""
        self._group_of.clear()
        self._lines.clear()
        self._ready.clear()
        self._heads.clear()

    def _offer(self, line: OrderedDict[int, None]) -> None:
        head = next(iter(line))
        if head in self._ready:
            self._heads[head] = None


def _pop_first(numbers: OrderedDict[int, None]) -> int | None:
    return numbers.popitem(last=False)[0] if numbers else None
