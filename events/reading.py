"""Reads JSON objects strictly, and says everything that is wrong at once.

A producer who gets one error per attempt gives up; one who gets all of them,
each with its JSON path, corrects the request once.  Values are never quoted
in a problem: a request may hold what does not belong in a log.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_NAME_SHOWN = 64
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing wrong with a document.

    Attributes:
        path: Where, as a JSON path: `$.subnetId`.
        problem: What, as a clause: `is required`.
    """

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path} {self.problem}"


class InvalidDocumentError(ValueError):
    """The document breaks its contract; sending it again is useless.

    Attributes:
        violations: All that is wrong, in the order of reading; at least one.
    """

    def __init__(self, *violations: Violation) -> None:
        super().__init__("; ".join(map(str, violations)))
        self.violations = violations


def read_json(text: str | bytes | bytearray) -> Any:
    """Parse *text*.

    Raises:
        InvalidDocumentError: If it is not JSON in UTF-8, or too deep to read.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = f"is not JSON: {type(error).__name__}"
        raise InvalidDocumentError(Violation(path="$", problem=problem)) from None


def camel(name: str) -> str:
    """Return the lowerCamelCase of *name*, as proto3 JSON maps it.

    >>> camel("security_group_ids"), camel("subnetId")
    ('securityGroupIds', 'subnetId')
    """
    head, *tail = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in tail)


def camel_keys(value: Mapping[Any, Any]) -> dict[str, Any]:
    """Return *value* with its own names in lowerCamelCase, not those within."""
    return {camel(str(name)): content for name, content in value.items()}


@dataclass(slots=True)
class Document:
    """A JSON object while it is read: fields are taken by name, problems noted.

    As proto3 JSON allows, a field may be spelt in lowerCamelCase or snake_case,
    and null stands for an absent field.

    Attributes:
        path: Where this object stands in the whole.
        violations: What was found wrong so far, shared with nested objects.
    """

    path: str
    violations: list[Violation]
    _left: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, path: str, violations: list[Violation]) -> "Document":
        """Start to read *value*; anything but an object is noted as a violation."""
        document = cls(path, violations)
        if isinstance(value, Mapping):
            for name, content in value.items():
                document._put(str(name), content)
        else:
            document.wrong("", "must be an object")
        return document

    def wrong(self, name: str, problem: str) -> None:
        """Note that *problem* holds for the field *name* ('' for the object)."""
        path = f"{self.path}.{name}" if name else self.path
        self.violations.append(Violation(path=path, problem=problem))

    def has(self, name: str) -> bool:
        """Tell whether *name* is there, neither null nor '', and not taken yet."""
        return self._left.get(name) not in (None, "")

    def take(self, name: str) -> Any:
        """Return the value of *name*, or None if it is absent or null."""
        return self._left.pop(name, None)

    def text(
        self,
        name: str,
        allowed: Callable[[str], str | None] = lambda _: None,
        *,
        required: bool = False,
    ) -> str:
        """Return a string, '' if absent; *allowed* returns the problem, if any."""
        value = self.take(name)
        if value is None or value == "":
            if required:
                self.wrong(name, "is required")
        elif not isinstance(value, str):
            self.wrong(name, "must be a string")
        elif problem := allowed(value):
            self.wrong(name, problem)
        else:
            return value
        return ""

    def integer(self, name: str, low: int, high: int) -> int:
        """Return an integer of *low* to *high*, 0 if absent.

        As proto3 JSON writes an int64, it may be a number or a string.
        """
        value = self.take(name)
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        if value is None:
            return 0
        if isinstance(value, int) and not isinstance(value, bool):
            if low <= value <= high:
                return value
            self.wrong(name, f"must be {low} to {high}")
        else:
            self.wrong(name, "must be an integer")
        return 0

    def flag(self, name: str) -> bool:
        """Return a boolean, False if absent."""
        value = self.take(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(name, "must be true or false")
        return False

    def object(self, name: str) -> "Document | None":
        """Return a nested object, None if absent."""
        value = self.take(name)
        if value is None:
            return None
        return Document.of(value, f"{self.path}.{name}", self.violations)

    def items(self, name: str, most: int) -> list[tuple[str, Any]]:
        """Return the items of a list with their paths; [] if absent."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(name, "must be a list")
        elif len(value) > most:
            self.wrong(name, f"must have at most {most} items")
        else:
            return [(f"{self.path}.{name}[{i}]", item) for i, item in enumerate(value)]
        return []

    def objects(self, name: str, most: int) -> list["Document"]:
        """Return the nested objects of a list; [] if absent."""
        return [
            Document.of(item, path, self.violations)
            for path, item in self.items(name, most)
        ]

    def texts(
        self, name: str, allowed: Callable[[str], str | None], *, most: int
    ) -> tuple[str, ...]:
        """Return a list of distinct strings; () if absent."""
        found: list[str] = []
        for path, item in self.items(name, most):
            problem = "must be a string" if not isinstance(item, str) else allowed(item)
            if not problem and item in found:
                problem = "is there twice"
            if problem:
                self.violations.append(Violation(path=path, problem=problem))
            else:
                found.append(item)
        return tuple(found)

    def entries(
        self, name: str, allowed: Callable[[str], str | None], *, most: int
    ) -> list[tuple[str, str, Any]]:
        """Return an object whose names are free, such as labels; [] if absent.

        Each entry comes as its name, taken literally, its path and its value;
        *allowed* returns the problem with a name, if any.
        """
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, Mapping) or len(value) > most:
            self.wrong(name, f"must be an object with at most {most} entries")
            return []
        found = []
        for key, item in value.items():
            place = f"{name}[{key[:_NAME_SHOWN]!r}]"
            problem = allowed(key)
            if problem:
                self.wrong(place, problem)
            found.append((key, f"{self.path}.{place}", item))
        return found

    def close(self) -> None:
        """Refuse by name whatever nobody took."""
        for name in self._left:
            self.wrong(name[:_NAME_SHOWN], "is not a known field")
        self._left.clear()

    def _put(self, name: str, content: Any) -> None:
        name = camel(name)
        if content is None:
            # Absent, but its name must be a known one all the same.
            self._left.setdefault(name, None)
            return
        if self._left.get(name) is not None:
            self.wrong(name[:_NAME_SHOWN], "is there in two spellings")
        self._left[name] = content
