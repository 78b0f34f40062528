"""A data stream, as far as triggers see one: records in the order of writing.

Data Streams is a topic with partitions; here is one partition, and what was
written is kept for whoever looks (yandex-cloud/docs: en/data-streams/concepts/).
"""

from collections import deque
from collections.abc import Callable
from typing import Final

_KEPT: Final = 10_000  # records; the oldest are forgotten
LONGEST_RECORD: Final = 1_048_576
"""Bytes (yandex-cloud/docs: en/_includes/yds-limits.md)."""


class Stream:
    """Records, and whoever wants to hear of new ones."""

    def __init__(self) -> None:
        self._records: deque[bytes] = deque(maxlen=_KEPT)
        self._hooks: list[Callable[[bytes], None]] = []

    @property
    def records(self) -> list[bytes]:
        """The newest 10,000 records, oldest first."""
        return list(self._records)

    def put(self, record: bytes) -> None:
        """Keep *record* and tell the subscribers.

        Raises:
            ValueError: If it is longer than 1 MB.
        """
        if len(record) > LONGEST_RECORD:
            msg = f"a record has at most {LONGEST_RECORD} bytes, not {len(record)}"
            raise ValueError(msg)
        self._records.append(record)
        for hook in self._hooks:
            hook(record)

    def subscribe(self, hook: Callable[[bytes], None]) -> None:
        """Call *hook* with every record from now on."""
        self._hooks.append(hook)
