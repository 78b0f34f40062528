"""Calls that are kept waiting until somebody releases them."""

import asyncio
import threading
from datetime import timedelta


class Held:
    """Those who wait, each in an event loop of its own.

    May be used from any thread.
    """

    def __init__(self) -> None:
        self._held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._state = threading.Condition()

    async def hold(self) -> None:
        """Return once somebody calls `release`."""
        here = (asyncio.get_running_loop(), asyncio.Event())
        with self._state:
            self._held.append(here)
            self._state.notify_all()
        try:
            await here[1].wait()
        finally:
            # A client that hung up does not wait any more.
            with self._state:
                self._held = [one for one in self._held if one is not here]

    def release(self) -> None:
        """Let every held call go on."""
        with self._state:
            held, self._held = self._held, []
        for loop, event in held:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def wait_until_held(self, timeout: timedelta, calls: int = 1) -> bool:
        """Block this thread until so many calls are held.

        Returns:
            False if that did not come to pass within *timeout*.
        """
        with self._state:
            return self._state.wait_for(
                lambda: len(self._held) >= calls, timeout.total_seconds()
            )
