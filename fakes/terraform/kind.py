"""What a type of resource does in the local cloud when Terraform applies it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Values: TypeAlias = dict[str, Any]
"""A resource by the names of its schema: None where nothing is said, text, numbers and
truths, dicts for objects and maps, lists for lists, sets and blocks.  A block that can
be there once is a list of at most one."""


class RefusedError(Exception):
    """The cloud does not do it.

    Attributes:
        at: The name of the attribute or block that is to blame; '' for none.
    """

    def __init__(self, message: str, at: str = "") -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What there is after a creation or a change.

    Attributes:
        computed: What the cloud decided, by the names of its attributes; those that
            were given need not be among them.
        warnings: What the provider tells without failing.
    """

    computed: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Kind(Protocol):
    """One type of resource.

    All methods run in the event loop of the local cloud, one at a time.
    """

    async def create(self, wanted: Values) -> Made:
        """Create what is *wanted*, defaults filled in; `computed` must have its `id`.

        Raises:
            RefusedError: If the cloud refuses it; nothing is there then.
        """
        ...

    async def read(self, state: Values) -> Values | None:
        """Return *state* as it is now in the cloud, None if it is gone."""
        ...

    async def update(self, state: Values, wanted: Values) -> Made:
        """Change what is in *state* to what is *wanted*.

        Raises:
            RefusedError: If the cloud refuses it; all is as it was then.
        """
        ...

    async def delete(self, state: Values) -> None:
        """Delete it, if it is still there.

        Raises:
            RefusedError: If the cloud refuses it.
        """
        ...
