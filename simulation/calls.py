"""What handlers ask, and the ways in which a call of one can stop."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a handler asks of the world: one effect, or one look.

    Attributes:
        method: The gRPC method's path, or the action of Message Queue; `now` and
            `left` for the time, and for what is left of it.
        request: The API's message, or the action's parameters.
        queue: The name of the queue; '' for the API.
        key: The idempotency key; '' if there is none.
        token: What authorizes the call.
        request_id: The request it is for, as all log lines have it.
        message_id: The message that it is for, likewise.
    """

    method: str
    request: Any = None
    queue: str = ""
    key: str = ""
    token: str = ""
    request_id: str = ""
    message_id: str = ""

    @property
    def name(self) -> str:
        """The method without its service."""
        return self.method.rpartition("/")[2]


NOW = Ask(method="now")
LEFT = Ask(method="left")


@dataclass(frozen=True, slots=True)
class Refused:
    """The API's error as an answer: the google.rpc code by name."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The queue's error as an answer."""

    throttled: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a handler ended: with a result, or with an exception."""

    result: Any = None
    error: Exception | None = None


class BrokenOff(BaseException):
    """The handler does not go on here."""


class Paused(BrokenOff):
    """The handler will go on, later."""


class Crashed(BrokenOff):
    """The handler's process is no more."""
