"""Keeps an attach from making an instance unusable: refused before the call.

The API refuses most of this too, but for an instance that was stopped first
that is too late; and one with too many devices is not refused at all, it does
not boot any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.attachment import Attachment
from events.instance import Instance, Interface
from events.limits import Limits

# yandex-cloud/docs: en/_includes/compute-limits.md, both
MOST_INTERFACES = 8
MOST_DEVICES = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """Where an interface would be put.

    Attributes:
        id: Its id.
        zone_id: Its only zone.
        network_id: Its network.
    """

    id: str
    zone_id: str
    network_id: str


def overload(wanted: Attachment, instance: Instance, limits: Limits) -> str | None:
    """Return why the interface is one too many for *instance*, or None.

    What is at its index is not counted: it may be this very interface.
    """
    others = [there for there in instance.interfaces if there.index != wanted.index]
    interfaces = len(others) + 1
    if interfaces > MOST_INTERFACES:
        return f"an instance has at most {MOST_INTERFACES} interfaces"
    devices = instance.disks + interfaces
    if devices > MOST_DEVICES:
        return (
            f"with {devices} devices the instance could not boot: "
            f"it has at most {MOST_DEVICES}, disks and interfaces together"
        )
    public = wanted.address and wanted.address.nat
    if public and limits.one_public_address and _is_public(others):
        return "a second public address is not allowed"
    return None


def _is_public(interfaces: Iterable[Interface]) -> bool:
    return any(there.address.nat is not None for there in interfaces)


def misplacement(
    wanted: Attachment,
    instance: Instance,
    subnet: Subnet | None,
    networks: Mapping[str, str | None],
) -> str | None:
    """Return why the interface cannot be where it is wanted, or None.

    Args:
        wanted: The interface.
        instance: The instance.
        subnet: The wanted subnet; None if there is none of that id.
        networks: The network of each wanted security group by its id; None
            for a group that does not exist.
    """
    if subnet is None:
        return f"there is no subnet {wanted.subnet_id}"
    if subnet.zone_id != instance.zone_id:
        return (
            f"subnet {subnet.id} is in zone {subnet.zone_id}, "
            f"the instance in {instance.zone_id}"
        )
    for group_id, network_id in networks.items():
        if network_id is None:
            return f"there is no security group {group_id}"
        if network_id != subnet.network_id:
            return (
                f"security group {group_id} is of network {network_id}, "
                f"the subnet of {subnet.network_id}"
            )
    return None
