"""One folder and everything that is in it."""

import copy
from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any, Final, TypeVar, cast

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.compute.claims import Claims, Resource, claims_of
from fakes.compute.shelf import Shelf
from fakes.tables import Tables

# (RFC 5737): nothing real answers there.
DOCUMENTATION_RANGE: Final = IPv4Network("198.51.100.0/24")
KINDS: Final[tuple[type[Resource], ...]] = (
    Instance,
    Network,
    Subnet,
    SecurityGroup,
    Address,
)

R = TypeVar("R", bound=Resource)


class World:
    """A folder: what is there now, and who holds what of it.

    The messages in it are nobody else's: whoever hands one out copies it.

    Args:
        organization_id: Owns the cloud.
        cloud_id: Owns the folder; begins with `b1g`.
        folder_id: The only folder; begins with `b1g`.
        resources: What is there from the beginning.
        public_range: Where external addresses come from.

    Attributes:
        claims: Who holds which address, MAC address and name, and uses what.
    """

    claims: Claims

    def __init__(
        self,
        *,
        organization_id: str,
        cloud_id: str,
        folder_id: str,
        resources: Iterable[Resource] = (),
        public_range: IPv4Network = DOCUMENTATION_RANGE,
    ) -> None:
        self.organization_id = organization_id
        self.cloud_id = cloud_id
        self.folder_id = folder_id
        self.public_range = public_range
        self._first = tuple(copy.deepcopy(one) for one in resources)
        self._shelves: dict[str, Shelf[Any]] = {
            kind.DESCRIPTOR.name: Shelf() for kind in KINDS
        }
        self.restore()

    def keep_in(self, tables: Tables) -> None:
        """Keep all that is there; what was kept is here again."""
        for kind, shelf in self._shelves.items():
            shelf.keep_in(tables, kind)
        self.claims = Claims()
        for shelf in self._shelves.values():
            for one in shelf:
                self.claims.hold(one.id, claims_of(one))

    def find(self, resource_id: str) -> Resource | None:
        """Return what has this id, of whatever kind, or None."""
        found = (shelf.get(resource_id) for shelf in self._shelves.values())
        return next((one for one in found if one is not None), None)

    def restore(self) -> None:
        """Let everything be as it was in the beginning."""
        self.claims = Claims()
        for shelf in self._shelves.values():
            shelf.clear()
        for one in self._first:
            self.show(one.id, one)

    @property
    def instances(self) -> Shelf[Instance]:
        """The instances."""
        return self.shelf(Instance)

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks, oldest first."""
        return tuple(self.shelf(Network))

    @property
    def subnets(self) -> tuple[Subnet, ...]:
        """The subnets, oldest first."""
        return tuple(self.shelf(Subnet))

    @property
    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """The security groups, oldest first."""
        return tuple(self.shelf(SecurityGroup))

    def shelf(self, kind: type[R]) -> Shelf[R]:
        """Return what there is of a kind."""
        return cast("Shelf[R]", self._shelves[kind.DESCRIPTOR.name])

    def show(
        self, resource_id: str, shown: Resource | None, *coming: Resource | None
    ) -> None:
        """Let *shown* be what has this id, or nothing.

        Args:
            resource_id: The id of all that follows.
            shown: What there is from now on.
            coming: What there may be soon; it holds all that it will need.
        """
        if shown is None:
            for shelf in self._shelves.values():
                shelf.take(resource_id)
        else:
            self._shelves[shown.DESCRIPTOR.name].put(shown)
        self.claims.hold(
            resource_id,
            (
                claim
                for one in (shown, *coming)
                if one is not None
                for claim in claims_of(one)
            ),
        )

    def subnet_in(self, zone_id: str) -> Subnet:
        """Return the first subnet of a zone.

        Raises:
            LookupError: If the zone has none.
        """
        for subnet in self.shelf(Subnet):
            if subnet.zone_id == zone_id:
                return subnet
        msg = f"no subnet in zone {zone_id}"
        raise LookupError(msg)
