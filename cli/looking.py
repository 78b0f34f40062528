"""Compute for commands that only look: each thing once, and nothing is begun."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import click

from cli.printing import one_line
from events.attachment import Attachment
from events.guard import Subnet
from events.instance import Instance
from events.sighting import OperationSeen
from functions._parallel import in_parallel
from functions._ports import CloudError, Compute, Page

# Whoever cannot ask at all learns nothing by asking for the next instance.
_NO_TOKEN = "UNAUTHENTICATED"  # noqa: S105 - a code
_NO_ANSWER = {"UNAVAILABLE", "DEADLINE_EXCEEDED"}


class EffectError(Exception):
    """Something was to be begun where nothing may be."""


class Looking:
    """The `Compute` port without its effects, remembering what it saw.

    What the cloud refused to tell is remembered too.  A cloud that cannot be
    reached, or that does not know the token, ends the command.
    """

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        self._known: dict[tuple[str, ...], Any] = {}

    def prepare(self, instance_ids: Iterable[str]) -> None:
        """Look at instances that were not seen yet, several at once."""
        unseen = [
            one
            for one in dict.fromkeys(instance_ids)
            if ("instance", one) not in self._known
        ]
        in_parallel(unseen, self._try)

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance, None if there is none."""
        found: Instance | None = self._once(
            ("instance", instance_id), lambda: self._compute.instance(instance_id)
        )
        return found

    def instances(self, folder_id: str, page_token: str, most: int) -> Page:
        """Return a page of *most* instances of the folder; '' names the first."""
        return self._compute.instances(folder_id, page_token, most)

    def operation(self, operation_id: str) -> OperationSeen | None:
        """Return the operation, None if there is none."""
        return self._compute.operation(operation_id)

    def attaches(self, wanted: Attachment) -> list[OperationSeen]:
        """Return the attaches to that index of that instance, in any order."""
        found: list[OperationSeen] = self._once(
            ("attaches", wanted.instance_id, wanted.index),
            lambda: self._compute.attaches(wanted),
        )
        return found

    def last_stop(self, instance_id: str) -> str:
        """Return the id of the instance's last stop that ended well, '' if none did."""
        return self._compute.last_stop(instance_id)

    def subnet(self, subnet_id: str) -> Subnet | None:
        """Return the subnet, None if there is none."""
        found: Subnet | None = self._once(
            ("subnet", subnet_id), lambda: self._compute.subnet(subnet_id)
        )
        return found

    def network_of_group(self, group_id: str) -> str | None:
        """Return the network of a security group, None if there is no such group."""
        found: str | None = self._once(
            ("group", group_id), lambda: self._compute.network_of_group(group_id)
        )
        return found

    def attach(self, wanted: Attachment, key: str) -> OperationSeen:
        """Refuse."""
        self._refuse(wanted, key)

    def stop(self, instance_id: str, key: str) -> OperationSeen:
        """Refuse."""
        self._refuse(instance_id, key)

    def start(self, instance_id: str, key: str) -> OperationSeen:
        """Refuse."""
        self._refuse(instance_id, key)

    def _refuse(self, *_wanted: object) -> NoReturn:
        msg = "this only looks"
        raise EffectError(msg)

    def _try(self, instance_id: str) -> None:
        try:
            self.instance(instance_id)
        except CloudError:
            return  # remembered, for whoever asks

    def _once(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = self._answer(ask)
        found = self._known[key]
        if isinstance(found, CloudError):
            # Without the traces of those who were told before.
            raise found.with_traceback(None)
        return found

    def _answer(self, ask: Callable[[], Any], tries: int = 2) -> Any:
        try:
            return ask()
        except CloudError as error:
            if error.code in _NO_ANSWER and tries > 1:
                return self._answer(ask, tries - 1)
            if error.code == _NO_TOKEN or error.code in _NO_ANSWER:
                msg = one_line(f"the cloud cannot be asked: {error.reason}")
                raise click.ClickException(msg) from None
            return error
