"""What a type of resource consists of, and which rules hold for what is given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from fakes.terraform.rules import Rule


class Nesting(Enum):
    """How fields are written that have fields of their own.

    A block is written `name { … }`, an object `name = { … }`.
    """

    BLOCK = "block"
    """A block that is there at most once; its value is a list."""
    BLOCKS = "blocks"
    """A block that is there as often as one likes."""
    BLOCK_SET = "block-set"
    """The same, in no order."""
    OBJECT = "object"
    """One object."""
    OBJECTS = "objects"
    """A list of objects."""

    @property
    def is_block(self) -> bool:
        """Tell whether it is written without `=`."""
        return self not in (Nesting.OBJECT, Nesting.OBJECTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One value.

    Attributes:
        name: Its name.
        type: As Terraform's JSON tells types: `"string"`, `["list", "string"]`.
        required: True if it must be given.
        optional: True if it may be given.
        computed: True if the cloud decides it where it is not given.
        sensitive: True if Terraform must not show it.
        replace: True if another value takes another resource.
        default: Its value where none is given; None for none.
        rules: What must hold of a value that is given.
    """

    name: str
    type: str | list[str]
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    replace: bool = False
    default: Any = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields within a field.

    Attributes:
        name: Its name.
        nesting: How it is written.
        fields: What is in it, by name.
        required: True if it must be given.
        computed: True if the cloud decides it where it is not given.
        replace: True if another value, or another number of them, takes another
            resource.
        either: The names of all blocks of which one must be given and one only, its
            own among them; none if there is no such rule.
    """

    name: str
    nesting: Nesting
    fields: "Mapping[str, Field]" = field(default_factory=dict)
    required: bool = False
    computed: bool = False
    replace: bool = False
    either: tuple[str, ...] = ()


Field: TypeAlias = Attribute | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A type of resource.

    Attributes:
        name: As in a configuration: `yandex_function`.
        fields: What is in it, by name.
        legacy: True if it is made with the older of the two libraries that providers
            are made with, of which Terraform forgives that what was planned is not
            what comes out.
    """

    name: str
    fields: Mapping[str, Field]
    legacy: bool


def attributes(fields: Mapping[str, Field]) -> Iterator[Attribute]:
    """Yield the values among *fields*."""
    return (one for one in fields.values() if isinstance(one, Attribute))


def groups(fields: Mapping[str, Field]) -> Iterator[Group]:
    """Yield the groups among *fields*."""
    return (one for one in fields.values() if isinstance(one, Group))


def items(group: Group, value: Any) -> list[Any]:
    """Return what is in a group's value as a list: none, one or more."""
    if value is None:
        return []
    return [value] if group.nesting is Nesting.OBJECT else list(value)
