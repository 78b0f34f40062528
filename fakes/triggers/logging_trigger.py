"""The trigger of a log group.

A batch goes out when it is full or its time is up; a call that fails is made
again, one to five times, and then the batch goes to the dead-letter queue, or
is lost where there is none (yandex-cloud/docs: en/functions/concepts/dlq.md).
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fakes.chance import Chance
from fakes.logs import LogEntry, LogGroup
from fakes.queue import NewMessage, Queue
from fakes.triggers.batch import Batch
from fakes.triggers.envelope import JSON, logging_envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """What happens after a failed call.

    Attributes:
        attempts: How often it is made again: 1 to 5.
        interval: After how long: 10 seconds to 1 minute.
        dead_letters: Where the event goes in the end, if anywhere.
    """

    attempts: int = 5
    interval: timedelta = timedelta(seconds=10)
    dead_letters: Queue | None = None


@dataclass(slots=True)
class LoggingTrigger:
    """Collects entries until the batch is full or its time is up.

    Args:
        group: The source.
        chance: Names the batches.
        retries: What happens after a failed call.
        batch_size: 1 to 1000 entries.
        cutoff: How long to wait for a batch to fill: 1 to 60 seconds.
    """

    group: LogGroup
    chance: Chance
    retries: Retries = field(default_factory=Retries)
    batch_size: int = 10
    cutoff: timedelta = timedelta(seconds=1)
    _waiting: deque[LogEntry] = field(default_factory=deque)
    _since: datetime | None = None
    _again: list[tuple[datetime, JSON, int]] = field(default_factory=list)
    _wakers: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.group.subscribe(self._add)

    def take(self, now: datetime) -> Batch | None:
        """Return a batch whose turn has come again, or else a new one."""
        for place, (due, event, attempt) in enumerate(self._again):
            if due <= now:
                del self._again[place]
                return self._batch(event, attempt)
        self._since = self._since or (now if self._waiting else None)
        full = len(self._waiting) >= self.batch_size
        if self._since is None or not (full or now >= self._since + self.cutoff):
            return None
        size = min(len(self._waiting), self.batch_size)
        entries = [self._waiting.popleft() for _ in range(size)]
        self._since = now if self._waiting else None
        return self._batch(logging_envelope(entries, self.chance.uuid(), now), 0)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a batch's time is up or its turn comes again."""
        dues = [due for due, _, _ in self._again]
        if self._waiting:
            dues.append((self._since + self.cutoff) if self._since else now)
        return min(dues, default=None)

    def watch(self, wake: Callable[[], object]) -> None:
        """Have *wake* called when an entry is written."""
        self._wakers.append(wake)

    def _add(self, entry: LogEntry) -> None:
        self._waiting.append(entry)
        for wake in self._wakers:
            wake()

    def _batch(self, event: JSON, attempt: int) -> Batch:
        return Batch(
            event=event,
            succeeded=lambda _now: None,
            failed=lambda now: self._failed(event, attempt, now),
        )

    def _failed(self, event: JSON, attempt: int, now: datetime) -> None:
        if attempt < self.retries.attempts:
            self._again.append((now + self.retries.interval, event, attempt + 1))
        elif self.retries.dead_letters is not None:
            # The shape of a trigger's dead letter is not documented: an assumption.
            self.retries.dead_letters.send(NewMessage(body=json.dumps(event)), now)
