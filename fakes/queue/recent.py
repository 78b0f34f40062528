"""What is remembered for a while, and then forgotten."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Recent(Generic[_T]):
    """Values by their keys, each for the same span; every operation is O(1), amortised.

    Args:
        span: How long a value is remembered; at its very end it is forgotten.
    """

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._noted: OrderedDict[str, tuple[datetime, _T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._noted)

    def note(self, key: str, value: _T, now: datetime) -> None:
        """Remember *value* from *now* on, instead of what had its key."""
        self._forget(now)
        self._noted[key] = (now, value)
        self._noted.move_to_end(key)

    def find(self, key: str, now: datetime) -> _T | None:
        """Return what is remembered, None if nothing is (any more)."""
        self._forget(now)
        found = self._noted.get(key)
        return None if found is None else found[1]

    def _forget(self, now: datetime) -> None:
        # The first is the oldest, for time does not go back.
        while self._noted and now - next(iter(self._noted.values()))[0] >= self._span:
            self._noted.popitem(last=False)
