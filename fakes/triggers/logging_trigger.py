"""The trigger of a log group.

A batch goes out when it is full or its time is up (yandex-cloud/docs:
en/functions/concepts/trigger/cloud-logging-trigger.md).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Protocol

from fakes.chance import Chance
from fakes.logs import LogEntry
from fakes.triggers.batching import BatchingTrigger, check_cutoff, check_within
from fakes.triggers.envelope import logging_envelope
from fakes.triggers.redelivery import RETRIES, Patience, Retries

__all__ = ["LoggingTrigger", "Retries"]

_MOST_ENTRIES: Final = 1000


class Source(Protocol):
    """A log group, or some of its entries."""

    def subscribe(self, hook: Callable[[LogEntry], None]) -> None:
        """Call *hook* with every entry from now on."""
        ...


class LoggingTrigger(BatchingTrigger[LogEntry]):
    """Hands over the entries of a log group.

    Args:
        group: The source.
        chance: Names the batches.
        retries: What happens after a failed call.
        batch_size: 1 to 1000 entries.
        cutoff: How long to wait for a batch to fill: 1 to 60 seconds.

    Raises:
        ValueError: If a number is out of bounds.
    """

    def __init__(
        self,
        group: Source,
        chance: Chance,
        retries: Patience = RETRIES,
        *,
        batch_size: int = 10,
        cutoff: timedelta = timedelta(seconds=1),
    ) -> None:
        check_within("batch_size", batch_size, _MOST_ENTRIES)
        check_cutoff(cutoff)
        super().__init__(
            retries,
            size=batch_size,
            cutoff=cutoff,
            weigh=lambda _entry: 1,
            render=lambda them, now: logging_envelope(them, chance.uuid(), now),
        )
        group.subscribe(self.add)
