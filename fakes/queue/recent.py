"""What is remembered for a while, and then forgotten."""

from collections import deque
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from fakes.tables import Tables

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """Values by their keys, each for the same span; every operation is O(1), amortised.

    Args:
        span: How long a value is remembered; at its very end it is forgotten.
    """

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._noted: dict[str, tuple[datetime, _T]] = {}
        self._oldest: deque[tuple[datetime, str]] = deque()

    def keep_in(self, tables: Tables, kind: str) -> None:
        """Keep all of it, as a *kind*; what was kept is remembered again."""
        self._noted = tables.table(kind, self._noted)
        moments = ((moment, key) for key, (moment, _) in self._noted.items())
        self._oldest = deque(sorted(moments))

    def clear(self) -> None:
        """Forget everything."""
        self._noted.clear()
        self._oldest.clear()

    def __len__(self) -> int:
        return len(self._noted)

    def note(self, key: str, value: _T, now: datetime) -> None:
        """Remember *value* from *now* on, instead of what had its key."""
        self._forget(now)
        self._noted[key] = (now, value)
        self._oldest.append((now, key))

    def find(self, key: str, now: datetime) -> _T | None:
        """Return what is remembered, None if nothing is (any more)."""
        self._forget(now)
        found = self._noted.get(key)
        return None if found is None else found[1]

    def _forget(self, now: datetime) -> None:
        # The first is the oldest, for time does not go back.
        while self._oldest and now - self._oldest[0][0] >= self._span:
            moment, key = self._oldest.popleft()
            # It may have been noted again.
            if self._noted[key][0] == moment:
                del self._noted[key]
