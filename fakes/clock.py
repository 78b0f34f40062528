"""Time, as an argument.

Models take a moment; whoever must wait takes a `Clock`.  The same cloud thus
runs in real time behind its sockets and in virtual time in a test.
"""

import asyncio
import heapq
import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits for it."""

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return once *moment* has come."""
        ...


class SystemClock:
    """The time of day of this machine."""

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine

    async def sleep_until(self, moment: datetime) -> None:
        """Return once *moment* has come."""
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))


class ManualClock:
    """Time that stands still until a test turns it.

    `advance` may be called from any thread; sleepers wake in their own loops.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._sleepers: list[
            tuple[datetime, int, asyncio.Event, asyncio.AbstractEventLoop]
        ] = []
        # Or a sleeper could look at the time, and lie down after it was turned.
        self._turning = threading.Lock()

    def now(self) -> datetime:
        """Return the time to which the clock was last turned."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Turn the clock forward, waking whoever slept until then."""
        with self._turning:
            self._now += by
            while self._sleepers and self._sleepers[0][0] <= self._now:
                *_, event, loop = heapq.heappop(self._sleepers)
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)

    def set(self, moment: datetime) -> None:
        """Turn the clock to *moment*, also back, for a world that begins again."""
        self.advance(moment - self._now)

    async def sleep_until(self, moment: datetime) -> None:
        """Return once the clock was turned to *moment* or beyond."""
        event, loop = asyncio.Event(), asyncio.get_running_loop()
        with self._turning:
            if moment <= self._now:
                return
            heapq.heappush(self._sleepers, (moment, id(event), event, loop))
        await event.wait()


async def wait_for_news(
    clock: Clock, news: asyncio.Event, moment: datetime | None
) -> None:
    """Return when *news* is set, or when *moment* has come, if one is given."""
    waits = [asyncio.create_task(_heard(news))]
    if moment is not None:
        waits.append(asyncio.create_task(clock.sleep_until(moment)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _heard(news: asyncio.Event) -> None:
    await news.wait()
