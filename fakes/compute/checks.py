"""Why a request is refused, whatever it is about, each reason with its document.

"API" below is the reference of the requests' fields
(yandex-cloud/docs: en/compute/api-ref/grpc/Instance/, en/vpc/api-ref/grpc/).
Every message begins with the field, and names what was wrong with it.
"""

import re
from collections.abc import Mapping
from re import Pattern
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance, NetworkInterface

from fakes.compute.claims import Resource, name_scope
from fakes.compute.scene import Rules
from fakes.errors import ApiError, Code

_LONGEST_DESCRIPTION: Final = 256  # characters; API, `description`
_MOST_LABELS: Final = 64  # API, `labels`
_LONGEST_LABEL: Final = 63  # characters of a key, and of a value
_LONGEST_VALUE: Final = 256 * 2**10  # bytes; API, `metadata`
_MOST: Final = 512 * 2**10  # bytes; API, `metadata`


def invalid(message: str) -> ApiError:
    """Return an INVALID_ARGUMENT."""
    return ApiError(Code.INVALID_ARGUMENT, message)


def required(**fields: object) -> None:
    """Refuse if one of the named *fields* is empty.

    Raises:
        ApiError: INVALID_ARGUMENT (API: "This field is required").
    """
    for name, value in fields.items():
        if not value:
            msg = f"{name}: required"
            raise invalid(msg)


def check_folder(folder_id: str, rules: Rules) -> None:
    """Refuse a folder that there is not.

    Raises:
        ApiError: With `RefusalCodes.unknown_reference`, an assumption.
    """
    if folder_id != rules.world.folder_id:
        msg = f"folder_id: Folder {folder_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)


def check_name(
    name: str, kind: type[Resource], rules: Rules, pattern: Pattern[str], mine: str = ""
) -> None:
    """Refuse a malformed name, and one that another resource of its *kind* has.

    Raises:
        ApiError: INVALID_ARGUMENT (API, `name`: "must match the regular
            expression"), or with `RefusalCodes.name_taken`, an assumption.
            Networks' names "must be unique within the folder" (API); that those
            of instances must, too, is an assumption.
    """
    check_pattern("name", name, pattern)
    if name and rules.world.claims.holder(name_scope(kind), name, but=mine):
        msg = f"name: {kind.DESCRIPTOR.name} {name} exists already"
        raise ApiError(rules.codes.name_taken, msg)


def check_pattern(field: str, text: str, pattern: Pattern[str]) -> None:
    """Refuse *text* that is not as documented.

    Raises:
        ApiError: INVALID_ARGUMENT.
    """
    if pattern.fullmatch(text) is None:
        msg = f"{field}: {text!r} does not match {pattern.pattern}"
        raise invalid(msg)


def check_description(text: str) -> None:
    """Refuse a description that is too long.

    Raises:
        ApiError: INVALID_ARGUMENT (API).
    """
    if len(text) > _LONGEST_DESCRIPTION:
        msg = f"description: longer than {_LONGEST_DESCRIPTION} characters"
        raise invalid(msg)


def check_labels(labels: Mapping[str, str], more: str = "") -> None:
    """Refuse malformed labels, and too many of them.

    Args:
        labels: The labels.
        more: What their characters may be beside `-_0-9a-z`.

    Raises:
        ApiError: INVALID_ARGUMENT (API).
    """
    if len(labels) > _MOST_LABELS:
        msg = f"labels: {len(labels)} of them, at most {_MOST_LABELS} are allowed"
        raise invalid(msg)
    allowed = rf"[-_0-9a-z{re.escape(more)}]"
    key_form = re.compile(rf"[a-z]{allowed}{{0,{_LONGEST_LABEL - 1}}}")
    value_form = re.compile(rf"{allowed}{{0,{_LONGEST_LABEL}}}")
    for key, value in labels.items():
        check_pattern("labels", key, key_form)
        check_pattern(f"labels.{key}", value, value_form)


def check_metadata(metadata: Mapping[str, str]) -> None:
    """Refuse metadata for the guest that is too large.

    Raises:
        ApiError: INVALID_ARGUMENT (API: "The total size of all keys and values
            must be less than 512 KB", "The values must be 256 KB or less").
    """
    for key, value in metadata.items():
        if len(value.encode()) > _LONGEST_VALUE:
            msg = f"metadata.{key}: larger than 256 KB"
            raise invalid(msg)
    if sum(len(text.encode()) for one in metadata.items() for text in one) >= _MOST:
        msg = "metadata: not smaller than 512 KB"
        raise invalid(msg)


def check_index(index: str, rules: Rules) -> None:
    """Refuse an index that is not a number below the limit of interfaces.

    Raises:
        ApiError: INVALID_ARGUMENT.  Assumption: the API only calls it "0,1,2..."
            and limits how many there are.
    """
    if index not in {str(number) for number in range(rules.limits.interfaces)}:
        last = rules.limits.interfaces - 1
        msg = f"network_interface_index: {index!r} is not a number from 0 to {last}"
        raise invalid(msg)


def check_room(instance: Instance, index: str, rules: Rules) -> None:
    """Refuse an index that is taken, and a ninth interface.

    Raises:
        ApiError: With `RefusalCodes.index_taken`, an assumption, or
            `RefusalCodes.too_many_interfaces` ("up to eight network interfaces",
            yandex-cloud/docs:
            en/compute/operations/vm-control/detach-network-interface.md).
    """
    if len(instance.network_interfaces) >= rules.limits.interfaces:
        msg = (
            f"network_interface_index: instance {instance.id} has"
            f" {rules.limits.interfaces} network interfaces already, the most allowed"
        )
        raise ApiError(rules.codes.too_many_interfaces, msg)
    if any(one.index == index for one in instance.network_interfaces):
        msg = (
            f"network_interface_index: instance {instance.id} has a network"
            f" interface with index {index} already"
        )
        raise ApiError(rules.codes.index_taken, msg)


def interface_at(instance: Instance, index: str, rules: Rules) -> NetworkInterface:
    """Return the interface with this index.

    Raises:
        ApiError: As `check_index`; with `RefusalCodes.no_such_interface`, an
            assumption, if there is none.
    """
    check_index(index, rules)
    for one in instance.network_interfaces:
        if one.index == index:
            return one
    msg = f"Instance {instance.id} has no network interface with index {index}"
    raise ApiError(rules.codes.no_such_interface, msg)


def check_devices(instance: Instance, rules: Rules) -> None:
    """Refuse to start an instance with more devices than it can start with.

    Raises:
        ApiError: With `RefusalCodes.too_many_devices`
            (yandex-cloud/docs: en/_includes/compute-limits.md: "When starting a
            VM, a maximum of 14 devices").
    """
    count, most = devices(instance), rules.limits.devices
    if count > most:
        msg = f"Instance {instance.id} has {count} devices, it starts with {most}"
        raise ApiError(rules.codes.too_many_devices, msg)


def devices(instance: Instance) -> int:
    """Return how many disks, file storages and interfaces there are."""
    return (
        instance.HasField("boot_disk")
        + len(instance.secondary_disks)
        + len(instance.local_disks)
        + len(instance.filesystems)
        + len(instance.network_interfaces)
    )
