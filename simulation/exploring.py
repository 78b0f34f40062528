"""Plays all schedules of a small world, not some: a bounded model check.

The real handlers and the real models, as in every schedule.  A small world has one
request, in two copies; what may go wrong is bounded in number.  Each step of a call is
one effect or look, and between any two everything else may happen: so the schedules are
all interleavings.  A state that was seen before is not gone on from again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulation import others
from simulation.behaviour import Behaviour
from simulation.dice import Choices
from simulation.play import Play
from simulation.quiet import logs_to
from simulation.result import Result
from simulation.serving import Call

_OTHERS: Final = list(others.ACTS)
UNCHANGING: Final = frozenset(
    f"/yandex.cloud.vpc.v1.{one}/Get"
    for one in ("SubnetService", "SecurityGroupService")
)
"""Nobody changes networks here: when they are looked at makes no difference."""
_COPIES: Final = {"scene:copies#0": 3}
_PERMITTED: Final = {"scene:running#0": 1, "scene:stop#0": 1}
SCENES: Final[Mapping[str, Choices]] = {
    "two copies of a request, for an instance that is stopped": _COPIES,
    "a request for a running instance, which may be stopped": _PERMITTED,
}
"""Where small worlds begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A small world.

    Attributes:
        scene: What is chosen at the beginning.
        crashes: How many processes may end in the middle of something.
        acts: How many times somebody else does something.
        slow: How many times time passes while a call is not at its end.
        by: What he may do.
    """

    scene: Choices
    crashes: int = 2
    acts: int = 2
    slow: int = 1
    by: tuple[str, ...] = ("stop", "start", "detach 1", "attach something else at 1")


@dataclass(slots=True)
class Explored:
    """What there is in a small world.

    Attributes:
        states: How many different states there are.
        schedules: How many were played, most of them from where they differ.
        ends: How many came to their end.
        steps: How many things happened.
        checks: How often a promise was looked at.
        verdicts: The different ways in which the request ended first.
        broken: The first schedule that broke a promise.
    """

    states: int = 0
    schedules: int = 0
    ends: int = 0
    steps: int = 0
    checks: int = 0
    verdicts: set[str] = field(default_factory=set)
    broken: Result | None = None

    def add(self, result: Result) -> None:
        """Count one schedule."""
        self.schedules += 1
        self.steps += result.steps
        self.checks += result.checks
        self.verdicts.update(result.verdicts)
        if result.broken:
            self.broken = result


class _Branching:
    """Chooses what is written, then 0, and notes what else there was to choose."""

    def __init__(self, small: Small, script: tuple[int, ...]) -> None:
        self._small = small
        self._script = script
        self._counts: dict[str, int] = {}
        self.chosen: dict[str, int] = {}
        self.options: list[int] = []
        self.made: list[int] = []
        self.crashes = small.crashes
        self.acts = small.acts
        self.slow = small.slow
        self.play: Play | None = None
        self._fresh = True

    @property
    def is_new(self) -> bool:
        """Whether all that was written has been chosen."""
        return len(self.made) >= len(self._script)

    def draw(self, label: str, count: int) -> int:
        """Choose one of what the small world allows."""
        number = self._counts.get(label, 0)
        self._counts[label] = number + 1
        found = self._draw(label, count)
        if found:
            self.chosen[f"{label}#{number}"] = found
        return found

    def _draw(self, label: str, count: int) -> int:
        if label == "pause:before":
            # A step is one effect or look: only the first of a step is let through.
            fresh, self._fresh = self._fresh, False
            return int(not fresh)
        if label == "next:step":
            self._fresh = True
            return self._next(count)
        if label == "order:message":
            return self._choose(range(count))
        if label in ("crash:around", "crash:ack"):
            found = self._choose(range(count if self.crashes else 1))
            self.crashes -= bool(found)
            return found
        if label == "others:act":
            names = self._small.by if self.acts else ()
            found = self._choose([0, *(1 + _OTHERS.index(name) for name in names)])
            self.acts -= bool(found)
            return found
        return self._small.scene.get(f"{label}#{self._counts[label] - 1}", 0)

    def _next(self, count: int) -> int:
        """Choose what happens next; that time passes comes last."""
        slows = self.play is not None and self.play.waits and bool(self.play.paused)
        found = self._choose(range(count - (slows and not self.slow)))
        self.slow -= slows and found == count - 1
        return found

    def _choose(self, options: Any) -> int:
        if len(options) == 1:
            return int(options[0])
        place = len(self.made)
        chosen = self._script[place] if place < len(self._script) else 0
        self.made.append(chosen)
        self.options.append(len(options))
        return int(options[chosen])


def explore(small: Small, most: int | None = None) -> Explored:
    """Play all schedules of a small world, until one breaks a promise.

    Args:
        small: The world.
        most: How many schedules to play at most; None for all.
    """
    found, behaviour = Explored(), Behaviour()
    seen: set[int] = set()
    waiting: list[tuple[int, ...]] = [()]
    with logs_to(None):
        while waiting and found.broken is None and found.schedules != most:
            script = waiting.pop()
            dice = _Branching(small, script)
            found.add(_play(dice, behaviour, seen, found))
            for place in range(len(script), len(dice.made)):
                before = tuple(dice.made[:place])
                waiting += [(*before, it) for it in range(1, dice.options[place])]
    found.states = len(seen)
    return found


def _play(
    dice: _Branching, behaviour: Behaviour, seen: set[int], found: Explored
) -> Result:
    play = dice.play = Play(dice, behaviour, sure=UNCHANGING)
    cut = False

    def goes_on() -> bool:
        nonlocal cut
        if not dice.is_new:
            return True
        state = hash((dice.crashes, dice.acts, dice.slow, *_state(play)))
        cut = state in seen
        seen.add(state)
        return not cut

    result = play.run(goes_on)
    found.ends += not cut
    return result


def _state(play: Play) -> Iterator[Any]:
    """Yield all that tells one state from others, times and histories included."""
    cloud, facts = play.cloud, play.facts
    yield cloud.now
    yield _shown(cloud.past[-1].instances)
    for instance_id in cloud.instance_ids:
        operations, _ = cloud.compute.operations_of(instance_id, 1000, "")
        yield tuple(one.SerializeToString(deterministic=True) for one in operations)
    for queue in cloud.queues.values():
        yield tuple(
            (one.content.body, one.receive_count, max(one.visible_at or now, now))
            for now in (cloud.now,)
            for one in queue.stored()
        )
    # Two that are equally far are one, whichever began first.
    yield tuple(sorted(map(_call, play.paused), key=str))
    for call in play.paused:
        yield tuple(_shown(it.instances) for it in cloud.past[call.since :])
    yield tuple(facts.began)
    yield tuple(one.event["data"]["verdict"] for one in facts.published)
    yield tuple(facts.acted)


def _call(call: Call) -> tuple[Any, ...]:
    bodies = [one["details"]["message"]["body"] for one in call.batch.event["messages"]]
    return (call.function, id(call.progress.node), call.began, call.known, *bodies)


def _shown(instances: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        (one.id, one.status, tuple(it.index for it in one.network_interfaces))
        for one in instances.values()
    )
