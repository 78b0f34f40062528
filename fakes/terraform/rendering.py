"""Our types of resources, places and complaints in the words of the protocol."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fakes.terraform.checks import Path
from fakes.terraform.protocol import messages
from fakes.terraform.schema import Field, Group, Nesting, attributes, groups

_NESTINGS: Final = {
    Nesting.BLOCK: 2,
    Nesting.BLOCKS: 2,
    Nesting.BLOCK_SET: 3,
    Nesting.OBJECT: 1,
    Nesting.OBJECTS: 2,
}


def render_schema(fields: Mapping[str, Field]) -> Any:
    """Return a `Schema` with *fields*."""
    return messages.Schema(block=_block(fields))


def render_path(path: Path) -> Any:
    """Return an `AttributePath`."""
    steps = [
        messages.AttributePath.Step(attribute_name=one)
        if isinstance(one, str)
        else messages.AttributePath.Step(element_key_int=one)
        for one in path
    ]
    return messages.AttributePath(steps=steps)


def render_error(summary: str, path: Path = ()) -> Any:
    """Return a `Diagnostic` that stops Terraform, at *path* if it has one."""
    return messages.Diagnostic(
        severity="ERROR",
        summary=summary,
        attribute=render_path(path) if path else None,
    )


def render_warnings(warnings: Iterable[str]) -> list[Any]:
    """Return a `Diagnostic` for each, none of which stops Terraform."""
    return [messages.Diagnostic(severity="WARNING", summary=one) for one in warnings]


def _block(fields: Mapping[str, Field]) -> Any:
    blocks = [one for one in groups(fields) if one.nesting.is_block]
    return messages.Schema.Block(
        attributes=_attributes(fields), block_types=map(_nested_block, blocks)
    )


def _attributes(fields: Mapping[str, Field]) -> list[Any]:
    plain = [
        messages.Schema.Attribute(
            name=one.name,
            type=json.dumps(one.type).encode(),
            required=one.required,
            # Terraform knows no defaults: what has one may be left out.
            optional=one.optional or one.default is not None,
            computed=one.computed or one.default is not None,
            sensitive=one.sensitive,
        )
        for one in attributes(fields)
    ]
    objects = [
        messages.Schema.Attribute(
            name=one.name,
            nested_type=messages.Schema.Object(
                attributes=_attributes(one.fields), nesting=_NESTINGS[one.nesting]
            ),
            required=one.required,
            optional=not one.required,
            computed=one.computed,
        )
        for one in groups(fields)
        if not one.nesting.is_block
    ]
    return plain + objects


def _nested_block(one: Group) -> Any:
    return messages.Schema.NestedBlock(
        type_name=one.name,
        block=_block(one.fields),
        nesting=_NESTINGS[one.nesting],
        min_items=int(one.required),
        max_items=int(one.nesting is Nesting.BLOCK),
    )
