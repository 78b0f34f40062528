"""What is wrong with a resource as it is written, as far as a provider sees it at once.

That names are known, and that what is required is there, Terraform checks itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from fakes.terraform.schema import Attribute, Field, Group, Nesting, groups, items
from fakes.terraform.wire import UNKNOWN

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong.

    Attributes:
        path: Where: names, and places in lists.
        problem: What.
    """

    path: Path
    problem: str


def faults(
    fields: Mapping[str, Field], values: Mapping[str, Any], path: Path = ()
) -> Iterator[Fault]:
    """Yield all that is wrong with *values*; what is not known yet is right."""
    yield from _choices(fields, values, path)
    for name, one in fields.items():
        value, place = values.get(name), (*path, name)
        if value is None or value is UNKNOWN:
            continue
        if isinstance(one, Attribute):
            yield from _broken_rules(one, value, place)
        else:
            yield from _within(one, value, place)


def _broken_rules(one: Attribute, value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, list) and UNKNOWN in value:
        return
    for rule in one.rules:
        if problem := rule.complaint(value):
            yield Fault(path=path, problem=problem)


def _within(group: Group, value: Any, path: Path) -> Iterator[Fault]:
    single = group.nesting is Nesting.OBJECT
    for place, item in enumerate(items(group, value)):
        if item is not UNKNOWN:
            at = path if single else (*path, place)
            yield from faults(group.fields, item, at)


def _choices(
    fields: Mapping[str, Field], values: Mapping[str, Any], path: Path
) -> Iterator[Fault]:
    """Yield where not exactly one of several blocks is given."""
    for names in dict.fromkeys(one.either for one in groups(fields) if one.either):
        if any(values.get(name) is UNKNOWN for name in names):
            continue
        given = [name for name in names if values.get(name)]
        if len(given) != 1:
            problem = f"one of {', '.join(names)} must be given, and one only"
            yield Fault(path=(*path, given[-1] if given else names[0]), problem=problem)
