"""Gives back to the tasks queue what a call could not do, message by message.

The platform takes no partial answer: a call that fails brings all of its event
again, the neighbours that went well among it.  And a message cannot be handed
back as it is, for the event does not tell its receipt.  So what is left over
is sent anew, as what it was read as, under the id that it had.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from events.envelope import Broken, Delivery
from events.items import (
    Errand,
    Item,
    failing,
    is_hopeless,
    is_late,
    remainder,
    render_item,
    unprocessed,
)
from events.outcome import of_rejected
from events.pace import retry_after
from events.rejected import Rejected
from functions._batch import Failure, OutOfTimeError
from functions._ports import Clock, Mailbox, Message, QueueError
from functions._publish import publish

log = structlog.get_logger()


class Desk(Protocol):
    """Whoever works on what deliveries hold."""

    @property
    def tasks(self) -> Mailbox:
        """Where things go on."""
        ...

    @property
    def results(self) -> Mailbox:
        """Where outcomes go."""
        ...

    @property
    def now(self) -> Clock:
        """Tells the time."""
        ...


def give_back(
    failures: Sequence[Failure],
    read: Callable[[Delivery | Broken], Sequence[Item]],
    desk: Desk,
) -> None:
    """Send back what *desk* did not finish, each by itself.

    What was not begun goes back unharmed; what met a queue that did not take all
    for certain comes later, each time later still, for a repeat does no harm.
    What a function failed over counts that, and is given up after some times;
    what was begun is followed as long as there is hope all the same.

    Args:
        failures: What was not finished, and why.
        read: Reads what a delivery holds.
        desk: Who did not finish it.

    Raises:
        QueueError: If it is not certain that all of it went back: all of the
            event must come again.
        Exception: What a function failed with over what holds nothing to do, or
            what a queue refused until it was too late.
    """
    messages = [
        message
        for delivery, error in failures
        for item in read(delivery)
        for message in _back(item, error, desk)
    ]
    if messages:
        desk.tasks.send_all(messages)
        log.info("given back", deliveries=len(failures), messages=len(messages))


def _back(item: Item, error: Exception, desk: Desk) -> Iterator[Message]:
    """Yield the message that *item* goes back as, unless it is at its end."""
    known = isinstance(error, OutOfTimeError | QueueError)
    if isinstance(item, Rejected):
        if not known:
            raise error
        publish(desk.results, of_rejected(item, desk.now()))
    elif isinstance(error, OutOfTimeError):
        yield Message(body=render_item(item))
    elif isinstance(error, QueueError):
        yield _later(item, error, desk.now())
    else:
        yield from _failed(item, error, desk)


def _later(item: Errand, error: QueueError, now: datetime) -> Message:
    """Return the message that comes when the queue may have recovered.

    Raises:
        QueueError: If it is too late for that.  The message must come again as
            it is: its queue counts how often it did, so that it has an end.
    """
    if is_late(item, now):
        raise error
    item = item.hindered(str(error))
    return Message(body=render_item(item), after=retry_after(item, now))


def _failed(item: Errand, error: Exception, desk: Desk) -> Iterator[Message]:
    failed = failing(item, f"a function failed: {type(error).__name__}")
    if is_hopeless(failed, desk.now()):
        publish(desk.results, unprocessed(failed, desk.now(), failed.reason))
        if rest := remainder(failed):
            yield Message(body=render_item(rest))
    else:
        log.warning("put back", request_id=item.id, failures=failed.failures)
        after = retry_after(failed, desk.now())
        yield Message(body=render_item(failed), after=after)
