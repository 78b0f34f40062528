"""What a queue is, apart from its messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fakes.queue.attributes import QueueAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRecord:
    """All that makes a queue the same again.

    Attributes:
        name: Its name within the folder.
        queue_id: The id of the resource.
        created_at: When it was created.
        modified_at: When its attributes were changed last.
        attributes: How it behaves.
        tags: Its tags.
        purged_at: When it was purged last, if it ever was.
    """

    name: str
    queue_id: str
    created_at: datetime
    modified_at: datetime
    attributes: QueueAttributes
    tags: Mapping[str, str]
    purged_at: datetime | None
