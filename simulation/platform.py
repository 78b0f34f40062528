"""Calls functions as the platform does: with a token, until they end or it is time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fakes.triggers.batch import Batch, Trigger
from functions._ports import QueueError
from simulation.behaviour import Behaviour, event_identity
from simulation.calls import LEFT, NOW, Ask, Crashed, Ended, Paused
from simulation.dice import Dice
from simulation.facts import Facts
from simulation.scene import policies_of
from simulation.serving import HANDLERS, Call, Context
from simulation.story import Story
from simulation.trouble import Trouble
from simulation.wires import warm

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(slots=True, kw_only=True)
class Platform:
    """The calls of functions.

    Attributes:
        dice: Choose whether a call crashes before its messages are deleted.
        facts: Hear of what functions fail with.
        trouble: Answers what they ask.
        story: Is told of every call.
        answered: Gets what an HTTP call is answered with.
        behaviour: What is known of the handlers.
        ack_first: Whether messages are deleted before they are worked on.
        sure: Methods with which nothing goes wrong, and before which nothing happens.
        paused: Calls that go on later.
    """

    dice: Dice
    facts: Facts
    trouble: Trouble
    story: Story
    answered: Callable[[Batch, Mapping[str, Any], datetime], None]
    behaviour: Behaviour
    ack_first: bool
    sure: frozenset[str] = frozenset()
    paused: list[Call] = field(default_factory=list)
    _calls: int = 0
    _call: Call | None = None

    def deliver(self, name: str, trigger: Trigger) -> None:
        """Call a function with what its trigger has, if it has something."""
        cloud = self.facts.cloud
        batch = trigger.take(cloud.now)
        if batch is None:
            return
        self._calls += 1
        cloud.compute.advance(cloud.now)
        call = Call(
            number=self._calls,
            function=name,
            batch=batch,
            deployed=len(self.facts.limits) - 1,
            began=cloud.now,
            known=len(self.facts.began),
            fresh=len(cloud.past) - 1,
            since=len(cloud.past) - 1,
        )
        if self._acks_first(call):
            batch.succeeded(cloud.now)
        self.story.tell(f"call {call.number}", f"of {name}")
        self._go(call)

    def resume(self, call: Call) -> None:
        """Let a paused call go on."""
        self.paused.remove(call)
        self.story.tell(f"call {call.number}", "goes on")
        self._go(call)

    def crash_all(self) -> None:
        """End every paused call."""
        for call in self.paused:
            self._crash(call)
        self.paused.clear()

    def standing(self) -> tuple[tuple[str, int], ...]:
        """Return of each paused call how far it has come."""
        return tuple((it.function, len(it.progress.told)) for it in self.paused)

    def log(self, line: dict[str, Any]) -> None:
        """Tell what the function logs that is being called."""
        if self._call:
            self.story.log(self._call.function, line)

    def _go(self, call: Call) -> None:
        """Let a call go on, until it pauses, crashes or ends."""
        self._call = call
        try:
            ended = self.behaviour.go_on(
                self._identity(call),
                call.progress,
                lambda ask: self._told(ask, call),
                lambda ask: self._serve(call, ask),
            )
        except Paused:
            self.paused.append(call)
        except Crashed:
            self._crash(call)
        else:
            self._ended(call, ended)

    def _identity(self, call: Call) -> Any:
        """Return all that a handler knows from the beginning."""
        bounds = self.facts.limits[call.deployed]
        return call.function, bounds, event_identity(call.batch.event)

    def _serve(self, call: Call, ask: Callable[[Ask], Any]) -> Any:
        """Call the handler itself."""
        cloud = self.facts.cloud
        policies = policies_of(cloud, self.facts.limits[call.deployed])
        kept = warm(ask, policies, cloud.world.folder_id)
        return HANDLERS[call.function](call.batch.event, kept, Context(ask))

    def _told(self, ask: Ask, call: Call) -> Any:
        if ask is NOW:
            return self.facts.cloud.now
        if ask is LEFT:
            return (call.ends - self.facts.cloud.now) / _MILLISECOND
        if ask.method in self.sure:
            return self.facts.cloud.api(ask)
        return self.trouble.answer(ask, call)

    def _ended(self, call: Call, ended: Ended) -> None:
        now = self.facts.cloud.now
        if ended.error is not None:
            self.story.tell(f"call {call.number}", f"failed: {ended.error!r}")
            if not isinstance(ended.error, QueueError):
                self.facts.failures.append(f"{call.function}: {ended.error!r}")
            self._crash(call)
        elif self.dice.draw("crash:ack", 2):
            self.trouble.tell("crashed", "before the messages were deleted")
            self._crash(call)
        elif call.function == "on_http":
            self.answered(call.batch, ended.result, now)
        elif not self._acks_first(call):
            call.batch.succeeded(now)

    def _acks_first(self, call: Call) -> bool:
        return self.ack_first and call.function == "on_task"

    def _crash(self, call: Call) -> None:
        call.batch.failed(self.facts.cloud.now)
