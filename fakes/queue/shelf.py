"""Where the messages of a queue are: ready, in flight, or delayed."""

from datetime import datetime, timedelta

from fakes.queue.ordering import Ordering
from fakes.queue.stored import StoredMessage
from fakes.queue.timetable import Timetable
from fakes.tables import Tables


class Shelf:
    """The messages of one queue, each in one of three places.

    Every operation is O(log n), amortised, except where it says otherwise.
    `turn` brings the shelf to a moment; everything else speaks of the moment to
    which it was last brought.

    Args:
        ordering: In which order what is ready is taken.
    """

    def __init__(self, ordering: Ordering) -> None:
        self._messages: dict[int, StoredMessage] = {}
        self._counts: dict[str, int] = {}
        self._ordering = ordering
        self._in_flight = Timetable()
        self._delayed = Timetable()
        # By the time of sending, so that a new retention period is in force at once.
        self._by_age = Timetable()

    def keep_in(self, tables: Tables, queue_id: str) -> None:
        """Keep the messages; those that were kept are here again.

        All wait for the next `turn`, which shows them in the order of their moments.
        """
        self._messages = tables.table(f"messages of {queue_id}", self._messages)
        self._counts = tables.table(f"counts of {queue_id}", self._counts)
        for number in sorted(self._messages):
            message = self._messages[number]
            self._by_age.put(number, message.sent_at)
            self._ordering.enter(message)
            hidden = self._in_flight if message.receive_count else self._delayed
            hidden.put(number, message.visible_at or message.sent_at)

    def forget(self) -> None:
        """Forget every message, and how many there were."""
        self.clear()
        self._counts.clear()

    @property
    def next_number(self) -> int:
        """How many messages there ever were: the number of the next."""
        return self._counts.get("messages", 0)

    @property
    def in_flight(self) -> int:
        """How many are hidden because they were received."""
        return len(self._in_flight)

    def counters(self) -> dict[str, int]:
        """Return how many messages are where, by the names of the wire."""
        return {
            "ApproximateNumberOfMessages": self._ordering.ready,
            "ApproximateNumberOfMessagesDelayed": len(self._delayed),
            "ApproximateNumberOfMessagesNotVisible": len(self._in_flight),
        }

    def stored(self) -> list[StoredMessage]:
        """Return all messages, in the order of sending."""
        return list(self._messages.values())

    def get(self, number: int) -> StoredMessage | None:
        """Return a message, None if it is gone."""
        return self._messages.get(number)

    def in_flight_until(self, number: int) -> datetime | None:
        """Return until when a received message is hidden, None if it is not."""
        return self._in_flight.get(number)

    def add(self, message: StoredMessage, visible_at: datetime, now: datetime) -> None:
        """Take in a message with the next number, hidden until *visible_at*."""
        self._counts["messages"] = message.number + 1
        self._by_age.put(message.number, message.sent_at)
        self._ordering.enter(message)
        self._show_at(message, visible_at, now)

    def delay_anew(self, delay: timedelta, now: datetime) -> None:
        """Hide what was never received for *delay* since it was sent; in O(n)."""
        for number, message in list(self._messages.items()):
            if message.receive_count == 0:
                self._delayed.drop(number)
                self._ordering.hide(number)
                self._show_at(message, message.sent_at + delay, now)

    def take(self) -> StoredMessage | None:
        """Take the next message in hand, None if there is none.

        It must be hidden or removed next.
        """
        number = self._ordering.take()
        return None if number is None else self._messages[number]

    def order_by(self, ordering: Ordering) -> None:
        """Take what is ready in another order; in O(n).

        Both orderings must be such as hold nothing but what is ready.
        """
        while (number := self._ordering.take()) is not None:
            ordering.show(number)
        self._ordering = ordering

    def hide(self, number: int, until: datetime) -> None:
        """Put a message in flight, or keep it there, *until* that moment."""
        self._in_flight.put(number, until)
        self._put(self._messages[number], until)

    def remove(self, number: int) -> None:
        """Forget a message that is there."""
        del self._messages[number]
        self._ordering.leave(number)
        self._in_flight.drop(number)
        self._delayed.drop(number)
        self._by_age.drop(number)

    def clear(self) -> None:
        """Forget every message."""
        self._messages.clear()
        self._ordering.clear()
        for timetable in (self._in_flight, self._delayed, self._by_age):
            timetable.clear()

    def turn(self, now: datetime, sent_before: datetime) -> None:
        """Show what is hidden no longer, and forget what was sent too long ago."""
        while (old := self._by_age.pop_due(sent_before)) is not None:
            self.remove(old)
        while (number := self._pop_due(now)) is not None:
            self._ordering.show(number)

    def next_ready(self, now: datetime, retention: timedelta) -> datetime | None:
        """Return when a message can be taken at the earliest, None if never.

        Args:
            now: To which moment the shelf was brought.
            retention: After which a message is forgotten, and makes way for those
                that wait for it.
        """
        if self._ordering.has_next:
            return now
        moments = [self._delayed.next(), self._in_flight.next()]
        if self._ordering.ready and (oldest := self._by_age.next()) is not None:
            moments.append(oldest + retention)
        return min((it for it in moments if it is not None), default=None)

    def _pop_due(self, now: datetime) -> int | None:
        """Take out what was hidden until the earliest moment, if that has come."""
        delayed, in_flight = self._delayed.next(), self._in_flight.next()
        earlier = delayed is not None and (in_flight is None or delayed <= in_flight)
        return (self._delayed if earlier else self._in_flight).pop_due(now)

    def _show_at(
        self, message: StoredMessage, visible_at: datetime, now: datetime
    ) -> None:
        self._put(message, visible_at)
        if visible_at > now:
            self._delayed.put(message.number, visible_at)
        else:
            self._ordering.show(message.number)

    def _put(self, message: StoredMessage, visible_at: datetime) -> None:
        """Keep a message as it is now."""
        message.visible_at = visible_at
        self._messages[message.number] = message
