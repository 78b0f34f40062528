"""What every action of Message Queue gets: one call, understood so far."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fakes.http.queue_answer import Answer
from fakes.http.queue_form import Form
from fakes.queue.errors import Refusal, refuse
from fakes.queue.queue import Queue
from fakes.queue.service import MessageQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authenticated request.

    Attributes:
        service: Whom it is for.
        action: What it asks for.
        form: Its parameters.
        path: The path it was sent to, which may be that of a queue.
        sender: The id of the access key that signed it.
        now: When it arrived.
    """

    service: MessageQueue
    action: str
    form: Form
    path: str
    sender: str
    now: datetime

    def queue(self) -> Queue:
        """Return the queue that the call is about.

        Raises:
            QueueError: NonExistentQueue or MissingParameter; AccessDeniedException,
                if it is too new.
        """
        return self.known(self.service.by_url(self.queue_url()))

    def known(self, queue: Queue) -> Queue:
        """Return *queue*, unless it is too new to be known.

        Raises:
            QueueError: NonExistentQueue or AccessDeniedException.
        """
        self.service.newcomers.check(queue.queue_id, self.now)
        return queue

    def queue_url(self) -> str:
        """Return the URL of the queue: a parameter, or where the call was sent.

        Raises:
            QueueError: MissingParameter.
        """
        url = self.form.get("QueueUrl") or self.path
        if url == "/":
            refuse(Refusal.MISSING_PARAMETER, "The parameter QueueUrl is missing.")
        return url


# Returns what to answer, None if the answer has no Result.
Action = Callable[[Call], Answer | None]
