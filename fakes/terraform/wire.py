"""Values on their way between Terraform and its provider.

They are msgpack, where an extension stands for what is not known yet
(hashicorp/terraform: docs/plugin-protocol/object-wire-format.md).
"""

import enum
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgpack

from fakes.terraform.kind import Values
from fakes.terraform.protocol import messages
from fakes.terraform.schema import Field, Group, Nesting, items


class Unknown(enum.Enum):
    """The type of `UNKNOWN`, so that it can be told from all values."""

    UNKNOWN = enum.auto()


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands for a value that only applying brings."""
Seen: TypeAlias = Values
"""Values some of which may be `UNKNOWN`."""
_EXTENSION: Final = msgpack.ExtType(0, b"\0")


def read_value(value: Any) -> Seen | None:
    """Return what a `DynamicValue` holds; None if there is nothing."""
    if value.msgpack:
        found: Seen | None = msgpack.unpackb(
            value.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False
        )
        return found
    return json.loads(value.json) if value.json else None


def render_value(values: Seen | None) -> Any:
    """Return *values* as a `DynamicValue`."""
    return messages.DynamicValue(msgpack=msgpack.packb(values, default=_extension))


def _extension(_unknown: Any) -> msgpack.ExtType:
    return _EXTENSION


def complete(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Seen:
    """Return *values* with all *fields*, for Terraform takes nothing less.

    What is not said is None, and a block that is not there an empty list.
    """
    return {name: _complete(one, values.get(name)) for name, one in fields.items()}


def _complete(one: Field, value: Any) -> Any:
    if not isinstance(one, Group) or value is UNKNOWN:
        return value
    if value is None:
        return [] if one.nesting.is_block else None
    filled = [complete(one.fields, item) for item in items(one, value)]
    return filled[0] if one.nesting is Nesting.OBJECT else filled


def known(value: Any) -> Any:
    """Return *value* with None in the place of all that is not known."""
    if isinstance(value, dict):
        return {name: known(one) for name, one in value.items()}
    if isinstance(value, list):
        return [known(one) for one in value]
    return None if value is UNKNOWN else value
