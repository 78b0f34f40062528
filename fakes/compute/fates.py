"""How the next operation ends, if not well: written by a test, as values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fakes.errors import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFate:
    """What becomes of an operation.

    Attributes:
        lasts: How long it takes; None means as long as its kind usually does.
        ends: False if it runs for ever.
        code: What it fails with, or None if it succeeds.
        message: The text of the error.
        rolls_back: True if the error shows at half time, before it is done.
    """

    lasts: timedelta | None = None
    ends: bool = True
    code: Code | None = None
    message: str = ""
    rolls_back: bool = False

    def moments(
        self, begun: datetime, usual: timedelta
    ) -> tuple[datetime | None, datetime | None]:
        """Return when the error shows early, and when the operation ends.

        Either is None if that never comes.
        """
        if not self.ends:
            return None, None
        lasts = usual if self.lasts is None else self.lasts
        return (begun + lasts / 2 if self.rolls_back else None), begun + lasts


SUCCEEDS = OperationFate()


def lasts(duration: timedelta) -> OperationFate:
    """Succeed after *duration*."""
    return OperationFate(lasts=duration)


def never_ends() -> OperationFate:
    """Run for ever, keeping the instance in its passing status."""
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
