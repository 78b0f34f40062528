"""What came of a schedule."""

from collections import Counter
from dataclasses import dataclass

from simulation.promises import Broken


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a schedule.

    Attributes:
        broken: The promises that did not hold, and why.
        chosen: The choices that made it.
        steps: How many things happened.
        troubles: What went wrong on the way, and how often.
        story: What happened, line by line, if that was to be told.
        wanted: How many requests were accepted.
        verdicts: How they ended first.
        checks: How often a promise was looked at.
        states: The different states of the world, between two steps.
    """

    broken: list[Broken]
    chosen: dict[str, int]
    steps: int
    troubles: Counter[str]
    story: list[str]
    wanted: int
    verdicts: Counter[str]
    checks: int
    states: set[int]
