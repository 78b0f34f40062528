"""Message Queue as a service: its queues by name, by URL and by ARN."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from fakes.chance import Chance
from fakes.queue.asking import check_redrive, check_same, check_type
from fakes.queue.attributes import QueueAttributes
from fakes.queue.errors import Refusal, refuse
from fakes.queue.fifo import FifoQueue
from fakes.queue.limits import LIMITS, Limits, check_queue_name
from fakes.queue.manners import GOOD, Manners
from fakes.queue.newcomers import Newcomers
from fakes.queue.queue import Queue
from fakes.queue.rates import Rates
from fakes.queue.record import QueueRecord
from fakes.queue.register import Register
from fakes.queue.standard import StandardQueue
from fakes.queue.tags import tagged
from fakes.tables import Tables

_ARN_PREFIX: Final = "yrn:yc:ymq:ru-central1"
# As in the samples of the documentation: dj600000000000me07ol.
_QUEUE_ID_PREFIX: Final = "dj6"


class MessageQueue:
    """The queues of one folder: a model without a clock, for one thread.

    That the URL contains the cloud's id and the ARN the folder's is inferred
    from samples: clients should treat both as opaque.

    Args:
        folder_id: The folder, part of every ARN.
        cloud_id: The cloud, part of every URL.
        chance: Names queues and messages.
        bounds: The limits in force.
        manners: How it behaves where that is left to it.

    Attributes:
        base_url: Where the service is reached, such as `http://127.0.0.1:4321`,
            without a slash at the end; set it once the port is known.
        newcomers: Queues of which clients may not know yet.
    """

    def __init__(
        self,
        *,
        folder_id: str,
        cloud_id: str,
        chance: Chance,
        bounds: Limits = LIMITS,
        manners: Manners = GOOD,
    ) -> None:
        self.base_url = ""
        self.chance: Final = chance
        self.bounds: Final = bounds
        self.manners = manners
        self._folder_id = folder_id
        self._register = Register(cloud_id)
        self._rates = Rates(bounds)
        self.newcomers: Final = Newcomers(manners.settling, chance)

    def keep_in(self, tables: Tables) -> None:
        """Keep queues and messages; those that were kept are here again.

        Not who called how often of late, nor who does not know yet of a new queue.
        """
        self._register.keep_in(tables, self._made)

    def create(
        self,
        name: str,
        now: datetime,
        attributes: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Queue:
        """Return the queue *name*, created unless it is there already.

        It is FIFO if its name ends in `.fifo` and FifoQueue is true; one without the
        other is refused (yandex-cloud/docs:
        en/message-queue/api-ref/queue/CreateQueue.md).

        Idempotent as long as *attributes*, by their names on the wire, are those
        the queue has; what they leave out is not compared, nor are the *tags*, which
        only a new queue gets (assumptions).

        Raises:
            QueueError: QueueAlreadyExists for other attributes,
                QueueDeletedRecently within 60 s of deleting one of that name,
                OverLimit beyond 1000 queues, InvalidAttributeName,
                InvalidParameterValue.
        """
        wire = attributes or {}
        check_queue_name(name, self.bounds)
        wanted = QueueAttributes().changed(wire)
        labels = tagged({}, tags or {}, self.bounds)
        check_type(name, wanted.fifo)
        existing = self._register.names.get(name)
        if existing is not None:
            check_same(existing, wire)
            return existing
        self._check_room(name, now)
        self._check(wanted, self._arn(name))
        record = QueueRecord(
            name=name,
            queue_id=self.chance.resource_id(_QUEUE_ID_PREFIX),
            created_at=now,
            modified_at=now,
            attributes=wanted,
            tags=labels,
            purged_at=None,
        )
        queue = self._made(record)
        queue.tags = labels
        self.newcomers.enter(queue.queue_id, now)
        self._register.add(queue)
        return queue

    def set_attributes(
        self, queue: Queue, attributes: Mapping[str, str], now: datetime
    ) -> None:
        """Change the *attributes* given, by their names on the wire.

        In force at once; the cloud may take a minute, or 15 for the retention.

        Raises:
            QueueError: InvalidAttributeName, InvalidParameterValue, or
                InvalidAttributeValue for another FifoQueue, as by the engine.
        """
        wanted = queue.attributes.changed(attributes)
        if wanted.fifo is not queue.attributes.fifo:
            msg = "FifoQueue cannot be changed: create another queue."
            refuse(Refusal.INVALID_ATTRIBUTE_VALUE, msg)
        self._check(wanted, queue.arn)
        queue.change(wanted, now)
        self._register.note(queue)

    def set_tags(self, queue: Queue, tags: Mapping[str, str]) -> None:
        """Let a queue have these *tags*, as `tags` makes them."""
        queue.tags = tags
        self._register.note(queue)

    def purge(self, queue: Queue, now: datetime) -> None:
        """Delete every message of a queue, as `Queue.purge` does.

        Raises:
            QueueError: PurgeQueueInProgress within 60 s of the last purge.
        """
        queue.purge(now)
        self._register.note(queue)

    def delete(self, url: str, now: datetime) -> None:
        """Delete the queue at *url*; one that does not exist is deleted already."""
        queue = self._register.paths.get(_path_of(url))
        if queue is not None:
            self._register.remove(queue)
            self._register.deleted[queue.name] = now

    def clear(self) -> None:
        """Forget every queue, and every name that rests: a new, empty service."""
        self._rates = Rates(self.bounds)
        self._register.clear()
        self.newcomers.clear()

    def count(self, action: str, find: Callable[[], Queue], now: datetime) -> None:
        """Count a call as `Rates.count` does, if rates are in force."""
        if self.manners.rates:
            self._rates.count(action, find, now)

    def queues(self, prefix: str = "") -> list[Queue]:
        """Return the queues whose names begin with *prefix*, by name."""
        names = self._register.names
        return [names[it] for it in sorted(names) if it.startswith(prefix)]

    def by_name(self, name: str) -> Queue:
        """Return the queue *name*.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._register.names.get(name))

    def by_url(self, url: str) -> Queue:
        """Return the queue at *url*; only the path counts, not the host.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._register.paths.get(_path_of(url)))

    def by_arn(self, arn: str) -> Queue:
        """Return the queue that *arn* names.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._register.arns.get(arn))

    def url_of(self, queue: Queue) -> str:
        """Return where *queue* is reached."""
        return self.base_url + self._register.path(queue)

    def _check(self, attributes: QueueAttributes, arn: str) -> None:
        attributes.check(self.bounds)
        check_redrive(attributes, arn, self._register.arns)

    def _check_room(self, name: str, now: datetime) -> None:
        deleted_at = self._register.deleted.get(name)
        if deleted_at is not None and now - deleted_at < self.bounds.name_rest:
            msg = f"A queue {name} was deleted less than 60 seconds ago."
            refuse(Refusal.QUEUE_DELETED_RECENTLY, msg)
        if len(self._register.names) >= self.bounds.queues:
            msg = f"The cloud has {self.bounds.queues} queues already."
            refuse(Refusal.OVER_LIMIT, msg)

    def _made(self, record: QueueRecord) -> Queue:
        kind = FifoQueue if record.attributes.fifo else StandardQueue
        return kind(
            name=record.name,
            queue_id=record.queue_id,
            arn=self._arn(record.name),
            chance=self.chance,
            created_at=record.created_at,
            attributes=record.attributes,
            bounds=self.bounds,
            manners=self.manners,
            find=self._register.arns.get,
        )

    def _arn(self, name: str) -> str:
        return f"{_ARN_PREFIX}:{self._folder_id}:{name}"


def _existing(queue: Queue | None) -> Queue:
    if queue is None:
        msg = "The specified queue does not exist."
        refuse(Refusal.NON_EXISTENT_QUEUE, msg)
    return queue


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # such as http://[
        return ""
