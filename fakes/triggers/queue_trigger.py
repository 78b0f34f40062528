"""The trigger of a standard queue.

On success it deletes the messages; on an error it leaves them, and they come
back when their visibility timeout ends; it has no retries and no dead letters
of its own, those are the queue's (yandex-cloud/docs: en/functions/concepts/
trigger/ymq-trigger.md).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fakes.queue import Queue, ReceivedMessage
from fakes.triggers.batch import Batch
from fakes.triggers.envelope import Place, queue_envelope

_MOST_AT_ONCE = 10


@dataclass(slots=True, kw_only=True)
class QueueTrigger:
    """Collects messages until the batch is full or its time is up.

    Attributes:
        queue: The source; a queue has one trigger at most.
        place: Whose queue it is.
        batch_size: 1 to 1000 messages.
        cutoff: How long to wait for a batch to fill: 0 to 20 seconds.
        visibility: How long messages stay hidden; None is the queue's own.
    """

    queue: Queue
    place: Place
    batch_size: int = 1
    cutoff: timedelta = timedelta(0)
    visibility: timedelta | None = None
    _collected: list[ReceivedMessage] = field(default_factory=list)
    _since: datetime | None = None

    def take(self, now: datetime) -> Batch | None:
        """Return a batch that is full, or whose time is up."""
        self._collect(now)
        full = len(self._collected) >= self.batch_size
        if self._since is None or not (full or now >= self._since + self.cutoff):
            return None
        messages, self._collected, self._since = self._collected, [], None
        return Batch(
            event=queue_envelope(messages, self.queue.arn, self.place),
            succeeded=lambda now: self._delete(messages, now),
            failed=lambda _now: None,
        )

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a message becomes visible or the batch's time is up."""
        visible = self.queue.next_visible(now)
        ends = self._since + self.cutoff if self._since else None
        return min((one for one in (visible, ends) if one), default=None)

    def watch(self, wake: Callable[[], object]) -> None:
        """Have *wake* called when a message arrives."""
        self.queue.watch(wake)

    def _collect(self, now: datetime) -> None:
        while (room := self.batch_size - len(self._collected)) > 0:
            most = min(room, _MOST_AT_ONCE)
            received = self.queue.receive(now, most, self.visibility)
            if not received:
                return
            self._since = self._since or now
            self._collected += received

    def _delete(self, messages: list[ReceivedMessage], now: datetime) -> None:
        for message in messages:
            self.queue.delete(message.receipt_handle, now)
