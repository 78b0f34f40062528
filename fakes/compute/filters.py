"""Expressions that leave some of the instances in a list.

"The expression consists of one or more conditions united by `AND` operator. Each
condition has the form `<field> <operator> <value>`"
(yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list).  Assumptions: words may
be in any case, a list of values is in parentheses, and a status or time need not
be in quotes.  Labels cannot be asked for: they are not among the documented fields.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.errors import ApiError, Code

_LONGEST: Final = 1000  # characters
_QUOTED: Final = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_VALUE: Final = rf"(?:{_QUOTED}|[-+.:\w]+)"
_CONDITION: Final = re.compile(
    rf"\s*(?P<field>[a-z_]+)\s*"
    rf"(?:(?P<operator>=|!=)\s*(?P<value>{_VALUE})"
    rf"|\s(?P<no>NOT\s+)?IN\s*\(\s*(?P<values>{_VALUE}(?:\s*,\s*{_VALUE})*)\s*\))"
    rf"(?P<rest>\s*\Z|\s+AND\s)",
    re.IGNORECASE,
)
_EACH: Final = re.compile(_VALUE)
_ESCAPED: Final = re.compile(r"\\(.)")

_FIELDS: Final[dict[str, Callable[[Instance], str]]] = {
    "id": lambda one: one.id,
    "name": lambda one: one.name,
    "created_at": lambda one: one.created_at.ToDatetime(UTC).isoformat(),
    "status": lambda one: Instance.Status.Name(one.status),
    "zone_id": lambda one: one.zone_id,
    "platform_id": lambda one: one.platform_id,
    "host_id": lambda one: one.host_id,
}
_UNQUOTED: Final = {"created_at", "status"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What an instance must be, or must not be.

    Attributes:
        field: One of the documented ones.
        values: What it may have there, or must not have.
        wanted: False if it must not.
    """

    field: str
    values: frozenset[str]
    wanted: bool

    def holds(self, instance: Instance) -> bool:
        """Tell whether *instance* is to be in the list."""
        return (_FIELDS[self.field](instance) in self.values) is self.wanted


def parse(expression: str) -> list[Condition]:
    """Return the conditions of an expression; without one, none.

    Raises:
        ApiError: INVALID_ARGUMENT for what is not an expression; that it is refused,
            and how, is an assumption.
    """
    conditions: list[Condition] = []
    rest = expression
    while rest:
        found = _CONDITION.match(rest)
        if found is None or len(expression) > _LONGEST:
            raise _misunderstood(expression)
        conditions.append(_condition(found, expression))
        ended = not found["rest"].strip()
        if ended:
            break
        rest = rest[found.end() :]
        if not rest:
            raise _misunderstood(expression)
    return conditions


def _condition(found: re.Match[str], expression: str) -> Condition:
    field = found["field"]
    if field not in _FIELDS:
        raise _misunderstood(expression)
    texts = _EACH.findall(found["values"] or found["value"])
    return Condition(
        field=field,
        values=frozenset(_value(field, text, expression) for text in texts),
        wanted=found["operator"] == "=" if found["operator"] else not found["no"],
    )


def _value(field: str, text: str, expression: str) -> str:
    if text[0] in "\"'":
        text = _ESCAPED.sub(r"\1", text[1:-1])
    elif field not in _UNQUOTED:
        raise _misunderstood(expression)
    if field != "created_at":
        return text
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    except ValueError as error:
        raise _misunderstood(expression) from error


def _misunderstood(expression: str) -> ApiError:
    return ApiError(Code.INVALID_ARGUMENT, f"filter: cannot understand {expression!r}")
