"""Reads JSON strictly, and says everything that is wrong at once."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

_DURATION: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)s", re.ASCII)
_NAME_SHOWN: Final = 64
_MOST_ITEMS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: Where, as a JSON path: `$.faults[0].code`.
        problem: What, as a clause: `is required`.
    """

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path} {self.problem}"


class WrongDocumentError(ValueError):
    """The document is not what was asked for.

    Attributes:
        problems: All that is wrong; at least one.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def parse(text: str | bytes) -> Any:
    """Return *text* as JSON.

    Raises:
        WrongDocumentError: If it is not JSON in UTF-8, or has a name twice.
    """
    try:
        return json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        known = isinstance(error, _TwiceError)
        problem = str(error) if known else f"is not JSON: {type(error).__name__}"
        raise WrongDocumentError(Problem(path="$", problem=problem)) from None


class _TwiceError(ValueError):
    """An object has a name twice, and nobody knows which one counts."""


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            msg = f"has {name[:_NAME_SHOWN]!r} twice in one object"
            raise _TwiceError(msg)
        found[name] = value
    return found


@dataclass(slots=True)
class Reader:
    """A JSON object while it is read: fields are taken by name, problems noted.

    Attributes:
        path: Where it stands in the whole.
        problems: What was found so far, shared with objects within.
    """

    path: str
    problems: list[Problem]
    _left: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, path: str, problems: list[Problem]) -> "Reader":
        """Begin to read *value*, which must be an object."""
        reader = cls(path, problems)
        if isinstance(value, dict):
            reader._left = dict(value)
        else:
            reader.wrong("", "must be an object")
        return reader

    def wrong(self, name: str, problem: str) -> None:
        """Note a *problem* with the field *name*, '' for the object itself."""
        path = f"{self.path}.{name}" if name else self.path
        self.problems.append(Problem(path=path, problem=problem))

    def take(self, name: str) -> Any:
        """Return what *name* holds, None if it is not there."""
        return self._left.pop(name, None)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Return a string that is not empty."""
        value = self.take(name)
        if isinstance(value, str) and value:
            return value
        if value is not None:
            self.wrong(name, "must be a string, and not an empty one")
        elif required:
            self.wrong(name, "is required")
        return None

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """Return one of *choices*."""
        value = self.take(name)
        if value is None or (isinstance(value, str) and value in choices):
            return value
        self.wrong(name, f"must be one of {', '.join(choices)}")
        return None

    def flag(self, name: str) -> bool:
        """Return true or false; the latter if it is not there."""
        value = self.take(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(name, "must be true or false")
        return False

    def integer(self, name: str, low: int) -> int | None:
        """Return a whole number of at least *low*."""
        value = self.take(name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is None or (whole and value >= low):
            return value  # type: ignore[no-any-return]  # None or an int
        self.wrong(name, f"must be a whole number, {low} or more")
        return None

    def probability(self, name: str, *, zero: bool = True) -> float | None:
        """Return a number from 0, or from above that, to 1."""
        value = self.take(name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is None or (number and 0 <= value <= 1 and (zero or value)):
            return value  # type: ignore[no-any-return]  # None or a number
        self.wrong(name, f"must be a number {'from' if zero else 'above'} 0 up to 1")
        return None

    def span(self, name: str) -> timedelta:
        """Return a time like '1.5s', as proto3 writes one; none if it is not there."""
        value = self.take(name)
        if value is None:
            return timedelta(0)
        found = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self.wrong(name, "must be seconds like '0.5s', below a million of them")
            return timedelta(0)
        return timedelta(seconds=float(found[1]))

    def objects(self, name: str) -> Iterator["Reader"]:
        """Yield the objects of a list, each to be read before the next."""
        value = self.take(name)
        if value is None:
            return
        if not isinstance(value, list) or len(value) > _MOST_ITEMS:
            self.wrong(name, f"must be a list of {_MOST_ITEMS} objects at most")
            return
        for place, item in enumerate(value):
            reader = self._within(f"{name}[{place}]", item)
            if reader is not None:
                yield reader

    def object(self, name: str) -> "Reader | None":
        """Return an object within, None if it is not there."""
        value = self.take(name)
        return None if value is None else self._within(name, value)

    def rest(self) -> dict[str, Any]:
        """Return all that nobody took, by name: where names are free."""
        left, self._left = self._left, {}
        return left

    def close(self) -> None:
        """Refuse by name whatever nobody took."""
        for name in self._left:
            self.wrong(name[:_NAME_SHOWN], "is not a known field")

    def _within(self, name: str, value: Any) -> "Reader | None":
        reader = Reader.of(value, f"{self.path}.{name}", self.problems)
        return reader if isinstance(value, dict) else None


def render_span(span: timedelta) -> str:
    """Return *span* as `Reader.span` reads it."""
    seconds = f"{span / timedelta(seconds=1):.6f}".rstrip("0").rstrip(".")
    return f"{seconds}s"
