"""Time in a sandbox: it stands still until a test turns it, or it is real."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fakes.clock import ManualClock, SystemClock
from fakes.testing import CloudThread

SECOND: Final = timedelta(seconds=1)
_LOOK: Final = 0.02  # seconds between two looks, in real time


class SandboxClock:
    """Tells the time of a cloud, and lets it pass.

    Args:
        thread: Where the cloud lives.
        clock: By which it lives.
    """

    def __init__(self, thread: CloudThread, clock: ManualClock | SystemClock) -> None:
        self._thread = thread
        self._clock = clock

    def now(self) -> datetime:
        """Return the time in the cloud, in UTC."""
        return self._clock.now()

    def turn(self, by: timedelta) -> None:
        """Let time pass, and do all that is due then: operations and triggers.

        Raises:
            RuntimeError: If time is real, for that passes by itself.
        """
        self._virtual().advance(by)
        self._thread.run(self._thread.cloud.pass_time())

    def wait_for(
        self,
        condition: Callable[[], object],
        within: timedelta = 30 * SECOND,
    ) -> None:
        """Let time pass until *condition* holds: a second at a time, or real time.

        Raises:
            TimeoutError: If it does not hold *within* that time of the cloud.
        """
        deadline = self.now() + within
        while not condition():
            if self.now() >= deadline:
                msg = f"not within {within}"
                raise TimeoutError(msg)
            if isinstance(self._clock, ManualClock):
                self.turn(SECOND)
            else:
                threading.Event().wait(_LOOK)

    def begin_again(self) -> None:
        """Let virtual time be now, for signatures must not be 15 minutes old."""
        if isinstance(self._clock, ManualClock):
            self._clock.set(SystemClock().now())

    def _virtual(self) -> ManualClock:
        if isinstance(self._clock, SystemClock):
            msg = "time is real here: use wait_for"
            raise RuntimeError(msg)  # noqa: TRY004 - no argument's type is wrong
        return self._clock
