"""Plays schedules: one by its seed or its choices, or as many as there is time for."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from simulation.behaviour import Behaviour
from simulation.dice import Choices, Dice, Scripted, Seeded
from simulation.play import Play
from simulation.quiet import logs_to
from simulation.result import Result


@dataclass(slots=True)
class Tally:
    """What many schedules came to.

    Attributes:
        schedules: How many there were.
        requests: How many requests were accepted in them.
        steps: How many things happened.
        checks: How often a promise was looked at.
        troubles: What went wrong, and how often.
        verdicts: How requests ended first.
        states: The different states that the world was in between two steps.
        broken: Seeds, and what they broke.
    """

    schedules: int = 0
    requests: int = 0
    steps: int = 0
    checks: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    states: set[int] = field(default_factory=set)
    broken: dict[int, Result] = field(default_factory=dict)

    def add(self, seed: int, result: Result) -> None:
        """Count one schedule."""
        self.schedules += 1
        self.requests += result.wanted
        self.steps += result.steps
        self.checks += result.checks
        self.troubles.update(result.troubles)
        self.verdicts.update(result.verdicts)
        self.states |= result.states
        if result.broken:
            self.broken[seed] = result


def play_seed(seed: int) -> Result:
    """Play the schedule of a seed, and tell its story."""
    return _played(Seeded(seed))


def play_choices(
    choices: Choices,
    *,
    telling: bool = True,
    sure: frozenset[str] = frozenset(),
) -> Result:
    """Play the schedule that was chosen so, and tell its story, unless told not to.

    Choices number the pauses: those of a small world need what was *sure* in it.
    """
    return _played(Scripted(choices), telling=telling, sure=sure)


def play_many(
    seeds: Iterable[int],
    enough: Callable[[Tally], bool] = lambda _: False,
    *,
    ack_first: bool = False,
) -> Tally:
    """Play the schedules of *seeds* until that is enough."""
    tally, behaviour = Tally(), Behaviour()
    with logs_to(None):
        for seed in seeds:
            play = Play(Seeded(seed), behaviour, ack_first=ack_first)
            tally.add(seed, play.run())
            if enough(tally):
                break
    return tally


def _played(
    dice: Dice, *, telling: bool = True, sure: frozenset[str] = frozenset()
) -> Result:
    play = Play(dice, telling=telling, sure=sure)
    with logs_to(play.log if telling else None):
        return play.run()
