"""Where models keep what must outlive them: dicts, which somebody may watch.

A model holds each thing it must not lose under a key in a dict, and puts it there
anew whenever it changed; what it can work out from those, it holds as it likes.
`keep_in` lets it use other dicts, which a file stands behind.
"""

from typing import Protocol, TypeVar

K = TypeVar("K", bound=str | int)
V = TypeVar("V")


class Tables(Protocol):
    """Hands out dicts that are kept."""

    def table(self, kind: str, begun: dict[K, V]) -> dict[K, V]:
        """Return what there is of a *kind*; to begin with, that is *begun*.

        Args:
            kind: What is in it; asked for once, unless it was cleared.
            begun: What the model has, used only if nothing was ever kept.
        """
        ...


class Kept(Tables, Protocol):
    """What stands behind the tables."""

    def commit(self) -> None:
        """Write down what changed since the last time."""
        ...
