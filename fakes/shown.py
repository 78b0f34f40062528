"""What is behind a socket for the time being."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any, Generic, TypeVar, cast

_T = TypeVar("_T")


class BrokenOffError(Exception):
    """What a call was talking to is not shown any more."""


class Shown(Generic[_T]):
    """Something that calls talk to, until something else is shown.

    For one event loop.
    """

    def __init__(self, value: _T) -> None:
        self._value = value
        self._calls: set[asyncio.Task[Any]] = set()

    def show(self, value: _T) -> None:
        """Let calls from now on talk to *value*; break off those under way."""
        calls, self._calls = self._calls, set()
        self._value = value
        for call in calls:
            call.cancel()

    @contextlib.contextmanager
    def call(self) -> Iterator[_T]:
        """Let the body, part of a task, talk to what is shown.

        Raises:
            BrokenOffError: If something else is shown before the body ends.
        """
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        calls = self._calls
        calls.add(task)
        try:
            yield self._value
        except asyncio.CancelledError:
            if calls is self._calls:
                raise  # somebody else's wish
            task.uncancel()
            raise BrokenOffError from None
        finally:
            calls.discard(task)
