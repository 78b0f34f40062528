"""The timer: calls a function on a schedule.

(yandex-cloud/docs: en/functions/concepts/trigger/timer.md)
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from fakes.chance import Chance
from fakes.triggers.batch import Batch
from fakes.triggers.cron import Cron
from fakes.triggers.envelope import Place, timer_envelope
from fakes.triggers.redelivery import RETRIES, Patience, Redelivery

_LONGEST_PAYLOAD: Final = 4096  # characters


class TimerTrigger:
    """Fires at the times of a cron expression.

    Where the time leaps over several of them, as a clock that a test turns or
    a platform that was down, it fires once.  That is an assumption.

    Args:
        cron: In UTC, as `*/15 * * * ? *`.
        place: Whose timer it is.
        chance: Names it, and what it sends.
        since: It fires at times later than this: when it was created.
        payload: Text that goes with every event; 4096 characters at most.
        retries: What happens after a failed call.

    Attributes:
        id: Its id.
        redelivery: The events that failed, and how many were lost.

    Raises:
        CronError: If *cron* is not understood.
        ValueError: If *payload* is too long.
    """

    def __init__(  # noqa: PLR0913 - a timer has this many parts
        self,
        cron: str,
        *,
        place: Place,
        chance: Chance,
        since: datetime,
        payload: str = "",
        retries: Patience = RETRIES,
    ) -> None:
        if len(payload) > _LONGEST_PAYLOAD:
            msg = f"a payload has at most {_LONGEST_PAYLOAD} characters"
            raise ValueError(msg)
        self.id = chance.resource_id("a1s")
        self.redelivery = Redelivery(retries)
        self._cron = Cron.parse(cron)
        self._place = place
        self._chance = chance
        self._payload = payload
        self._next = self._cron.after(since)

    def take(self, now: datetime) -> Batch | None:
        """Return an event whose turn has come again, or else one that is due."""
        batch = self.redelivery.again(now)
        if batch is not None:
            return batch
        if self._next is None or now < self._next:
            return None
        self._next = self._cron.after(now)
        event = timer_envelope(
            self.id, self._payload, self._chance.uuid(), now, self._place
        )
        return self.redelivery.first(event, now)

    def next_due(self, _now: datetime) -> datetime | None:
        """Return when it fires next, or an event's turn comes again."""
        dues = (self._next, self.redelivery.next_due())
        return min((due for due in dues if due), default=None)

    def watch(self, wake: Callable[[], object]) -> None:
        """Do nothing: a timer has no news."""
