"""Faults that are still to strike: which one strikes a call, if any."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from fakes.chance import Chance
from fakes.faults.fault import Fault

_SECOND: Final = timedelta(seconds=1)


@dataclass(slots=True, eq=False)
class _Planned:
    """A fault, how often it may strike yet, and when it let calls through."""

    fault: Fault
    left: int | None
    passed: deque[datetime] = field(default_factory=deque)

    def lets_pass(self, now: datetime) -> bool:
        """Tell whether a call is one of those that are let through in a second."""
        above = self.fault.above
        if above is None:
            return False
        while self.passed and now - self.passed[0] >= _SECOND:
            self.passed.popleft()
        if len(self.passed) < above:
            self.passed.append(now)
            return True
        return False


class Planned:
    """What is to go wrong, in the order in which it was added.

    Args:
        chance: Throws the dice for faults with a probability.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._all: list[_Planned] = []

    def __bool__(self) -> bool:
        return bool(self._all)

    def faults(self) -> list[Fault]:
        """Return what is left: each with the `times` that it may strike yet."""
        return [replace(one.fault, times=one.left) for one in self._all]

    def add(self, fault: Fault) -> None:
        """Let *fault* strike, after those added before it."""
        self._all.append(_Planned(fault, fault.most))

    def clear(self) -> None:
        """Forget all of it."""
        self._all.clear()

    def take(
        self, service: str, method: str, now: datetime, resources: Collection[str]
    ) -> Fault | None:
        """Return the fault that strikes a call, and use it up once."""
        for one in self._all:
            if one.fault.fits(service, method, resources) and self._strikes(one, now):
                if one.left is not None:
                    one.left -= 1
                if one.left == 0:
                    self._all.remove(one)
                return one.fault
        return None

    def _strikes(self, one: _Planned, now: datetime) -> bool:
        if one.lets_pass(now):
            return False
        likely = one.fault.probability
        return likely is None or self._chance.happens(likely)
