"""The local cloud for tests that are not asynchronous."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from fakes.cloud import LocalCloud

_T = TypeVar("_T")
_PATIENCE = timedelta(seconds=30)


class CloudThread:
    """Runs a cloud in a thread with an event loop of its own.

    Its models belong to that thread: go through `call` and `run`, or through
    the sockets.

    Args:
        make: Makes the cloud, in its thread.

    Attributes:
        cloud: The cloud, between enter and exit.
    """

    cloud: LocalCloud

    def __init__(self, make: Callable[[], LocalCloud]) -> None:
        self._make = make

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.cloud = self.run(self._started())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.run(self.cloud.stop())
        finally:
            self._end()

    def run(self, work: Coroutine[Any, Any, _T], within: timedelta = _PATIENCE) -> _T:
        """Return what *work* returns, done in the cloud's thread.

        Raises:
            TimeoutError: If that takes longer than *within*.
        """
        doing = self.begin(work)
        try:
            return doing.result(within.total_seconds())
        finally:
            doing.cancel()

    def begin(self, work: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Let *work* be done in the cloud's thread; return what to wait for."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return what *function* returns, called in the cloud's thread."""

        async def work() -> _T:
            return function(*arguments)

        return self.run(work())

    async def _started(self) -> LocalCloud:
        cloud = self._make()
        try:
            await cloud.start()
        except BaseException:
            await cloud.stop()
            raise
        return cloud

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
