"""Gives back to the tasks queue what a call could not do, message by message.

The platform takes no partial answer: a call that fails brings all of its event
again, the neighbours that went well among it.  And a message cannot be handed
back as it is, for the event does not tell its receipt.  So what is left over
is sent anew, as what it was read as, under the id that it had.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from events.decision import Lateness
from events.envelope import Broken, Delivery
from events.items import Errand, Item, render_item, unprocessed
from events.pace import retry_after, spread
from events.rejected import Rejected
from events.task import MOST_FAILURES, Task
from functions._batch import Failure, OutOfTimeError, raise_first
from functions._ports import Clock, Mailbox, Message, QueueError, ThrottledError
from functions._publish import publish

log = structlog.get_logger()
# Together, they would come again together.
_SPREAD = timedelta(seconds=5)


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

    What was not begun, or met a queue that took nothing, goes back unharmed.
    What a function failed over counts that, and is given up after some times;
    what was begun is followed as long as there is hope all the same.

    Args:
        failures: What was not finished, and why.
        read: Reads what a delivery holds.
        desk: Who did not finish it.

    Raises:
        QueueError: If something may have been sent, or could not be: it must
            not be sent once more, so all of the event must come again.
        Exception: What a function failed with over what holds nothing to do.
    """
    raise_first([one for one in failures if _is_uncertain(one[1])])
    messages = [
        message
        for delivery, error in failures
        for item in read(delivery)
        for message in _back(item, error, desk)
    ]
    if messages:
        desk.tasks.send_all(messages)
        log.info("given back", deliveries=len(failures), messages=len(messages))


def _is_uncertain(error: Exception) -> bool:
    return isinstance(error, QueueError) and not isinstance(error, ThrottledError)


def _back(item: Item, error: Exception, desk: Desk) -> Iterator[Message]:
    """Yield the message that *item* goes back as, unless it is at its end."""
    unharmed = isinstance(error, OutOfTimeError | ThrottledError)
    if isinstance(item, Rejected):
        if not unharmed:
            raise error
        publish(desk.results, unprocessed(item, desk.now(), ""))
    elif unharmed:
        within = _SPREAD if isinstance(error, ThrottledError) else timedelta(0)
        yield Message(body=render_item(item), after=spread(item.id, within))
    else:
        yield from _failed(item, error, desk)


def _failed(item: Errand, error: Exception, desk: Desk) -> Iterator[Message]:
    reason, now = f"a function failed: {type(error).__name__}", desk.now()
    failed = replace(item.hindered(reason), failures=item.failures + 1)
    if _is_hopeless(failed, now):
        publish(desk.results, unprocessed(failed, now, failed.reason))
    else:
        log.warning("put back", request_id=item.id, failures=failed.failures)
        yield Message(body=render_item(failed), after=retry_after(failed, now))


def _is_hopeless(failed: Errand, now: datetime) -> bool:
    often = failed.failures >= MOST_FAILURES
    if not isinstance(failed, Task):
        return often
    # What was begun is owed an end.
    late = failed.lateness(now) is Lateness.HOPELESS
    return late or (often and not failed.begun)
