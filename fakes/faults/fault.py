"""What goes wrong, as a value."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final

from fakes.errors import Code

_NOTHING: Final = timedelta(0)


class When(enum.Enum):
    """On which side of the effect a fault strikes."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with calls of a method, and with which of them.

    Of the faults that are planned, the first that fits a call strikes it, and no
    other one.

    Attributes:
        method: Its name, as `AttachNetworkInterface` or `SendMessage`, or with
            its service, as `OperationService/Get` or `MessageQueue/SendMessage`;
            either may have the wildcards of a shell: `MessageQueue/*`, `*`.
        resource: Only calls about this, if given: any id or name in a request to
            the API, such as an instance's id; of Message Queue, a queue's name.
        when: Before or after the call takes effect.
        code: What the client sees, or None if the call succeeds after all.  A
            client of Message Queue sees what comes next to it: RESOURCE_EXHAUSTED
            is ThrottlingException, UNAVAILABLE is ServiceUnavailable,
            PERMISSION_DENIED is AccessDeniedException, and every other one is
            InternalFailure.
        hold: True to keep the client waiting until `Faults.release`.
        silent: True for a connection that dies without a sign: the client gets
            no answer, nor to anything else that it sends there, and a new
            connection works.  See `fakes.faults.silence`.
        expire_tokens: True to let all tokens expire that were issued so far; if
            that is before the effect, the call is refused for its own.
        latency: How long the call takes, whatever else happens to it.
        jitter: How much longer at most, by chance.
        times: How many calls at most, 1 at least; None is one or, with
            `probability` or `above`, any number.
        probability: How likely it strikes a call, above 0 to 1; None is the next
            ones, all of them.
        above: How many calls a second are let through, 0 or more: it strikes those
            beyond, as a quota does; None lets nothing through.

    Raises:
        ValueError: If a number is out of bounds, or if an answer is asked for on
            a connection that goes silent.
    """

    method: str
    resource: str | None = None
    when: When = When.BEFORE
    code: Code | None = None
    hold: bool = False
    silent: bool = False
    expire_tokens: bool = False
    latency: timedelta = _NOTHING
    jitter: timedelta = _NOTHING
    times: int | None = None
    probability: float | None = None
    above: int | None = None

    def __post_init__(self) -> None:
        wrong = [
            (self.times is not None and self.times < 1, "times must be 1 or more"),
            (not self._is_likely(), "probability must be above 0, and 1 at most"),
            (self.above is not None and self.above < 0, "above must be 0 or more"),
            (min(self.latency, self.jitter) < _NOTHING, "time does not go backwards"),
            (
                self.silent and (self.hold or self.code is not None),
                "silent is without an answer: no code, no hold",
            ),
        ]
        for is_wrong, problem in wrong:
            if is_wrong:
                raise ValueError(problem)

    @property
    def most(self) -> int | None:
        """How many calls it strikes at most; None is any number."""
        if self.times is not None:
            return self.times
        return 1 if self.probability is None and self.above is None else None

    @property
    def does_something(self) -> bool:
        """Whether a call that it strikes is different from others."""
        return bool(
            self.code is not None
            or self.hold
            or self.silent
            or self.expire_tokens
            or self.latency
            or self.jitter
        )

    def fits(self, service: str, method: str, resources: Collection[str]) -> bool:
        """Tell whether a call is one of those that it strikes, chance aside."""
        name = f"{service}/{method}" if "/" in self.method else method
        return fnmatchcase(name, self.method) and (
            self.resource is None or self.resource in resources
        )

    def _is_likely(self) -> bool:
        return self.probability is None or 0 < self.probability <= 1
