"""What goes wrong in a cloud, who is kept waiting, and which calls were seen."""

import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from typing import Final

from fakes.chance import Chance
from fakes.clock import Clock
from fakes.errors import ApiError
from fakes.faults.fault import Fault, When
from fakes.faults.held import Held
from fakes.faults.planned import Planned
from fakes.faults.record import SeenCall, Strike
from fakes.faults.silence import Silences

_KEPT: Final = 10_000  # calls, and strikes; the oldest are forgotten


class Faults(Held):
    """What is to go wrong, who is kept waiting, and which calls were seen.

    May be used from any thread, but for `around` and what it is made of.

    Args:
        chance: Throws the dice; of its own, so that ids stay the same whatever
            goes wrong.

    Attributes:
        repeats: How likely a trigger delivers a batch once more, 0 to 1.
        expire_tokens: Lets all tokens expire that were issued so far; to be set.
    """

    def __init__(self, chance: Chance | None = None) -> None:
        super().__init__()
        self._chance = chance or Chance()
        self._planned = Planned(self._chance)
        self._seen: deque[SeenCall] = deque(maxlen=_KEPT)
        self._struck: deque[Strike] = deque(maxlen=_KEPT)
        self._silences = Silences()
        self._lock = threading.Lock()
        self.repeats = 0.0
        self.expire_tokens: Callable[[], object] = lambda: None

    @property
    def seen(self) -> list[SeenCall]:
        """The newest 10,000 calls, oldest first."""
        with self._lock:
            return list(self._seen)

    @property
    def struck(self) -> list[Strike]:
        """The newest 10,000 calls that faults struck, oldest first."""
        with self._lock:
            return list(self._struck)

    @property
    def planned(self) -> list[Fault]:
        """What is still to strike, each with how many `times`."""
        with self._lock:
            return self._planned.faults()

    def add(self, *faults: Fault) -> None:
        """Let *faults* strike, after those added before them are used up."""
        with self._lock:
            for fault in faults:
                self._planned.add(fault)

    def call_off(self) -> None:
        """Forget what is planned; release who waits."""
        self.release()
        self.repeats = 0.0
        with self._lock:
            self._planned.clear()

    def clear(self) -> None:
        """Forget what is planned and what was seen; release who waits.

        A connection that is silent stays so.
        """
        self.call_off()
        with self._lock:
            self._seen.clear()
            self._struck.clear()

    def saw(self, call: SeenCall) -> None:
        """Remember a call."""
        with self._lock:
            self._seen.append(call)

    def take(
        self,
        service: str,
        method: str,
        now: datetime,
        resources: Callable[[], Collection[str]] = tuple,
    ) -> Fault | None:
        """Return the fault that strikes this call, and use it up once.

        Args:
            service: Without its package.
            method: Of the service.
            now: When the call came.
            resources: Returns the ids and names that the call is about.
        """
        with self._lock:
            if not self._planned:
                return None
            fault = self._planned.take(service, method, now, resources())
            if fault is not None:
                name = f"{service}/{method}"
                self._struck.append(Strike(fault=fault, method=name, at=now))
            return fault

    @contextlib.asynccontextmanager
    async def around(
        self, fault: Fault | None, clock: Clock, client: str | None = None
    ) -> AsyncIterator[None]:
        """Let the body take effect, and *fault* strike on its either side.

        Args:
            fault: What `take` returned.
            clock: By which latency passes.
            client: `host:port`, if other calls come by the same connection.

        Raises:
            ApiError: With the code of the fault.
        """
        if fault is None:
            yield
            return
        pause = fault.latency
        if fault.jitter:
            pause += self._chance.part_of(fault.jitter)
        if pause:
            await clock.sleep_until(clock.now() + pause)
        if fault.when is When.BEFORE:
            await self._strike(fault, client)
        yield
        if fault.when is When.AFTER:
            await self._strike(fault, client)

    def delivers_again(self) -> bool:
        """Tell whether a trigger is to deliver a batch once more."""
        return self._chance.happens(self.repeats)

    async def listen(self, client: str | None) -> None:
        """Return at once, or never if the connection of *client* went silent."""
        await self._silences.listen(client)

    async def _strike(self, fault: Fault, client: str | None) -> None:
        if fault.expire_tokens:
            self.expire_tokens()
        if fault.silent:
            await self._silences.begin(client)
        if fault.hold:
            await self.hold()
        if fault.code is not None:
            msg = f"a fault was asked for {fault.when.value} the effect"
            raise ApiError(fault.code, msg)
