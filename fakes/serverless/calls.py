"""What is known of a call of a function once it ended."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fakes.serverless.errors import (
    HandlerError,
    NoInstanceError,
    OutOfMemoryError,
    TimedOutError,
    TooManyCallsError,
)

CALLS_KEPT: Final = 1000
"""Of each function; the oldest are forgotten."""

_STEP: Final = timedelta(milliseconds=100)
_ENDINGS: Final[dict[type[BaseException], str]] = {
    HandlerError: "raised",
    NoInstanceError: "crashed",
    OutOfMemoryError: "out-of-memory",
    TimedOutError: "timed-out",
    TooManyCallsError: "too-many-calls",
    asyncio.CancelledError: "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a call left in its instance.

    Attributes:
        lines: The newest 1,000 lines of its log, oldest first.
        max_memory: How much memory the process has had at most, in bytes, since it
            was started; None if nobody can tell.
    """

    lines: tuple[str, ...] = ()
    max_memory: int | None = None


NO_TRACE: Final = Trace()


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedCall:
    """One call.

    Attributes:
        function: Whose.
        request_id: Its name, which the handler saw, too.
        started: When it had its turn, by the clock of the cloud.
        duration: How long it ran, in real time, as its timeout counts; 0 if it did
            not come to that.
        cold: Whether an instance was started for it.
        error: '' if it was answered; else `raised`, `crashed`, `timed-out`,
            `out-of-memory`, `too-many-calls` or `cancelled`, or the name of an error
            that nobody foresaw.
        trace: Its log and its memory.
    """

    function: str
    request_id: str
    started: datetime
    duration: timedelta = timedelta(0)
    cold: bool = False
    error: str = ""
    trace: Trace = NO_TRACE

    @property
    def billed(self) -> timedelta:
        """Its duration, rounded up to 100 ms.

        A call that did not reach the code costs nothing (yandex-cloud/docs:
        en/functions/pricing.md).
        """
        return -(-self.duration // _STEP) * _STEP


def ending(error: BaseException) -> str:
    """Return how a call ended that raised *error*."""
    return _ENDINGS.get(type(error), type(error).__name__)
