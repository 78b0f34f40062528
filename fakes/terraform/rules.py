"""What must hold of a value that is given, as the provider checks it before a plan."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Rule: TypeAlias = "Range | Length | Choice | Pattern"


@dataclass(frozen=True, slots=True)
class Range:
    """A number, or one in a string, within bounds."""

    least: float
    most: float

    def complaint(self, value: Any) -> str:
        """Return what is wrong, '' for nothing."""
        try:
            fits = self.least <= float(value) <= self.most
        except ValueError:
            return "must be a number"
        return "" if fits else f"must be from {self.least:g} to {self.most:g}"


@dataclass(frozen=True, slots=True)
class Length:
    """A text of so many characters."""

    least: int
    most: int

    def complaint(self, value: Any) -> str:
        """Return what is wrong, '' for nothing."""
        if self.least <= len(value) <= self.most:
            return ""
        return f"must have {self.least} to {self.most} characters"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words."""

    words: tuple[str, ...]

    def complaint(self, value: Any) -> str:
        """Return what is wrong, '' for nothing."""
        return "" if value in self.words else f"must be one of {', '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text, or each of a list, that looks like this."""

    pattern: str

    def complaint(self, value: Any) -> str:
        """Return what is wrong, '' for nothing."""
        values = value if isinstance(value, list) else [value]
        if all(re.fullmatch(self.pattern, one) for one in values):
            return ""
        return f"must look like {self.pattern}"


def _bounds(text: str) -> tuple[float, float]:
    least, _, most = text.partition("..")
    return float(least), float(most)


_READERS: Final[dict[str, Callable[[str], Rule]]] = {
    "range": lambda text: Range(*_bounds(text)),
    "length": lambda text: Length(*map(int, _bounds(text))),
    "choice": lambda text: Choice(tuple(text.split("|"))),
    "match": Pattern,
}


def read_rule(kind: str, text: str) -> Rule:
    """Return a rule from its words in a description.

    Raises:
        KeyError: If there is no such kind of rule.
    """
    return _READERS[kind](text)
