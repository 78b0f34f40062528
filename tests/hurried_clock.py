"""Real time, but faster: for functions in processes, who wait as long as they wish."""

import asyncio
from datetime import timedelta

from fakes.clock import SystemClock


class HurriedClock:
    """Runs so many times as fast as the time of day, which it begins with.

    What waits by it does so the sooner: delayed messages, operations, polls.
    Whoever signs requests by the time of day is believed for 15 minutes of it.
    """

    def __init__(self, times=10, begun=None, behind=timedelta(0)):
        self._real = SystemClock()
        # One that begins again goes on from there; it may begin with an earlier time.
        self._begun = begun or self._real.now()
        self._behind = behind
        self._times = times

    def now(self):
        passed = (self._real.now() - self._begun) * self._times
        return self._begun - self._behind + passed

    async def sleep_until(self, moment):
        left = (moment - self.now()) / self._times
        await asyncio.sleep(max(0.0, left.total_seconds()))
