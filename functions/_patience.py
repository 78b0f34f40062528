"""How a queue that has too much to do is waited for: briefly, and out of step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

_FIRST = timedelta(seconds=0.1)
_MOST_WAITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits in place: what cannot be sent cannot be sent on, delayed, either.

    Attributes:
        pause: Waits for so many seconds.
        chance: Draws from 0 to 1; of its own in every instance, or those that
            were throttled together would come again together.
    """

    pause: Callable[[float], object]
    chance: Callable[[], float]

    def waits(self) -> Iterator[timedelta]:
        """Yield what to wait before each further try: 4 times, 1.5 s in all at most.

        Each is twice the one before, and half of it at least.
        """
        for count in range(_MOST_WAITS):
            yield _FIRST * 2**count * (0.5 + self.chance() / 2)
