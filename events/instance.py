"""An instance as the decisions need to know it."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from events.attachment import AddressSpec, Attachment, DnsRecord, Nat
from events.syntax import AUTO


class Power(enum.Enum):
    """What an instance's status means for an attachment.

    An interface is attached to a stopped instance (yandex-cloud/docs:
    en/compute/operations/vm-control/attach-network-interface.md).
    """

    MISSING = "missing"  # deleted, or on the way to it
    STOPPED = "stopped"
    RUNNING = "running"
    MOVING = "moving"  # will be stopped or running soon
    BROKEN = "broken"  # needs a person, or the cloud, first


# yandex.cloud.compute.v1.Instance.Status, all ten values
_POWERS = {
    "PROVISIONING": Power.MOVING,
    "RUNNING": Power.RUNNING,
    "STOPPING": Power.MOVING,
    "STOPPED": Power.STOPPED,
    "STARTING": Power.MOVING,
    "RESTARTING": Power.MOVING,
    "UPDATING": Power.MOVING,
    "ERROR": Power.BROKEN,
    "CRASHED": Power.BROKEN,
    "DELETING": Power.MISSING,
}


def power_of(status: str) -> Power:
    """Return what the API's *status* means; a status not known yet is MOVING.

    To wait for a status that nobody has documented is safe, to act on it is not.
    """
    return _POWERS.get(status, Power.MOVING)


class Slot(enum.Enum):
    """What is at the wanted index of the instance."""

    FREE = "free"
    OURS = "ours"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An interface that is on an instance.

    Attributes:
        index: Its place.
        subnet_id: Its subnet.
        security_group_ids: Its groups, unordered.
        address: Its addresses and names, as a specification that would ask for
            them.  The address is '' until the first start: an automatic one
            appears only then.
    """

    index: str
    subnet_id: str
    security_group_ids: frozenset[str]
    address: AddressSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An instance at one look.

    Attributes:
        id: Its id.
        name: Its name, possibly ''.
        folder_id: Its folder.
        zone_id: Its availability zone.
        status: Its status by the API's name, for people.
        labels: Its labels.
        interfaces: What is attached, in no particular order.
        disks: How many disks and file systems are attached, of any kind.
    """

    id: str
    name: str
    folder_id: str
    zone_id: str
    status: str
    labels: Mapping[str, str]
    interfaces: tuple[Interface, ...] = ()
    disks: int = 1

    @property
    def power(self) -> Power:
        """What the status means for an attachment."""
        return power_of(self.status)

    def lowest_free_index(self) -> str:
        """Return the lowest index without an interface."""
        taken = {there.index for there in self.interfaces}
        numbers = map(str, range(len(taken) + 1))
        return next(number for number in numbers if number not in taken)

    def index_alike(self, wanted: Attachment, besides: Collection[str]) -> str:
        """Return the lowest index with such an interface, '' if there is none.

        Args:
            wanted: What it is to be like; its index does not matter.
            besides: Indexes that are left out.
        """
        alike = (
            there.index
            for there in self.interfaces
            if there.index not in besides and is_ours(there, wanted)
        )
        return min(alike, key=lambda index: (len(index), index), default="")

    def has(self, wanted: Attachment) -> bool:
        """Tell whether what is wanted is there; if `auto`, at whatever index."""
        if wanted.index == AUTO:
            return bool(self.index_alike(wanted, ()))
        return self.slot(wanted) is Slot.OURS

    def slot(self, wanted: Attachment) -> Slot:
        """Tell what is at the wanted index."""
        for there in self.interfaces:
            if there.index == wanted.index:
                return Slot.OURS if is_ours(there, wanted) else Slot.FOREIGN
        return Slot.FREE


def is_ours(there: Interface, wanted: Attachment) -> bool:
    """Tell whether *there* is what *wanted* asks for.

    Same subnet, same set of groups, the address asked for, an external address
    if and only if one was asked for, and at least the names asked for.  An
    address that is not there *yet* contradicts nothing.
    """
    asked = wanted.address or AddressSpec()
    return (
        there.subnet_id == wanted.subnet_id
        and there.security_group_ids == frozenset(wanted.security_group_ids)
        and _fits(there.address.address, asked.address)
        and _has_names(there.address.dns_records, asked.dns_records)
        and _nat_fits(there.address.nat, asked.nat)
    )


def _fits(there: str, asked: str) -> bool:
    return not asked or not there or there == asked


def _nat_fits(there: Nat | None, asked: Nat | None) -> bool:
    if there is None or asked is None:
        return there is asked
    return _fits(there.address, asked.address) and _has_names(
        there.dns_records, asked.dns_records
    )


def _has_names(there: tuple[DnsRecord, ...], asked: tuple[DnsRecord, ...]) -> bool:
    return all(any(_same_name(one, want) for one in there) for want in asked)


def _same_name(there: DnsRecord, asked: DnsRecord) -> bool:
    name = there.fqdn.rstrip(".").lower()
    wanted = asked.fqdn.lower()
    relative = not wanted.endswith(".")
    return (
        # A relative name may be shown with its zone's.
        (name == wanted.rstrip(".") or (relative and name.startswith(wanted + ".")))
        and _fits(there.dns_zone_id, asked.dns_zone_id)
        and (not asked.ttl or there.ttl == asked.ttl)
        and there.ptr == asked.ptr
    )
