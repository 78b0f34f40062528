"""What is due when: a priority queue from which anything can be taken out."""

import heapq
from datetime import datetime
from typing import Final

_SLACK: Final = 64


class Timetable:
    """At most one moment for each number; every operation is O(log n), amortised.

    What is dropped or moved stays in the heap until it comes up; the heap is
    rebuilt once more than half of it is such rubbish, so memory stays O(n).
    """

    def __init__(self) -> None:
        self._moments: dict[int, datetime] = {}
        self._heap: list[tuple[datetime, int]] = []

    def __len__(self) -> int:
        return len(self._moments)

    def __contains__(self, number: int) -> bool:
        return number in self._moments

    def get(self, number: int) -> datetime | None:
        """Return when *number* is due, None if it is not noted."""
        return self._moments.get(number)

    def put(self, number: int, moment: datetime) -> None:
        """Note that *number* is due at *moment*, and no longer at another."""
        self._moments[number] = moment
        heapq.heappush(self._heap, (moment, number))
        if len(self._heap) > 2 * len(self._moments) + _SLACK:
            self._heap = [(due, it) for it, due in self._moments.items()]
            heapq.heapify(self._heap)

    def drop(self, number: int) -> None:
        """Forget *number*, if it was noted at all."""
        self._moments.pop(number, None)

    def next(self) -> datetime | None:
        """Return when something is due next, None if nothing is."""
        heap = self._heap
        while heap and self._moments.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now: datetime) -> int | None:
        """Take out the number due longest, None if none is due by *now*."""
        moment = self.next()
        if moment is None or moment > now:
            return None
        number = heapq.heappop(self._heap)[1]
        del self._moments[number]
        return number

    def clear(self) -> None:
        """Forget everything."""
        self._moments.clear()
        self._heap.clear()
