"""How a call of a function fails, as far as its callers can tell."""

from collections.abc import Mapping
from typing import Any

from fakes.triggers.runner import FunctionError


class HandlerError(FunctionError):
    """The handler raised.

    Attributes:
        told: `errorMessage`, `errorType` and `stackTrace`, as the platform tells
            them (yandex-cloud/docs: en/functions/lang/python/errors.md).
    """

    def __init__(self, name: str, told: Mapping[str, Any]) -> None:
        super().__init__(f"{name}: {told['errorType']}: {told['errorMessage']}")
        self.told = dict(told)


class NoInstanceError(FunctionError):
    """Its process ended in the middle of the call, or could not begin it."""


class OutOfMemoryError(FunctionError):
    """It took more memory than it may."""


class TimedOutError(FunctionError):
    """It took longer than it may."""


class TooManyCallsError(FunctionError):
    """Too many of its calls run or wait already."""
