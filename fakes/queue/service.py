"""Message Queue as a service: its queues by name, by URL and by ARN."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from fakes.chance import Chance
from fakes.queue.attributes import QueueAttributes
from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.fifo import FifoQueue
from fakes.queue.limits import FIFO_SUFFIX, LIMITS, Limits, check_queue_name
from fakes.queue.manners import GOOD, Manners
from fakes.queue.newcomers import Newcomers
from fakes.queue.queue import Queue
from fakes.queue.rates import Rates
from fakes.queue.standard import StandardQueue
from fakes.queue.tags import tagged

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
        self.manners: Final = manners
        self._folder_id = folder_id
        self._cloud_id = cloud_id
        self._queues: dict[str, Queue] = {}
        self._paths: dict[str, Queue] = {}
        self._arns: dict[str, Queue] = {}
        self._deleted: dict[str, datetime] = {}
        self._rates = Rates(bounds)
        self.newcomers: Final = Newcomers(manners.settling, chance)

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
        _check_type(name, wanted.fifo)
        existing = self._queues.get(name)
        if existing is not None:
            return _same(existing, wire)
        self._check_room(name, now)
        self._check(wanted, self._arn(name))
        queue = self._add(name, wanted, now)
        queue.tags = labels
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

    def delete(self, url: str, now: datetime) -> None:
        """Delete the queue at *url*; one that does not exist is deleted already."""
        queue = self._paths.pop(_path_of(url), None)
        if queue is not None:
            del self._queues[queue.name]
            del self._arns[queue.arn]
            self._deleted[queue.name] = now

    def clear(self) -> None:
        """Forget every queue, and every name that rests: a new, empty service."""
        self._rates = Rates(self.bounds)
        for index in (self._queues, self._paths, self._arns, self._deleted):
            index.clear()
        self.newcomers.clear()

    def count(self, action: str, find: Callable[[], Queue], now: datetime) -> None:
        """Count a call as `Rates.count` does, if rates are in force."""
        if self.manners.rates:
            self._rates.count(action, find, now)

    def queues(self, prefix: str = "") -> list[Queue]:
        """Return the queues whose names begin with *prefix*, by name."""
        return [
            self._queues[it] for it in sorted(self._queues) if it.startswith(prefix)
        ]

    def by_name(self, name: str) -> Queue:
        """Return the queue *name*.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._queues.get(name))

    def by_url(self, url: str) -> Queue:
        """Return the queue at *url*; only the path counts, not the host.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._paths.get(_path_of(url)))

    def by_arn(self, arn: str) -> Queue:
        """Return the queue that *arn* names.

        Raises:
            QueueError: NonExistentQueue.
        """
        return _existing(self._arns.get(arn))

    def url_of(self, queue: Queue) -> str:
        """Return where *queue* is reached."""
        return self.base_url + self._path(queue)

    def _check(self, attributes: QueueAttributes, arn: str) -> None:
        attributes.check(self.bounds)
        policy = attributes.redrive
        if policy is None:
            return
        if policy.dead_letter_arn == arn:
            refuse_value("A queue cannot be its own dead-letter queue.")
        grave = self._arns.get(policy.dead_letter_arn)
        if grave is None:
            refuse_value("The dead-letter queue does not exist.")
        if grave.attributes.fifo is not attributes.fifo:
            refuse_value("A queue and its dead-letter queue must be of the same type.")

    def _check_room(self, name: str, now: datetime) -> None:
        deleted_at = self._deleted.get(name)
        if deleted_at is not None and now - deleted_at < self.bounds.name_rest:
            msg = f"A queue {name} was deleted less than 60 seconds ago."
            refuse(Refusal.QUEUE_DELETED_RECENTLY, msg)
        if len(self._queues) >= self.bounds.queues:
            msg = f"The cloud has {self.bounds.queues} queues already."
            refuse(Refusal.OVER_LIMIT, msg)

    def _add(self, name: str, attributes: QueueAttributes, now: datetime) -> Queue:
        kind = FifoQueue if attributes.fifo else StandardQueue
        queue = kind(
            name=name,
            queue_id=self.chance.resource_id(_QUEUE_ID_PREFIX),
            arn=self._arn(name),
            chance=self.chance,
            created_at=now,
            attributes=attributes,
            bounds=self.bounds,
            manners=self.manners,
            find=self._arns.get,
        )
        self.newcomers.enter(queue.queue_id, now)
        self._queues[name] = self._paths[self._path(queue)] = queue
        self._arns[queue.arn] = queue
        return queue

    def _arn(self, name: str) -> str:
        return f"{_ARN_PREFIX}:{self._folder_id}:{name}"

    def _path(self, queue: Queue) -> str:
        return f"/{self._cloud_id}/{queue.queue_id}/{queue.name}"


def _check_type(name: str, fifo: bool) -> None:
    """Refuse one sign of a FIFO queue without the other (InvalidParameterValue)."""
    if fifo and not name.endswith(FIFO_SUFFIX):
        refuse_value(f"The name of a FIFO queue must end in {FIFO_SUFFIX}.")
    if name.endswith(FIFO_SUFFIX) and not fifo:
        refuse_value(f"FifoQueue must be true if the name ends in {FIFO_SUFFIX}.")


def _same(queue: Queue, wire: Mapping[str, str]) -> Queue:
    if queue.attributes.changed(wire) != queue.attributes:
        msg = f"A queue {queue.name} with other attributes exists already."
        refuse(Refusal.QUEUE_ALREADY_EXISTS, msg)
    return queue


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
