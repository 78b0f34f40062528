"""Calls functions when triggers say so, in real time or step by step."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from fakes.clock import Clock, wait_for_news
from fakes.triggers.batch import Batch, Trigger


class FunctionError(Exception):
    """A call of a function failed: it raised, crashed or took too long."""


class Invocable(Protocol):
    """A deployed function."""

    @property
    def concurrency(self) -> int:
        """How many calls may be under way at once; 1 at least."""
        ...

    async def invoke(self, event: Any) -> object:
        """Call it; triggers do not care for the result.

        Raises:
            FunctionError: If it failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A trigger and the function it calls."""

    trigger: Trigger
    function: Invocable


class Runner:
    """Keeps every trigger's promises.

    Use either `run`, in real time, or `settle`, whenever a test turned the
    clock.

    Args:
        clock: Tells triggers the time.
        again: Asked of each batch whether it is delivered once more: at least once
            is what the platform promises.
    """

    def __init__(self, clock: Clock, again: Callable[[], bool] = lambda: False) -> None:
        self._clock = clock
        self._again = again
        self._repeats: list[tuple[Invocable, Batch]] = []
        self._bindings: list[Binding] = []
        self._calls: dict[asyncio.Task[None], Invocable] = {}
        self._news = asyncio.Event()

    def bind(self, trigger: Trigger, function: Invocable) -> None:
        """Let *trigger* call *function* from now on."""
        self._bindings.append(Binding(trigger=trigger, function=function))
        trigger.watch(self.wake)
        self.wake()

    def unbind(self, trigger: Trigger) -> None:
        """Let *trigger* call nobody any more; what is being called goes on."""
        self._bindings = [one for one in self._bindings if one.trigger is not trigger]

    def wake(self) -> None:
        """Look at the triggers again; to be called in the runner's thread."""
        self._news.set()

    async def run(self) -> None:
        """Call functions as batches come due, until cancelled."""
        while True:
            self._news.clear()
            self._begin_calls()
            await self._wait()

    async def settle(self) -> None:
        """Make all calls that are due, and those that follow from them at once."""
        while self._begin_calls() or self._calls:
            await asyncio.gather(*list(self._calls))

    async def stop(self) -> None:
        """Break off what is being called."""
        calls = list(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    async def clear(self) -> None:
        """Break off what is being called, and forget all triggers."""
        self._bindings.clear()
        self._repeats.clear()
        await self.stop()
        self.wake()

    def _begin_calls(self) -> bool:
        begun = False
        for binding in self._bindings:
            while self._has_room(binding.function):
                batch = binding.trigger.take(self._clock.now())
                if batch is None:
                    break
                begun = True
                self._begin(binding.function, batch)
                if self._again():
                    self._repeats.append((binding.function, _repeated(batch)))
        return self._begin_repeats() or begun

    def _begin_repeats(self) -> bool:
        waiting, self._repeats = self._repeats, []
        for function, batch in waiting:
            if self._has_room(function):
                self._begin(function, batch)
            else:
                self._repeats.append((function, batch))
        return len(self._repeats) < len(waiting)

    def _has_room(self, function: Invocable) -> bool:
        under_way = sum(one is function for one in self._calls.values())
        return under_way < function.concurrency

    def _begin(self, function: Invocable, batch: Batch) -> None:
        call = asyncio.create_task(self._call(function, batch))
        self._calls[call] = function
        call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        del self._calls[call]
        self.wake()

    async def _call(self, function: Invocable, batch: Batch) -> None:
        try:
            await function.invoke(batch.event)
        except FunctionError:
            batch.failed(self._clock.now())
        else:
            batch.succeeded(self._clock.now())

    async def _wait(self) -> None:
        """Return when something may be due."""
        now = self._clock.now()
        dues = [
            due
            for binding in self._bindings
            if self._has_room(binding.function)
            and (due := binding.trigger.next_due(now)) is not None
        ]
        await wait_for_news(self._clock, self._news, min(dues, default=None))


def _repeated(batch: Batch) -> Batch:
    """Return a delivery on whose fate nothing depends."""
    return replace(batch, succeeded=lambda _now: None, failed=lambda _now: None)
