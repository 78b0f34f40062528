"""A deployed function: warm instances, a context per call, a timeout."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fakes.chance import Chance
from fakes.clock import SystemClock
from fakes.serverless.instance import Instance, InstanceDiedError
from fakes.triggers.runner import FunctionError

_WALL = SystemClock()  # a process knows no other time


@dataclass(slots=True, kw_only=True)
class Function:
    """A function with one version.

    Attributes:
        name: For people.
        launch: Starts an instance: a cold start.
        token: Returns a fresh IAM token and its life in seconds.
        chance: Names calls and versions.
        timeout: After this long a call is ended, and its instance with it.
        concurrency: How many instances may run at once.
        memory_mb: What the context says of it.
    """

    name: str
    launch: Callable[[], Awaitable[Instance]]
    token: Callable[[], tuple[str, int]]
    chance: Chance
    timeout: timedelta = timedelta(seconds=30)
    concurrency: int = 1
    memory_mb: int = 128
    instances: list[Instance] = field(default_factory=list)
    _idle: list[Instance] = field(default_factory=list)

    async def invoke(self, event: dict[str, Any]) -> None:
        """Call the function, in a warm instance if there is one.

        Raises:
            FunctionError: If it raised, crashed or took too long.
        """
        instance = self._idle.pop() if self._idle else await self._cold_start()
        try:
            async with asyncio.timeout(self.timeout.total_seconds()):
                answer = await instance.call(
                    {"event": event, "context": self._context()}
                )
        except (InstanceDiedError, TimeoutError, asyncio.CancelledError) as error:
            self.instances.remove(instance)
            await instance.stop()
            if isinstance(error, asyncio.CancelledError):
                raise
            msg = f"{self.name}: {str(error) or 'timed out'}"
            raise FunctionError(msg) from None
        self._idle.append(instance)
        if "errorMessage" in answer:
            msg = f"{self.name}: {answer['errorType']}: {answer['errorMessage']}"
            raise FunctionError(msg)

    async def stop(self) -> None:
        """End all instances."""
        for instance in self.instances:
            await instance.stop()
        self.instances.clear()
        self._idle.clear()

    async def _cold_start(self) -> Instance:
        try:
            instance = await self.launch()
        except OSError as error:
            msg = f"{self.name}: cannot be started: {error}"
            raise FunctionError(msg) from error
        self.instances.append(instance)
        return instance

    def _context(self) -> dict[str, Any]:
        token, seconds = self.token()
        request_id = self.chance.uuid()
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
            "token": {
                "access_token": token,
                "expires_in": seconds,
                "token_type": "Bearer",
            },
        }
