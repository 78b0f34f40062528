"""Functions as others call them, sources as others read them: with their roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fakes.caller import Subject
from fakes.queue import NewMessage, Queue, QueueError
from fakes.queue.errors import Refusal, refuse
from fakes.terraform.kinds.deployed import Deployed
from fakes.terraform.kinds.site import Site
from fakes.triggers.batch import Batch, Trigger
from fakes.triggers.runner import FunctionError

_AGAIN: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A function that is called by somebody in particular.

    Attributes:
        site: Where.
        function: The function.
        account: Who calls; None for nobody, who may call public ones only.
    """

    site: Site
    function: Deployed
    account: Subject | None

    @property
    def concurrency(self) -> int:
        """How many calls may be under way at once."""
        return self.function.concurrency

    async def invoke(self, event: Any, request_id: str | None = None) -> Any:
        """Call it, with `functions.functionInvoker` on it.

        (yandex-cloud/docs: en/functions/security/index.md)

        Raises:
            FunctionError: If the role is missing, or the call failed.
        """
        allowed = self.function.public or self.site.allows(
            self.account, "serverless.functions.invoke", on=self.function.id
        )
        if not allowed:
            msg = f"{self.function.name}: the caller lacks functions.functionInvoker"
            raise FunctionError(msg)
        return await self.function.invoke(event, request_id)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A trigger that has something only as long as its account may read the source.

    Attributes:
        trigger: The trigger.
        allowed: Tells whether it may.
    """

    trigger: Trigger
    allowed: Callable[[], bool]

    def take(self, now: datetime) -> Batch | None:
        """Return a batch that is due; None, too, if it must not be read."""
        return self.trigger.take(now) if self.allowed() else None

    def next_due(self, now: datetime) -> datetime | None:
        """Return when a batch may be due; what may not be read is tried again."""
        due = self.trigger.next_due(now)
        if due is None or self.allowed():
            return due
        return max(due, now + _AGAIN)

    def watch(self, wake: Callable[[], object]) -> None:
        """Have *wake* called when a batch may be due earlier than was said."""
        self.trigger.watch(wake)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cemetery:
    """A queue that takes the dead letters of an account.

    Attributes:
        site: Where.
        queue: The queue.
        account: Whose.
    """

    site: Site
    queue: Queue
    account: Subject | None

    def send(self, message: NewMessage, now: datetime) -> None:
        """Take a dead letter, with `ymq.writer`.

        (yandex-cloud/docs: en/functions/concepts/dlq.md)

        Raises:
            QueueError: If the role is missing, or the queue refuses.
        """
        if not self.site.allows(self.account, "ymq.messages.send"):
            refuse(Refusal.ACCESS_DENIED, "the account lacks ymq.writer")
        self.queue.send(message, now)


__all__ = ["Called", "Cemetery", "Guarded", "QueueError"]
