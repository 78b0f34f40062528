"""Connections that are kept between calls, of which each serves one at a time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What can be closed, whatever state it is in."""

    def close(self) -> object:
        """Close it."""
        ...


_Connection = TypeVar("_Connection", bound=Closable)


class Pool(Generic[_Connection]):
    """The connections not in use, by where they lead to; fit for several threads.

    It never holds more than were in use at once.

    Args:
        ticks: A clock that only goes forward, in seconds.
        idle: After this long without use a connection is not trusted: that of a
            suspended function dies without a sign.
    """

    def __init__(self, ticks: Callable[[], float], idle: timedelta) -> None:
        self._ticks = ticks
        self._idle = idle.total_seconds()
        self._lock = threading.Lock()
        # Since when each is not in use, the latest last.
        self._unused: dict[str, list[tuple[float, _Connection]]] = {}

    def borrow(self, origin: str) -> _Connection | None:
        """Take the connection used last, None if there is none to trust."""
        with self._lock:
            kept = self._unused.pop(origin, [])
            oldest = self._ticks() - self._idle
            fresh = [one for one in kept if one[0] >= oldest]
            found = fresh.pop()[1] if fresh else None
            self._unused[origin] = fresh
        for since, connection in kept:
            if since < oldest:
                connection.close()
        return found

    def give_back(self, origin: str, connection: _Connection) -> None:
        """Keep *connection* for the next who needs one."""
        with self._lock:
            self._unused.setdefault(origin, []).append((self._ticks(), connection))

    def close(self) -> None:
        """Close what is not in use."""
        with self._lock:
            unused, self._unused = self._unused, {}
        for kept in unused.values():
            for _, connection in kept:
                connection.close()
