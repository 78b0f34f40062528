"""What becomes of a call that failed: made again, then a dead letter, or lost.

(yandex-cloud/docs: en/functions/concepts/dlq.md and
en/serverless-integrations/concepts/eventrouter/rule.md; the bounds are those of
yandex-cloud/python-sdk: serverless/triggers/v1 and serverless/eventrouter/v1)
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from fakes.queue import NewMessage, QueueError
from fakes.triggers.batch import Batch

_MOST_RETRIES: Final = 5
_SHORTEST_INTERVAL: Final = timedelta(seconds=10)
_LONGEST_INTERVAL: Final = timedelta(minutes=1)
_MOST_ROUTER_RETRIES: Final = 10
_OLDEST: Final = timedelta(hours=24)


class Grave(Protocol):
    """What takes dead letters: a queue."""

    def send(self, message: NewMessage, now: datetime) -> object:
        """Take a dead letter.

        Raises:
            QueueError: If it does not.
        """
        ...


class Patience(Protocol):
    """How often a failed call is made again, and what follows in the end."""

    @property
    def dead_letters(self) -> Grave | None:
        """Where the event goes in the end, if anywhere."""
        ...

    def again_at(
        self, failures: int, first: datetime, now: datetime
    ) -> datetime | None:
        """Return when a call is made again, None if no more.

        Args:
            failures: How often it failed; 1 at least.
            first: When the event was first handed over.
            now: When it failed the last time.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """What a trigger does after a failed call.

    Attributes:
        attempts: How often it is made again: 1 to 5.
        interval: After how long: 10 seconds to 1 minute.
        dead_letters: Where the event goes in the end, if anywhere.

    Raises:
        ValueError: If a number is out of bounds.
    """

    attempts: int = 5
    interval: timedelta = timedelta(seconds=10)
    dead_letters: Grave | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.attempts <= _MOST_RETRIES:
            msg = f"attempts must be from 1 to {_MOST_RETRIES}, not {self.attempts}"
            raise ValueError(msg)
        if not _SHORTEST_INTERVAL <= self.interval <= _LONGEST_INTERVAL:
            msg = f"interval must be from 10 seconds to 1 minute, not {self.interval}"
            raise ValueError(msg)

    def again_at(
        self, failures: int, _first: datetime, now: datetime
    ) -> datetime | None:
        """Return when a call is made again, None if no more."""
        return now + self.interval if failures <= self.attempts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What a trigger does that has no retries: a failed call was the only one.

    Attributes:
        dead_letters: Where the event goes then, if anywhere.
    """

    dead_letters: Grave | None = None

    def again_at(
        self, _failures: int, _first: datetime, _now: datetime
    ) -> datetime | None:
        """Return None: never."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterRetries:
    """What EventRouter does after a failed delivery.

    The time between two attempts is not documented.  Assumption: a second, and
    twice as long every time, up to a minute.

    Attributes:
        attempts: How often it is made again: 0 to 10.
        maximum_age: For how long at most: up to 24 hours.
        dead_letters: Where the event goes in the end, if anywhere.

    Raises:
        ValueError: If a number is out of bounds.
    """

    attempts: int = 10
    maximum_age: timedelta = _OLDEST
    dead_letters: Grave | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.attempts <= _MOST_ROUTER_RETRIES:
            msg = f"attempts must be 0 to {_MOST_ROUTER_RETRIES}, not {self.attempts}"
            raise ValueError(msg)
        if not timedelta(0) < self.maximum_age <= _OLDEST:
            msg = f"maximum_age must be up to 24 hours, not {self.maximum_age}"
            raise ValueError(msg)

    def again_at(
        self, failures: int, first: datetime, now: datetime
    ) -> datetime | None:
        """Return when a delivery is made again, None if no more."""
        again = now + min(timedelta(seconds=2 ** (failures - 1)), _LONGEST_INTERVAL)
        expired = again > first + self.maximum_age
        return None if failures > self.attempts or expired else again


# What holds where nothing else is said.
RETRIES: Final = Retries()
ROUTER_RETRIES: Final = RouterRetries()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handover:
    """An event on its way.

    Attributes:
        event: As it is handed over, every time the same.
        first: When it was handed over first.
        failures: How often it failed since.
        due: When its turn comes again.
        settle: Called when it is over, well or not.
    """

    event: Any
    first: datetime
    failures: int
    due: datetime
    settle: Callable[[], object]


@dataclass(slots=True)
class Redelivery:
    """Keeps failed events until their turn comes again.

    Attributes:
        patience: What happens after a failed call.
        lost: How many events are gone for good: failed, with no dead-letter
            queue that took them.  Assumption: a queue that refuses a dead
            letter, as one of more than 256 KB, loses it and stops nothing.
    """

    patience: Patience
    lost: int = 0
    _waiting: list[_Handover] = field(default_factory=list)

    def first(
        self, event: Any, now: datetime, settle: Callable[[], object] = lambda: None
    ) -> Batch:
        """Return a batch that hands over *event* for the first time.

        Args:
            event: The event.
            now: The moment.
            settle: Called when the event was handed over, buried or lost.
        """
        return self._batch(
            _Handover(event=event, first=now, failures=0, due=now, settle=settle)
        )

    def again(self, now: datetime) -> Batch | None:
        """Return a batch whose turn has come again, None if there is none."""
        for place, handover in enumerate(self._waiting):
            if handover.due <= now:
                del self._waiting[place]
                return self._batch(handover)
        return None

    def next_due(self) -> datetime | None:
        """Return when a turn comes again, None if nothing waits."""
        return min((one.due for one in self._waiting), default=None)

    def _batch(self, handover: _Handover) -> Batch:
        return Batch(
            event=handover.event,
            succeeded=lambda _now: handover.settle(),
            failed=lambda now: self._failed(handover, now),
        )

    def _failed(self, handover: _Handover, now: datetime) -> None:
        failures = handover.failures + 1
        due = self.patience.again_at(failures, handover.first, now)
        if due is None:
            self._bury(handover.event, now)
            handover.settle()
            return
        self._waiting.append(replace(handover, failures=failures, due=due))

    def _bury(self, event: Any, now: datetime) -> None:
        grave = self.patience.dead_letters
        try:
            if grave is not None:
                # The shape of a trigger's dead letter is not documented: an assumption.
                grave.send(NewMessage(body=json.dumps(event)), now)
                return
        except QueueError:
            pass
        self.lost += 1
