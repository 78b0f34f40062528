"""What a change will bring, as far as that is known before it is made."""

from collections.abc import Iterator, Mapping
from typing import Any

from fakes.terraform.checks import Path
from fakes.terraform.schema import Attribute, Field, Group, Nesting, items
from fakes.terraform.wire import UNKNOWN, Seen


def planned(
    fields: Mapping[str, Field],
    proposed: Mapping[str, Any],
    prior: Mapping[str, Any] | None,
) -> Seen:
    """Return *proposed* with defaults, and with what only the cloud will know.

    Terraform proposes what is written, and what was there before for what is computed.

    Args:
        fields: Those of the resource.
        proposed: What Terraform would have.
        prior: What there is; None if it is to be created.
    """
    return {
        name: _planned(one, proposed.get(name), prior) for name, one in fields.items()
    }


def _planned(one: Field, value: Any, prior: Mapping[str, Any] | None) -> Any:
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(one, Attribute):
        value = one.default if value is None else value
    if value is None:
        return UNKNOWN if one.computed and prior is None else None
    return value if isinstance(one, Attribute) else _planned_group(one, value, prior)


def _planned_group(one: Group, value: Any, prior: Mapping[str, Any] | None) -> Any:
    before = items(one, prior.get(one.name)) if prior else []
    filled = [
        planned(one.fields, item, before[place] if place < len(before) else None)
        for place, item in enumerate(items(one, value))
    ]
    return filled[0] if one.nesting is Nesting.OBJECT else filled


def replaced(
    fields: Mapping[str, Field],
    prior: Mapping[str, Any],
    plan: Mapping[str, Any],
    path: Path = (),
) -> Iterator[Path]:
    """Yield the paths of the changes that take another resource."""
    for name, one in fields.items():
        before, after = prior.get(name), plan.get(name)
        if isinstance(one, Attribute):
            if one.replace and before != after:
                yield (*path, name)
            continue
        old, new = items(one, before), items(one, after)
        if one.replace and len(old) != len(new):
            yield (*path, name)
        for place, (inner, other) in enumerate(zip(old, new, strict=False)):
            yield from replaced(one.fields, inner, other, (*path, name, place))
