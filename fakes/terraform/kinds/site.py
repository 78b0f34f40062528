"""What the kinds share: the local cloud, and what they have made in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fakes.caller import Subject
from fakes.cloud import LocalCloud
from fakes.errors import ApiError
from fakes.iam import Iam
from fakes.iam.needs import Need
from fakes.lockbox import Lockbox
from fakes.logs import LogGroup
from fakes.queue import Queue, QueueError
from fakes.serverless.function import Function
from fakes.terraform.kind import RefusedError, Values
from fakes.terraform.kinds.deployed import Deployed

_ACCOUNTS: Final = "service_account_id"


@dataclass(slots=True)
class Site:
    """Where resources are made.

    Attributes:
        cloud: The local cloud.
        folder: For packages, and the certificate; `buckets/<bucket>/<object>` in it
            stands for Object Storage.
        on_line: Gets the name of a function and a line of its log.
        groups: The log groups that were made, by id.
        functions: The functions, by id.
        fed: Which trigger reads a queue, and by what, by the queue's ARN.
        lockbox: Secrets.
    """

    cloud: LocalCloud
    folder: Path
    on_line: Callable[[str, str], object]
    groups: dict[str, LogGroup] = field(default_factory=dict)
    functions: dict[str, Deployed] = field(default_factory=dict)
    fed: dict[str, tuple[str, object]] = field(default_factory=dict)
    lockbox: Lockbox = field(init=False)

    def __post_init__(self) -> None:
        self.lockbox = Lockbox(self.cloud.chance, self.cloud.iam)

    @property
    def iam(self) -> Iam:
        """Accounts and roles."""
        return self.cloud.iam

    async def retire(self, function: Function) -> None:
        """End what runs no more, once its calls have ended."""
        await self.cloud.functions.retire(function)

    def new_id(self, prefix: str) -> str:
        """Return a new id."""
        return self.cloud.chance.resource_id(prefix)

    def now(self) -> str:
        """Return the time, as resources tell when they were made."""
        return self.cloud.clock.now().isoformat().replace("+00:00", "Z")

    def home(self, wanted: Values) -> str:
        """Return the folder that is wanted: ours, also where none is named.

        Raises:
            RefusedError: If it is another one.
        """
        ours = self.cloud.world.folder_id
        if wanted.get("folder_id") not in (None, ours):
            message = f"folder {wanted['folder_id']} is not there: the folder is {ours}"
            raise RefusedError(message, at="folder_id")
        return ours

    def account(self, account_id: str | None, at: str = _ACCOUNTS) -> Subject | None:
        """Return a service account; None for none.

        Raises:
            RefusedError: If there is no such account.
        """
        if not account_id:
            return None
        found = self.iam.account(account_id)
        if found is None:
            message = f"service account {account_id} is not there"
            raise RefusedError(message, at=at)
        return found

    def function(self, function_id: str, at: str) -> Deployed:
        """Return a function.

        Raises:
            RefusedError: If there is no such function.
        """
        if function_id not in self.functions:
            message = f"function {function_id} is not there"
            raise RefusedError(message, at=at)
        return self.functions[function_id]

    def group(self, group_id: str, at: str) -> LogGroup:
        """Return a log group.

        Raises:
            RefusedError: If there is no such group.
        """
        if group_id not in self.groups:
            message = f"log group {group_id} is not there"
            raise RefusedError(message, at=at)
        return self.groups[group_id]

    def queue(self, arn: str, at: str) -> Queue:
        """Return a queue.

        Raises:
            RefusedError: If there is no such queue.
        """
        try:
            return self.cloud.queues.by_arn(arn)
        except QueueError:
            message = f"queue {arn} is not there"
            raise RefusedError(message, at=at) from None

    def allows(self, account: Subject | None, permission: str, on: str = "") -> bool:
        """Tell whether *account* may, and remember that it was asked."""
        if account is None:
            return False
        try:
            self.iam.authorize(account, [Need(permission=permission, on=on)])
        except ApiError:
            return False
        return True
