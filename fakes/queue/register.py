"""The queues that there are, by their names, URLs and ARNs."""

from collections.abc import Callable
from datetime import datetime

from fakes.queue.queue import Queue
from fakes.queue.record import QueueRecord
from fakes.tables import Tables


class Register:
    """Every queue of a folder, and what makes each the same again.

    Attributes:
        names: Queues by name.
        paths: Queues by the path of their URL.
        arns: Queues by ARN.
        deleted: When queues that are gone were deleted, by name.
    """

    def __init__(self, cloud_id: str) -> None:
        self.names: dict[str, Queue] = {}
        self.paths: dict[str, Queue] = {}
        self.arns: dict[str, Queue] = {}
        self.deleted: dict[str, datetime] = {}
        self._cloud_id = cloud_id
        self._records: dict[str, QueueRecord] = {}
        self._tables: Tables | None = None

    def keep_in(self, tables: Tables, make: Callable[[QueueRecord], Queue]) -> None:
        """Keep all of them; those that were kept are made and here again."""
        self._tables = tables
        self.deleted = tables.table("deleted queues", self.deleted)
        self._records = tables.table("queues", self._records)
        for record in list(self._records.values()):
            queue = make(record)
            queue.modified_at = record.modified_at
            queue.purged_at = record.purged_at
            queue.tags = record.tags
            self.add(queue)

    def path(self, queue: Queue) -> str:
        """Return the path of a queue's URL."""
        return f"/{self._cloud_id}/{queue.queue_id}/{queue.name}"

    def add(self, queue: Queue) -> None:
        """Let a queue be found."""
        self.names[queue.name] = self.arns[queue.arn] = queue
        self.paths[self.path(queue)] = queue
        if self._tables is not None:
            queue.keep_in(self._tables)
        self.note(queue)

    def note(self, queue: Queue) -> None:
        """Keep a queue as it is now; to be called whenever it was changed."""
        self._records[queue.name] = QueueRecord(
            name=queue.name,
            queue_id=queue.queue_id,
            created_at=queue.created_at,
            modified_at=queue.modified_at,
            attributes=queue.attributes,
            tags=queue.tags,
            purged_at=queue.purged_at,
        )

    def remove(self, queue: Queue) -> None:
        """Let a queue be gone, with all that is in it."""
        del self.names[queue.name], self.arns[queue.arn], self._records[queue.name]
        del self.paths[self.path(queue)]
        queue.forget()

    def clear(self) -> None:
        """Let every queue be gone, and forget that there were any."""
        for queue in list(self.names.values()):
            self.remove(queue)
        self.deleted.clear()
