"""Resources of one kind, by id and in the order of their ids."""

from bisect import bisect_right, insort
from collections.abc import Iterator
from typing import Generic, TypeVar

from fakes.compute.claims import Resource
from fakes.tables import Tables

R = TypeVar("R", bound=Resource)


class Shelf(Generic[R]):
    """What there is of one kind; iterated in the order in which it came."""

    def __init__(self) -> None:
        self._by_id: dict[str, R] = {}
        self._ids: list[str] = []

    def keep_in(self, tables: Tables, kind: str) -> None:
        """Keep all of it, as a *kind*; what was kept is here again."""
        self._by_id = tables.table(kind, self._by_id)
        self._ids = sorted(self._by_id)

    def __iter__(self) -> Iterator[R]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, resource_id: str) -> bool:
        return resource_id in self._by_id

    def get(self, resource_id: str) -> R | None:
        """Return what has this id, or None."""
        return self._by_id.get(resource_id)

    def put(self, resource: R) -> None:
        """Put *resource* here, in the place of what had its id."""
        if resource.id not in self._by_id:
            insort(self._ids, resource.id)
        self._by_id[resource.id] = resource

    def take(self, resource_id: str) -> None:
        """Take away what has this id, if there is such a thing."""
        if self._by_id.pop(resource_id, None) is not None:
            del self._ids[bisect_right(self._ids, resource_id) - 1]

    def clear(self) -> None:
        """Take everything away."""
        self._by_id.clear()
        self._ids.clear()

    def after(self, resource_id: str) -> Iterator[R]:
        """Yield, in the order of ids, what comes after *resource_id*."""
        for at in range(bisect_right(self._ids, resource_id), len(self._ids)):
            yield self._by_id[self._ids[at]]
