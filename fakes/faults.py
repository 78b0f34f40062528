"""Faults as values, and a record of the calls that were made.

A test says beforehand what goes wrong: *the next N calls of a method fail,
before or after they took effect, or are answered late, or not until released*.
"""

import asyncio
import contextlib
import enum
import threading
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from fakes.clock import Clock
from fakes.errors import ApiError, Code

_KEPT: Final = 10_000  # calls; the oldest are forgotten


class When(enum.Enum):
    """On which side of the effect a fault strikes."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next calls of a method.

    Attributes:
        method: Its name, as `AttachNetworkInterface` or `SendMessage`, or with
            its service, as `OperationService/Get` or `MessageQueue/SendMessage`.
        when: Before or after the call takes effect.
        code: What the client sees, or None if the call succeeds after all.  A
            client of Message Queue sees what comes next to it: RESOURCE_EXHAUSTED
            is ThrottlingException, UNAVAILABLE is ServiceUnavailable,
            PERMISSION_DENIED is AccessDeniedException, and every other one is
            InternalFailure.
        hold: True to keep the client waiting until `Faults.release`.
        times: How many calls; 1 at least.
        latency: How long the call takes, whatever else happens to it.
    """

    method: str
    when: When = When.BEFORE
    code: Code | None = None
    hold: bool = False
    times: int = 1
    latency: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCall:
    """A call that passed authentication.

    Attributes:
        method: With its service, as `InstanceService/Stop`.
        idempotency_key: As sent, or None.
        subject_id: Who called.
    """

    method: str
    idempotency_key: str | None
    subject_id: str


class Faults:
    """What is to go wrong, who is kept waiting, and which calls were seen.

    May be used from any thread.
    """

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._seen: deque[SeenCall] = deque(maxlen=_KEPT)
        self._held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._state = threading.Condition()

    @property
    def seen(self) -> list[SeenCall]:
        """The newest 10,000 calls, oldest first."""
        with self._state:
            return list(self._seen)

    def add(self, fault: Fault) -> None:
        """Let *fault* strike, after those added before it are used up."""
        with self._state:
            self._planned.append(fault)

    def clear(self) -> None:
        """Forget what is planned and what was seen; release who waits."""
        self.release()
        with self._state:
            self._planned.clear()
            self._seen.clear()

    def take(self, service: str, method: str) -> Fault | None:
        """Return the fault that strikes this call, and use it up once."""
        names = {method, f"{service}/{method}"}
        with self._state:
            for at, fault in enumerate(self._planned):
                if fault.method in names:
                    rest = replace(fault, times=fault.times - 1)
                    self._planned[at : at + 1] = [rest] if rest.times > 0 else []
                    return fault
        return None

    @contextlib.asynccontextmanager
    async def around(
        self, service: str, method: str, clock: Clock
    ) -> AsyncIterator[None]:
        """Let the body take effect, and what is planned happen on its either side.

        Raises:
            ApiError: With the code of a fault that strikes.
        """
        fault = self.take(service, method)
        if fault is not None and fault.latency:
            await clock.sleep_until(clock.now() + fault.latency)
        await self._strike(fault, When.BEFORE)
        yield
        await self._strike(fault, When.AFTER)

    async def _strike(self, fault: Fault | None, when: When) -> None:
        if fault is None or fault.when is not when:
            return
        if fault.hold:
            await self.hold()
        if fault.code is not None:
            msg = f"a fault was asked for {when.value} the effect"
            raise ApiError(fault.code, msg)

    def saw(self, call: SeenCall) -> None:
        """Remember a call."""
        with self._state:
            self._seen.append(call)

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
