"""A dict that notes which of its keys were put or deleted."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias, TypeVar

K = TypeVar("K", bound=str | int)
V = TypeVar("V")

Key: TypeAlias = str | int
_NOTHING: Final = object()


class Journal:
    """What changed since it was written.

    Attributes:
        changes: Kind and key of each thing, and the table it is in, or was.
        on_first: Called with the first change after all others were written.
    """

    def __init__(self, on_first: Callable[[], object]) -> None:
        self.changes: dict[tuple[str, Key], Table[Any, Any]] = {}
        self.on_first = on_first

    def note(self, key: Key, table: "Table[Any, Any]") -> None:
        """Note that what is under *key* in *table* changed."""
        if not self.changes:
            self.on_first()
        self.changes[table.kind, key] = table


class Table(dict[K, V]):
    """A dict whose every change is noted.

    What changes within a value is not: put it anew.  Values are looked at when they
    are written, not when they are put.

    Args:
        kind: What is in it.
        journal: Where changes are noted.
        rows: What is in it already, which is not noted.
    """

    def __init__(
        self, kind: str, journal: Journal, rows: Iterable[tuple[K, V]]
    ) -> None:
        super().__init__(rows)
        self.kind: Final = kind
        self._journal = journal

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self._journal.note(key, self)

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        self._journal.note(key, self)

    def __ior__(self, other: Any) -> Any:  # type: ignore[misc]  # as `update`
        self.update(other)
        return self

    def pop(self, key: K, default: Any = _NOTHING) -> Any:
        """Take out a key.

        Raises:
            KeyError: If it is not there, and there is no *default*.
        """
        if key not in self and default is not _NOTHING:
            return default
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[K, V]:
        """Take out the newest key.

        Raises:
            KeyError: If there is none.
        """
        key, value = super().popitem()
        self._journal.note(key, self)
        return key, value

    def setdefault(self, key: K, default: Any = None) -> Any:
        """Return what is under a key, which is *default* if there was nothing."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *others: Any, **named: Any) -> None:
        """Put all of another mapping, or of pairs."""
        for key, value in dict(*others, **named).items():
            self[key] = value

    def clear(self) -> None:
        """Take out everything."""
        for key in self:
            self._journal.note(key, self)
        super().clear()

    def note_all(self) -> None:
        """Note every key, as if all had been put just now."""
        for key in self:
            self._journal.note(key, self)
