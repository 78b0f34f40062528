"""Choices: all that a schedule leaves open, and nothing else.

Each has a label and is numbered under it, so that another choice elsewhere moves
none of them.  Choosing 0 is always the plainest: what a schedule did is the few
choices that were not.
"""

import random
from collections.abc import Mapping
from typing import Final, Protocol

Choices = Mapping[str, int]
"""What was chosen, by `label#number`; what is absent was 0."""

# By the beginning of a label: how likely something other than 0 is.  One of these
# is drawn for each schedule, so that some are calm, and some are nothing but trouble
# of one kind.  What is not here is chosen evenly.
_RATES: Final[Mapping[str, tuple[float, ...]]] = {
    "next": (0.0, 0.1, 0.4),
    "order": (0.0, 0.0, 0.05, 0.3),
    "pause": (0.0, 0.0, 0.05, 0.25),
    "crash": (0.0, 0.0, 0.02, 0.15),
    "read": (0.0, 0.0, 0.05, 0.3),
    "stale": (0.0, 0.0, 0.0, 0.3),
    "write": (0.0, 0.0, 0.1, 0.4),
    "send": (0.0, 0.0, 0.05, 0.25),
    "fate": (0.0, 0.0, 0.2, 0.6),
    "long": (0.0, 0.0, 0.0, 0.01),
    "others": (0.0, 0.0, 0.05, 0.2),
    "operator": (0.0, 0.0, 0.0, 0.05),
    "again": (0.0, 0.0, 0.3),
    "chance": (0.0, 0.0, 0.1),
}
# After so many troubles the weather is fine, or a schedule need not come to its end.
_MOST_TROUBLES: Final = (2, 4, 8, 16)


class Dice(Protocol):
    """Chooses, and remembers every choice that was not 0."""

    @property
    def chosen(self) -> dict[str, int]:
        """Return what was chosen."""
        ...

    def draw(self, label: str, count: int) -> int:
        """Choose from 0 to below *count*; what is before `:` in *label* is its kind."""
        ...


class Seeded:
    """Chooses at random."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secrets
        self._left = self._random.choice(_MOST_TROUBLES)
        self._rates: dict[str, float | None] = {
            kind: self._random.choice(rates) for kind, rates in _RATES.items()
        }
        self._counts: dict[str, int] = {}
        self._chosen: dict[str, int] = {}

    @property
    def chosen(self) -> dict[str, int]:
        """Return what was chosen."""
        return self._chosen

    def draw(self, label: str, count: int) -> int:
        """Choose at random, mostly 0 where that means that nothing goes wrong."""
        number = self._counts.get(label, 0)
        self._counts[label] = number + 1
        rate = self._rates.get(label.partition(":")[0])
        if rate is None:
            found = int(self._random.random() * count)
        elif self._random.random() < rate and self._left:
            found = 1 + int(self._random.random() * (count - 1)) if count > 1 else 0
            self._left -= 1
        else:
            return 0
        if found:
            self._chosen[f"{label}#{number}"] = found
        return found


class Scripted:
    """Chooses what is written, as far as it can be chosen."""

    def __init__(self, script: Choices) -> None:
        self._script = script
        self._counts: dict[str, int] = {}
        self._chosen: dict[str, int] = {}

    @property
    def chosen(self) -> dict[str, int]:
        """Return what was chosen."""
        return self._chosen

    def draw(self, label: str, count: int) -> int:
        """Choose what is written; 0 if nothing is, or nothing possible."""
        number = self._counts.get(label, 0)
        self._counts[label] = number + 1
        name = f"{label}#{number}"
        found = self._script.get(name, 0)
        if not 0 < found < count:
            return 0
        self._chosen[name] = found
        return found
