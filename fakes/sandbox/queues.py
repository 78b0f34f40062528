"""Message Queue for tests that care for messages, not for how they are signed."""

from fakes.queue import NewMessage
from fakes.testing import CloudThread


class SandboxQueues:
    """The queues of a cloud that runs in a thread.  Clients may use them, too.

    Args:
        thread: Where the cloud lives.
    """

    def __init__(self, thread: CloudThread) -> None:
        self._thread = thread

    def create(self, name: str, **attributes: str) -> str:
        """Return the URL of the queue *name*, created unless it is there.

        Args:
            name: Its name.
            **attributes: By their names on the wire, as `VisibilityTimeout="60"`.

        Raises:
            QueueError: As `MessageQueue.create` does.
        """
        return self._thread.call(self._create, name, attributes)

    def send(self, url: str, body: str) -> str:
        """Return the id of a new message.

        Raises:
            QueueError: If there is no such queue, or it does not take the message.
        """
        message = NewMessage(body=body)
        return self._thread.call(self._send, url, message)

    def take(self, url: str) -> list[str]:
        """Return the bodies of all messages that can be seen, and delete these.

        Raises:
            QueueError: If there is no such queue.
        """
        return self._thread.call(self._take, url)

    def count(self, url: str) -> int:
        """Return how many messages there are: visible, hidden and delayed.

        Raises:
            QueueError: If there is no such queue.
        """
        cloud = self._thread.cloud
        counters = self._thread.call(
            lambda: cloud.queues.by_url(url).counters(cloud.clock.now())
        )
        return sum(counters.values())

    def _create(self, name: str, attributes: dict[str, str]) -> str:
        cloud = self._thread.cloud
        queue = cloud.queues.create(name, cloud.clock.now(), attributes)
        return cloud.queues.url_of(queue)

    def _send(self, url: str, message: NewMessage) -> str:
        cloud = self._thread.cloud
        sent = cloud.queues.by_url(url).send(message, cloud.clock.now())
        return sent.message_id

    def _take(self, url: str) -> list[str]:
        cloud = self._thread.cloud
        queue, now = cloud.queues.by_url(url), cloud.clock.now()
        bodies: list[str] = []
        # Not the local cloud's manners, but a test, decides what is seen.
        while received := queue.receive(now, 10):
            for message in received:
                queue.delete(message.receipt_handle, now)
                bodies.append(message.body)
        return bodies
