"""What can go wrong with one effect, on either side of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from fakes.compute.fates import OperationFate, fails, lasts, never_ends, rolls_back
from fakes.compute.settings import Kind
from fakes.errors import Code
from simulation.calls import Ask, Crashed, Paused, Refused, Undelivered
from simulation.cloud import Cloud
from simulation.dice import Dice
from simulation.serving import Call

_BEFORE: Final = tuple(
    Refused(code, "as it happens")
    for code in (
        "UNAVAILABLE",
        "RESOURCE_EXHAUSTED",
        "UNAUTHENTICATED",
        "PERMISSION_DENIED",
        "INTERNAL",
    )
)
# As the API answers although, or before, it did what was asked for.
_AFTER: Final = tuple(
    Refused(code, "no answer")
    for code in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "UNKNOWN", "INTERNAL")
)
_SLOW: Final = timedelta(seconds=6)  # beyond the deadline of a call
_FATES: Final[tuple[OperationFate, ...]] = (
    fails(Code.UNAVAILABLE, "try again"),
    fails(Code.INTERNAL, "something broke"),
    fails(Code.RESOURCE_EXHAUSTED, "no room"),
    fails(Code.FAILED_PRECONDITION, "it cannot be"),
    fails(Code.CANCELLED, "somebody cancelled it"),
    rolls_back(Code.INTERNAL, "taken back", lasts=timedelta(seconds=20)),
    lasts(timedelta(0)),
    lasts(timedelta(seconds=90)),
)
# Each takes a schedule of more than a hundred looks.
_LONG_FATES: Final = (lasts(timedelta(minutes=70)), never_ends())
_KINDS: Final = {
    "AttachNetworkInterface": Kind.ATTACH,
    "Stop": Kind.STOP,
    "Start": Kind.START,
}


@dataclass(slots=True)
class Trouble:
    """Answers what handlers ask, or lets it go wrong.

    Attributes:
        cloud: Answers.
        dice: Choose what goes wrong.
        tell: Is told what did.
        note: Is told what took effect, with its answer.
    """

    cloud: Cloud
    dice: Dice
    tell: Callable[[str, str], None]
    note: Callable[[Ask, Call, Any], None]

    def answer(self, ask: Ask, call: Call) -> Any:
        """Return the answer to *ask*.

        Raises:
            Paused: If the call goes on later.
            Crashed: If its process is gone, before or after the effect.
        """
        draw = self.dice.draw
        if self.cloud.now >= call.ends:
            self.tell("killed", "out of time")
            raise Crashed
        if draw("pause:before", 2):
            self.tell("paused", f"before {ask.name}")
            raise Paused
        crash = draw("crash:around", 3)
        if crash == 1:
            self.tell("crashed", f"before {ask.name}")
            raise Crashed
        found = self._answer(ask, call)
        if crash:
            self.tell("crashed", f"after {ask.name}")
            raise Crashed
        return found

    def _answer(self, ask: Ask, call: Call) -> Any:
        if ask.queue:
            return self._send(ask, call)
        if not call.authorized:
            return Refused("UNAUTHENTICATED", "the token is not good")
        kind = _KINDS.get(ask.name)
        return self._read(ask, call) if kind is None else self._begin(ask, call, kind)

    def _send(self, ask: Ask, call: Call) -> Any:
        troubles = ("", "throttled", "not sent", "sent without an answer")
        trouble = troubles[self.dice.draw("send:message", len(troubles))]
        if trouble:
            self.tell(trouble, ask.queue)
        if trouble in ("throttled", "not sent"):
            return Undelivered(throttled=trouble == "throttled")
        sent = self._perform(ask, call)
        return Undelivered() if trouble else sent

    def _read(self, ask: Ask, call: Call) -> Any:
        if ask.method.endswith("InstanceService/Get") and self.dice.draw(
            "stale:Get", 2
        ):
            self.tell("stale", ask.name)
            call.since = min(call.since, max(0, len(self.cloud.past) - 2))
            return self.cloud.stale(ask.request)
        trouble = self.dice.draw(f"read:{ask.name}", len(_BEFORE) + 2)
        if not trouble:
            return self.cloud.api(ask)
        if trouble <= len(_BEFORE):
            return self._refuse(_BEFORE[trouble - 1], ask, call)
        return self._late(ask, call)

    def _begin(self, ask: Ask, call: Call, kind: Kind) -> Any:
        self._destine(kind, "fate", _FATES)
        self._destine(kind, "long", _LONG_FATES)
        trouble = self.dice.draw(f"write:{ask.name}", 2 + len(_BEFORE) + len(_AFTER))
        if not trouble:
            return self._perform(ask, call)
        if trouble <= len(_BEFORE):
            return self._refuse(_BEFORE[trouble - 1], ask, call)
        if trouble == 1 + len(_BEFORE) + len(_AFTER):
            return self._late(ask, call)
        found = self._perform(ask, call)
        if isinstance(found, Refused):
            return found
        lost = _AFTER[trouble - 1 - len(_BEFORE)]
        self.tell("answer lost", f"{ask.name}: {lost.code}")
        return lost

    def _destine(
        self, kind: Kind, label: str, fates: tuple[OperationFate, ...]
    ) -> None:
        """Choose how the next operation of a kind ends, if not well."""
        fate = self.dice.draw(f"{label}:{kind.name.lower()}", len(fates) + 1)
        if fate:
            self.cloud.compute.script(kind, fates[fate - 1])
            self.tell("destined", f"{kind.value}: {_describe(fates[fate - 1])}")

    def _late(self, ask: Ask, call: Call) -> Any:
        self._perform(ask, call)
        self.cloud.now += _SLOW
        self.tell("too late", ask.name)
        return Refused("DEADLINE_EXCEEDED", "Deadline Exceeded")

    def _perform(self, ask: Ask, call: Call) -> Any:
        found = self.cloud.send(ask) if ask.queue else self.cloud.api(ask)
        self.note(ask, call, found)
        return found

    def _refuse(self, refused: Refused, ask: Ask, call: Call) -> Refused:
        if refused.code == "UNAUTHENTICATED":
            call.authorized = False
        self.tell("refused", f"{ask.name}: {refused.code}")
        return refused


def _describe(fate: OperationFate) -> str:
    if fate.code is not None:
        when = "takes back, " if fate.rolls_back else ""
        return f"{when}fails with {fate.code.name}"
    return f"lasts {fate.lasts}" if fate.ends else "never ends"
