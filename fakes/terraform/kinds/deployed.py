"""A function that was deployed, whatever version of it is live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fakes.serverless.function import CALLS_IN_PROGRESS, Function
from fakes.triggers.runner import FunctionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a function.

    Attributes:
        id: Its id.
        environment: The variables that were declared, without secrets.
        size: Of its package, in bytes.
        start: Makes it runnable, for so many instances and calls at once.
    """

    id: str
    environment: Mapping[str, str]
    size: int
    start: Callable[[int, int], Function]


@dataclass(slots=True, kw_only=True)
class Deployed:
    """A function: what triggers, gateways and URLs call.

    Attributes:
        id: Its id.
        name: Its name.
        forget: Called with what runs no more: ends it once its calls have ended.
        version: The version that is live; None before the first.
        instances: How many instances of it may run at once.
        calls: How many calls may run or wait at once.
        public: Whether everybody may call it.
    """

    id: str
    name: str
    forget: Callable[[Function], Any]
    version: Version | None = None
    instances: int = 1
    calls: int = CALLS_IN_PROGRESS
    public: bool = False
    _live: Function | None = None

    @property
    def concurrency(self) -> int:
        """How many calls may be under way at once."""
        return self.instances

    async def invoke(self, event: Any, request_id: str | None = None) -> Any:
        """Call the version that is live.

        Raises:
            FunctionError: If there is none, or it failed.
        """
        if self._live is None:
            msg = f"{self.name}: there is no version"
            raise FunctionError(msg)
        return await self._live.invoke(event, request_id)

    async def show(self, version: Version | None) -> None:
        """Let *version* be live: calls that are under way end on the one before."""
        before, self.version = self._live, version
        self._live = version.start(self.instances, self.calls) if version else None
        if before is not None:
            await self.forget(before)

    async def limit(self, instances: int, calls: int) -> None:
        """Let no more instances run, and no more calls run or wait, than these."""
        self.instances, self.calls = instances, calls
        await self.show(self.version)
