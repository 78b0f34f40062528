"""What triggers say of times, numbers and retries, as the provider writes it."""

import re
from datetime import timedelta
from typing import Final

from fakes.terraform.kind import RefusedError
from fakes.terraform.kinds.called import Cemetery
from fakes.triggers.redelivery import Once, Patience, Retries

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}
_DURATION: Final = re.compile(r"(\d{1,6})(s|m|h|)")


def patience(
    attempts: int | None, interval: timedelta | None, grave: Cemetery | None, at: str
) -> Patience:
    """Return what follows after a failed call; no retries where none are wanted.

    Raises:
        RefusedError: If a number is out of bounds.
    """
    if not attempts:
        return Once(dead_letters=grave)
    try:
        return Retries(
            attempts=attempts,
            interval=interval or timedelta(seconds=10),
            dead_letters=grave,
        )
    except ValueError as error:
        raise RefusedError(str(error), at=at) from None


def duration(text: str | None, at: str) -> timedelta | None:
    """Return a time as `10s`, `1m`, or in seconds without a unit; None for none.

    Raises:
        RefusedError: If it is none.
    """
    if not text:
        return None
    found = _DURATION.fullmatch(text)
    if found is None:
        message = f"{text!r} is not a duration like 10s"
        raise RefusedError(message, at=at)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def number(text: str | None, default: int, least: int, most: int, at: str) -> int:
    """Return a whole number that is written as text, within bounds.

    Raises:
        RefusedError: If it is none.
    """
    value = default if not text else int(text) if text.isdecimal() else -1
    if not least <= value <= most:
        message = f"{text!r} is not a whole number from {least} to {most}"
        raise RefusedError(message, at=at)
    return value
