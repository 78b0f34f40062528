"""Hands what a message holds to whom it concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from events.envelope import Broken, Delivery
from events.inbox import read_tasks
from events.items import Item, render_item
from events.outcome import of_rejected
from events.rejected import Rejected
from events.sweep import Sweep
from events.task import Task
from events.wish import Wish
from functions._follow import Follower
from functions._ports import Clock, Mailbox, Message
from functions._publish import publish, publish_all
from functions._react import Reactor
from functions._sweep import Sweeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Works on the messages of the tasks queue.

    Attributes:
        follower: Follows tasks.
        reactor: Finds out what wishes come to; made when one comes.
        sweeper: Moves sweeps; made when one comes.
    """

    follower: Follower
    reactor: Callable[[], Reactor]
    sweeper: Callable[[], Sweeper]

    @property
    def tasks(self) -> Mailbox:
        """Where things go on."""
        return self.follower.tasks

    @property
    def results(self) -> Mailbox:
        """Where outcomes go."""
        return self.follower.results

    @property
    def now(self) -> Clock:
        """Tells the time."""
        return self.follower.now

    def read(self, delivery: Delivery | Broken) -> tuple[Item, ...]:
        """Return what *delivery* holds."""
        return read_tasks(delivery, self.now())

    def handle(self, delivery: Delivery | Broken) -> None:
        """Move the one thing in *delivery* a step, or send several on singly.

        Raises:
            QueueError: If that is not certain; the message must come again.
        """
        items = self.read(delivery)
        if len(items) == 1:
            self._handle(items[0])
            return
        # Rejections first: a repeat of the rest would do more.
        wrong = [one for one in items if isinstance(one, Rejected)]
        publish_all(self.results, [of_rejected(one, self.now()) for one in wrong])
        rest = [one for one in items if not isinstance(one, Rejected)]
        self.tasks.send_all([Message(body=render_item(one)) for one in rest])

    def _handle(self, item: Item) -> None:
        match item:
            case Task():
                self.follower.follow(item)
            case Wish():
                self.reactor().consider(item)
            case Sweep():
                self.sweeper().carry_on(item)
            case Rejected():
                publish(self.results, of_rejected(item, self.now()))
            case _:
                assert_never(item)
