"""How the next operation ends, if not well: written by a test, as values."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from fakes.errors import Code


class Stage(enum.Enum):
    """What of an operation a client can see happen."""

    TURNS = "the resource goes into its second passing status"
    BREAKS = "the error shows"
    ENDS = "it is done"


Schedule: TypeAlias = tuple[tuple[datetime, Stage], ...]
"""What is to come, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFate:
    """What becomes of an operation.

    Attributes:
        lasts: How long it takes; None means as long as its kind usually does.
        ends: False if it runs until somebody ends it, with `Compute.finish`.
        code: What it fails with, or None if it succeeds.
        message: The text of the error.
        rolls_back: True if the error shows at half time, before it is done.
    """

    lasts: timedelta | None = None
    ends: bool = True
    code: Code | None = None
    message: str = ""
    rolls_back: bool = False

    def schedule(
        self, begun: datetime, usual: timedelta | None, *, turns: bool
    ) -> Schedule:
        """Return what is to come of an operation that began at *begun*.

        Args:
            begun: The beginning.
            usual: How long the kind takes; None if until somebody ends it.
            turns: True if there is a second passing status.
        """
        lasts = usual if self.lasts is None else self.lasts
        if not self.ends or lasts is None:
            return ()
        half, end = begun + lasts / 2, begun + lasts
        middle = [(half, Stage.TURNS)] if turns else []
        if self.rolls_back:
            middle = [(half, Stage.BREAKS)]
        return (*middle, (end, Stage.ENDS))


SUCCEEDS = OperationFate()


def lasts(duration: timedelta) -> OperationFate:
    """Succeed after *duration*."""
    return OperationFate(lasts=duration)


def never_ends() -> OperationFate:
    """Run for ever, keeping the instance in its passing status.

    `Compute.finish` ends it all the same: that is how a test holds an operation
    and lets it go by hand.
    """
    return OperationFate(ends=False)


def fails(code: Code, message: str, *, lasts: timedelta | None = None) -> OperationFate:
    """Fail at the end, leaving the instance as it was before."""
    return OperationFate(code=code, message=message, lasts=lasts)


def rolls_back(
    code: Code, message: str, *, lasts: timedelta | None = None
) -> OperationFate:
    """Fail at half time and be done, the instance restored, only at the end.

    The error is in the operation before `done` is, as documented
    (yandex-cloud/docs: en/api-design-guide/concepts/operation.md).
    """
    return OperationFate(code=code, message=message, lasts=lasts, rolls_back=True)
