"""The trigger of a data stream.

A batch is measured in bytes, and one record may be longer than a batch
(yandex-cloud/docs: en/_includes/functions/batch-settings-yds.md).
"""

from datetime import timedelta
from typing import Final

from fakes.stream import Stream
from fakes.triggers.batching import BatchingTrigger, check_cutoff, check_within
from fakes.triggers.envelope import stream_envelope
from fakes.triggers.redelivery import RETRIES, Retries

_MOST_BYTES: Final = 65_536


class StreamTrigger(BatchingTrigger[bytes]):
    """Hands over the records of a stream.

    Assumption: as with a log group, a batch that failed holds up nobody; what
    comes after it may overtake it.

    Args:
        stream: The source.
        retries: What happens after a failed call.
        batch_size: 1 to 65,536 bytes.
        cutoff: How long to wait for a batch to fill: 1 to 60 seconds.

    Raises:
        ValueError: If a number is out of bounds.
    """

    def __init__(
        self,
        stream: Stream,
        retries: Retries = RETRIES,
        *,
        batch_size: int = 1,
        cutoff: timedelta = timedelta(seconds=1),
    ) -> None:
        check_within("batch_size", batch_size, _MOST_BYTES)
        check_cutoff(cutoff)
        super().__init__(
            retries,
            size=batch_size,
            cutoff=cutoff,
            weigh=len,
            render=lambda records, _now: stream_envelope(records),
        )
        stream.subscribe(self.add)
