"""Ids that are given, and names where the cloud has ids."""

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from google.protobuf.message import Message
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.chance import Chance
from fakes.start.entries import Kind

_SEEDS: Final = 2**64
_REFERENCES: Final[dict[str, Kind]] = {
    "network_id": Network,
    "subnet_id": Subnet,
    "security_group_ids": SecurityGroup,
}


class ChosenIds(Chance):
    """Chance, but for the ids that somebody chose.

    Args:
        chance: Decides on all the rest.
    """

    def __init__(self, chance: Chance) -> None:
        super().__init__(chance.below(_SEEDS))
        self._chosen: deque[str | None] = deque()

    def choose(self, ids: Iterable[str | None]) -> None:
        """Let the next ids be these, None by chance, and those after by chance."""
        self._chosen = deque(ids)

    def resource_id(self, prefix: str) -> str:
        """Return the id that was chosen, or one as the cloud makes them."""
        chosen = self._chosen.popleft() if self._chosen else None
        return chosen or super().resource_id(prefix)


class BrokenReferenceError(Exception):
    """An entry refers to one that is wrong itself: there is nothing more to say."""


class References:
    """What names stand for, of which kind."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Kind, str], str | None] = {}

    def note(self, kind: Kind, name: str, resource_id: str | None) -> None:
        """Note what a name stands for; None if that could not be made."""
        if name:
            self._ids.setdefault((kind, name), resource_id)

    def resolve(self, message: Message) -> None:
        """Put ids in the place of names, in *message* and all that is in it.

        Raises:
            BrokenReferenceError: If a name stands for nothing that could be made.
        """
        for field, value in message.ListFields():
            if field.name in _REFERENCES:
                kind = _REFERENCES[field.name]
                if field.is_repeated:
                    value[:] = [self._resolved(kind, one) for one in value]
                else:
                    setattr(message, field.name, self._resolved(kind, value))
            elif field.message_type and not field.message_type.GetOptions().map_entry:
                for one in value if field.is_repeated else [value]:
                    self.resolve(one)

    def _resolved(self, kind: Kind, name: str) -> Any:
        found = self._ids.get((kind, name), name)
        if found is None:
            raise BrokenReferenceError
        return found
