"""Reads `yandex.schema`, which describes types of resources line by line.

    yandex_message_queue sdk
      name           string    optional computed replace
      delay_seconds  number    optional default=0 range=0..900

What stands further in belongs to the line above it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fakes.terraform.rules import Rule, read_rule
from fakes.terraform.schema import Attribute, Field, Group, Nesting, Resource

_FILE: Final = Path(__file__).parent / "yandex.schema"
_FLAGS: Final = ("required", "optional", "computed", "sensitive", "replace")
_NESTINGS: Final = {one.value: one for one in Nesting}


@dataclass(slots=True)
class _Line:
    """A line, and those that belong to it."""

    words: list[str]
    depth: int
    inner: "list[_Line]" = field(default_factory=list)


def read_resources(text: str | None = None) -> dict[str, Resource]:
    """Return the types of resources in *text*, by name; by default ours.

    Raises:
        ValueError: If a line cannot be understood, with that line.
    """
    lines = _tree(_FILE.read_text("utf-8") if text is None else text)
    return {one.words[0]: _resource(one) for one in lines}


def _tree(text: str) -> list[_Line]:
    root = _Line([], -1)
    path = [root]
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        found = _Line(words, len(line) - len(line.lstrip()))
        while path[-1].depth >= found.depth:
            path.pop()
        path[-1].inner.append(found)
        path.append(found)
    return root.inner


def _resource(line: _Line) -> Resource:
    name, library = line.words
    return Resource(name=name, fields=_fields(line), legacy=library == "sdk")


def _fields(line: _Line) -> dict[str, Field]:
    return {one.words[0]: _field(one) for one in line.inner}


def _field(line: _Line) -> Field:
    try:
        name, kind, *words = line.words
        flags = {flag: True for flag in _FLAGS if flag in words}
        settings: dict[str, Any] = dict(_settings(set(words).difference(_FLAGS)))
        if kind in _NESTINGS:
            either = settings.pop("either", "")
            flags.pop("optional", None)
            return Group(
                name=name,
                nesting=_NESTINGS[kind],
                fields=_fields(line),
                either=tuple(either.split("|")) if either else (),
                **flags,
                **settings,  # there are no others
            )
        default = json.loads(settings.pop("default", "null"))
        rules = tuple(_rules(settings))
        return Attribute(
            name=name, type=_type(kind), default=default, rules=rules, **flags
        )
    except (KeyError, TypeError, ValueError) as error:
        msg = f"not a field: {' '.join(line.words)}: {error!r}"
        raise ValueError(msg) from error


def _settings(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, _, text = word.partition("=")
        yield name, text


def _rules(settings: dict[str, str]) -> Iterator[Rule]:
    for kind, text in settings.items():
        yield read_rule(kind, text)


def _type(word: str) -> Any:
    """Return `["list", "string"]` for `list(string)`, `"string"` for `string`."""
    outer, _, inner = word.removesuffix(")").partition("(")
    return [outer, inner] if inner else outer
