"""Who holds which address, MAC address or name, and who uses what.

An index: nothing here is looked for by going through everything there is.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address
from itertools import chain
from typing import Final, TypeAlias

from yandex.cloud.compute.v1.instance_pb2 import Instance, NetworkInterface
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

Resource: TypeAlias = Instance | Network | Subnet | SecurityGroup | Address
Claim: TypeAlias = tuple[str, str]
"""A scope, and what is claimed in it."""

EXTERNAL: Final = ""
"""The scope of external addresses; that of internal ones is the subnet's id."""
MAC: Final = "mac"
USE: Final = "use"
"""The scope of networks, subnets and groups that something cannot be without."""
_RESERVED: Final = "reserved "


class Claims:
    """What each resource holds.

    A claim may have several holders: one that takes a thing, and those that
    were put there unchecked.
    """

    def __init__(self) -> None:
        self._held: dict[str, tuple[Claim, ...]] = {}
        self._holders: dict[Claim, dict[str, None]] = {}
        # Per scope, an address below which none is free, but for those let go since.
        self._floors: dict[str, int] = {}
        self._freed: dict[str, list[int]] = {}

    def hold(self, holder_id: str, claims: Iterable[Claim]) -> None:
        """Let *holder_id* hold these claims, and no others any more."""
        before, after = self._held.pop(holder_id, ()), tuple(dict.fromkeys(claims))
        # What is held on is not let go in between: its address would be looked at
        # as if it were free.
        for claim in set(before).difference(after):
            self._let_go(holder_id, claim)
        for claim in set(after).difference(before):
            self._holders.setdefault(claim, {})[holder_id] = None
            self._take(*claim)
        if after:
            self._held[holder_id] = after

    def holders(self, scope: str, value: str) -> Iterable[str]:
        """Return the ids of those who hold a claim, oldest claim first."""
        return self._holders.get((scope, value), {}).keys()

    def holder(self, scope: str, value: str, *, but: str = "") -> str | None:
        """Return who holds a claim, other than *but*, or None."""
        return next((one for one in self.holders(scope, value) if one != but), None)

    def reservation(self, scope: str, address: str) -> str | None:
        """Return the id of the static address with this value, or None."""
        return self.holder(_RESERVED + scope, address)

    def lowest_free(
        self, scope: str, ranges: Iterable[range], taken: set[Claim]
    ) -> str | None:
        """Return the lowest address that nobody holds or has reserved, or None.

        Args:
            scope: Where it is to be free.
            ranges: The addresses that may be given, as numbers, in order.
            taken: Claims that are about to be held.
        """
        some = tuple(ranges)
        again = (
            number
            for number in self._freed.get(scope, ())
            if any(number in one for one in some)
        )
        for number in chain(again, self._higher(scope, some)):
            address = str(IPv4Address(number))
            if (scope, address) not in taken:
                return address
        return None

    def _higher(self, scope: str, ranges: tuple[range, ...]) -> Iterator[int]:
        """Yield what is free from the floor on, which is raised on the way."""
        raised = True
        for number in _from(self._floors.get(scope, 0), ranges):
            if not self._is_held(scope, str(IPv4Address(number))):
                raised = False
                yield number
            elif raised:
                self._floors[scope] = number + 1

    def _is_held(self, scope: str, address: str) -> bool:
        return (scope, address) in self._holders or (
            _RESERVED + scope,
            address,
        ) in self._holders

    def _let_go(self, holder_id: str, claim: Claim) -> None:
        holders = self._holders[claim]
        del holders[holder_id]
        if not holders:
            del self._holders[claim]
            scope = claim[0].removeprefix(_RESERVED)
            if scope in self._floors:
                self._free(scope, claim[1])

    def _take(self, scope: str, address: str) -> None:
        """Note that an address below the floor is not free any more."""
        freed = self._freed.get(scope.removeprefix(_RESERVED))
        if freed:
            number = int(IPv4Address(address))
            at = bisect_left(freed, number)
            if freed[at : at + 1] == [number]:
                del freed[at]

    def _free(self, scope: str, address: str) -> None:
        """Note that an address below the floor is free again."""
        if self._is_held(scope, address):
            return  # by another holder, or as a reservation
        number = int(IPv4Address(address))
        if number < self._floors[scope]:
            insort(self._freed.setdefault(scope, []), number)


def claims_of(resource: Resource) -> Iterator[Claim]:
    """Yield all that *resource* holds while it is there."""
    if resource.name:
        yield name_scope(type(resource)), resource.name
    match resource:
        case Instance():
            for interface in resource.network_interfaces:
                yield from _of_interface(interface)
        case Subnet() | SecurityGroup():
            yield USE, resource.network_id
        case Address():
            yield from _of_address(resource)
        case Network():
            pass


def name_scope(kind: type[Resource]) -> str:
    """Return the scope of names, unique in it, of a kind of resource."""
    return f"name of {kind.DESCRIPTOR.full_name}"


def places(interface: NetworkInterface) -> Iterator[Claim]:
    """Yield the addresses that *interface* has."""
    internal = interface.primary_v4_address
    if internal.address:
        yield interface.subnet_id, internal.address
    if internal.one_to_one_nat.address:
        yield EXTERNAL, internal.one_to_one_nat.address


def _of_interface(interface: NetworkInterface) -> Iterator[Claim]:
    yield MAC, interface.mac_address
    yield USE, interface.subnet_id
    for group_id in interface.security_group_ids:
        yield USE, group_id
    yield from places(interface)


def _of_address(address: Address) -> Iterator[Claim]:
    if address.HasField("external_ipv4_address"):
        yield _RESERVED + EXTERNAL, address.external_ipv4_address.address
    else:
        internal = address.internal_ipv4_address
        yield USE, internal.subnet_id
        yield _RESERVED + internal.subnet_id, internal.address


def _from(floor: int, ranges: Iterable[range]) -> Iterator[int]:
    for one in ranges:
        yield from range(max(one.start, floor), one.stop)
