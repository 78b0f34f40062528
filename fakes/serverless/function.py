"""A deployed function: warm instances, a context per call, a timeout, a queue.

A call that finds every instance busy waits for one; beyond so many calls in
progress another is refused (yandex-cloud/docs: en/functions/concepts/function.md).
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fakes.chance import Chance
from fakes.clock import SystemClock
from fakes.serverless.calls import CALLS_KEPT, FinishedCall, Trace, ending
from fakes.serverless.errors import (
    HandlerError,
    NoInstanceError,
    OutOfMemoryError,
    TimedOutError,
    TooManyCallsError,
)
from fakes.serverless.instance import Instance, InstanceDiedError

CALLS_IN_PROGRESS: Final = 10
"""The default quota (yandex-cloud/docs: en/_includes/functions-limits.md)."""

_MEBIBYTE: Final = 1024 * 1024

_WALL = SystemClock()  # a process knows no other time


@dataclass(slots=True, kw_only=True)
class Function:
    """A function with one version.

    Attributes:
        name: For people.
        launch: Starts an instance: a cold start.
        token: Returns a fresh IAM token and its life in seconds; None if the
            function has no service account.
        chance: Names calls and versions.
        timeout: After this long a call is ended, and its instance with it.
        concurrency: How many instances may run at once, one call in each.
        calls_in_progress: How many calls may run or wait at once.  The quota is
            that of a cloud; here every function has its own.
        memory_mb: How much an instance may take.  It is weighed when a call has
            ended: who took more has failed, and its instance is ended.
        now: Tells when calls start.  Their deadlines are in real time all the same.
        calls: The newest 1,000 that ended, in the order in which they did.
    """

    name: str
    launch: Callable[[], Awaitable[Instance]]
    token: Callable[[], tuple[str, int] | None]
    chance: Chance
    timeout: timedelta = timedelta(seconds=30)
    concurrency: int = 1
    calls_in_progress: int = CALLS_IN_PROGRESS
    memory_mb: int = 128
    now: Callable[[], datetime] = _WALL.now
    instances: list[Instance] = field(default_factory=list)
    calls: deque[FinishedCall] = field(
        default_factory=lambda: deque(maxlen=CALLS_KEPT), init=False, repr=False
    )
    _idle: list[Instance] = field(default_factory=list)
    _room: asyncio.Semaphore = field(init=False, repr=False)
    _in_progress: int = 0
    # Of calls that have just ended, by the ids of their requests.
    _traces: dict[str, Trace] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.concurrency)

    async def invoke(self, event: Any, request_id: str | None = None) -> Any:
        """Call the function and return its result, as JSON can tell it.

        Args:
            event: What the handler gets, as JSON.
            request_id: Names the call; None to make up a name.

        Raises:
            TooManyCallsError: If too many calls run or wait already.
            FunctionError: If it cannot be started, raised, crashed or took too
                long.
        """
        request_id = request_id or self.chance.uuid()
        if self._in_progress >= self.calls_in_progress:
            error = TooManyCallsError(f"{self.name}: too many calls in progress")
            self._note(request_id, self.now(), error=ending(error))
            raise error
        self._in_progress += 1
        try:
            async with self._room:
                return await self._invoke(event, request_id)
        finally:
            self._in_progress -= 1

    async def _invoke(self, event: Any, request_id: str) -> Any:
        started, cold = self.now(), not self._idle
        try:
            instance = await self._cold_start() if cold else self._idle.pop()
        except BaseException as raised:
            self._note(request_id, started, cold=cold, error=ending(raised))
            raise
        began, error = time.monotonic(), ""
        try:
            return await self._run(instance, event, request_id)
        except BaseException as raised:
            error = ending(raised)
            raise
        finally:
            lasted = timedelta(seconds=time.monotonic() - began)
            trace = self._traces.pop(request_id, None) or instance.trace()
            self._note(
                request_id,
                started,
                duration=min(lasted, self.timeout),  # to end it takes a moment more
                cold=cold,
                error=error,
                trace=trace,
            )

    def _note(self, request_id: str, started: datetime, **known: Any) -> None:
        self.calls.append(
            FinishedCall(
                function=self.name, request_id=request_id, started=started, **known
            )
        )

    async def _run(self, instance: Instance, event: Any, request_id: str) -> Any:
        try:
            # Assumption: the time spent waiting for an instance does not count.
            async with asyncio.timeout(self.timeout.total_seconds()):
                answer = await instance.call(
                    {"event": event, "context": self._context(request_id)}
                )
        except asyncio.CancelledError:
            await self._discard(instance)
            raise
        except TimeoutError:
            await self._discard(instance)
            msg = f"{self.name}: timed out"
            raise TimedOutError(msg) from None
        except InstanceDiedError as error:
            await self._discard(instance)
            msg = f"{self.name}: {error}"
            raise NoInstanceError(msg) from None
        await self._weigh(instance, request_id)
        self._idle.append(instance)
        if "errorMessage" in answer:
            raise HandlerError(self.name, answer)
        return answer["result"]

    async def _weigh(self, instance: Instance, request_id: str) -> None:
        """End an instance that has taken too much memory.

        Raises:
            OutOfMemoryError: If it has.
        """
        trace = self._traces[request_id] = instance.trace()
        if (trace.max_memory or 0) > self.memory_mb * _MEBIBYTE:
            await self._discard(instance)
            msg = f"{self.name}: took more than {self.memory_mb} MB of memory"
            raise OutOfMemoryError(msg)

    async def retire(self) -> None:
        """End all instances as soon as no call runs or waits; no call may follow."""
        for _ in range(self.concurrency):
            await self._room.acquire()
        await self.stop()

    async def stop(self) -> None:
        """End all instances."""
        self._idle.clear()
        while self.instances:
            await self.instances.pop().stop()

    async def _discard(self, instance: Instance) -> None:
        # Whoever stops the function may have been quicker.
        if instance in self.instances:
            self.instances.remove(instance)
        await instance.stop()

    async def _cold_start(self) -> Instance:
        try:
            instance = await self.launch()
        except OSError as error:
            msg = f"{self.name}: cannot be started: {error}"
            raise NoInstanceError(msg) from error
        self.instances.append(instance)
        return instance

    def _context(self, request_id: str) -> dict[str, Any]:
        token = self.token()
        deadline = _WALL.now() + self.timeout
        return {
            "aws_request_id": request_id,
            "deadline_ms": round(deadline.timestamp() * 1000),
            "function_name": self.name,
            "function_version": f"{self.name}-1",
            "invoked_function_arn": self.name,
            "log_group_name": "local",
            "log_stream_name": self.name,
            "memory_limit_in_mb": self.memory_mb,
            "request_id": request_id,
            "token": token
            and {
                "access_token": token[0],
                "expires_in": token[1],
                "token_type": "Bearer",
            },
        }
