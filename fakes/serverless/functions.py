"""The functions of a cloud: to deploy them, and to end them all."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.serverless.function import CALLS_IN_PROGRESS, Function
from fakes.serverless.instance import Code, ProcessInstance


class Functions:
    """Functions whose instances are processes of their own.

    Args:
        chance: Returns what names calls.
        token: Returns a fresh token of an account, None for the built-in one, and
            for how many seconds it is good.
        now: Tells the time of the cloud.
    """

    def __init__(
        self,
        chance: Callable[[], Chance],
        token: Callable[[Subject | None], tuple[str, int]],
        now: Callable[[], datetime],
    ) -> None:
        self._chance = chance
        self._token = token
        self._now = now
        self._deployed: list[Function] = []

    def __iter__(self) -> Iterator[Function]:
        """Yield those that were deployed, in that order."""
        return iter(self._deployed)

    def deploy(  # noqa: PLR0913 - a function has this many settings
        self,
        name: str,
        code: Code,
        on_line: Callable[[str], object] = print,
        *,
        timeout: timedelta = timedelta(seconds=30),
        concurrency: int = 1,
        calls_in_progress: int = CALLS_IN_PROGRESS,
        memory_mb: int = 128,
        account: Subject | None = None,
        nobody: bool = False,
    ) -> Function:
        """Return a new function.

        Args:
            name: Its name.
            code: What it runs.
            on_line: Gets each line that it prints.
            timeout: After this long a call is ended.
            concurrency: How many instances may run at once.
            calls_in_progress: How many calls may run or wait at once; at least as
                many as there may be instances.
            memory_mb: How much memory an instance may take.
            account: Whose tokens its calls get; by default the built-in one's.
            nobody: True if its calls get no token at all.
        """
        function = Function(
            name=name,
            launch=lambda: ProcessInstance.launch(code, on_line),
            token=lambda: None if nobody else self._token(account),
            chance=self._chance(),
            timeout=timeout,
            concurrency=concurrency,
            calls_in_progress=max(concurrency, calls_in_progress),
            memory_mb=memory_mb,
            now=self._now,
        )
        self._deployed.append(function)
        return function

    async def retire(self, function: Function) -> None:
        """End all instances of *function* once its calls have ended, and forget it."""
        await function.retire()
        if function in self._deployed:  # a cloud that is cleared has forgotten all
            self._deployed.remove(function)

    async def clear(self) -> None:
        """End all instances of all functions, and forget these."""
        while self._deployed:
            await self._deployed.pop().stop()
