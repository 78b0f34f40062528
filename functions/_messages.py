"""From the API's messages to the values that decide.

Messages that this SDK does not know, or cannot read, are named, never a failure: the
API may grow faster than what is deployed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from google.protobuf import any_pb2, json_format
from google.protobuf.message import DecodeError

# Makes the details of errors readable, whoever else imports them or not.
from google.rpc import error_details_pb2  # noqa: F401
from yandex.cloud.compute.v1 import instance_pb2, instance_service_pb2
from yandex.cloud.operation import operation_pb2

from events.attachment import AddressSpec, DnsRecord, Nat
from events.codes import CODE_NAMES
from events.instance import Instance, Interface
from events.moments import read_moment
from events.sighting import OperationSeen

# Of a type that is not known, or with a value that is none of it.
_UNREADABLE = (TypeError, ValueError, DecodeError, json_format.Error)
_ATTACH = instance_service_pb2.AttachInstanceNetworkInterfaceMetadata.DESCRIPTOR
_STOP = instance_service_pb2.StopInstanceMetadata.DESCRIPTOR


def read_instance(found: instance_pb2.Instance) -> Instance:
    """Return an instance as the decisions need to know it."""
    return Instance(
        id=found.id,
        name=found.name,
        folder_id=found.folder_id,
        zone_id=found.zone_id,
        status=_name(instance_pb2.Instance.Status, found.status),
        labels=dict(found.labels),
        interfaces=tuple(map(_interface, found.network_interfaces)),
        disks=found.HasField("boot_disk")
        + len(found.secondary_disks)
        + len(found.local_disks)
        + len(found.filesystems),
    )


def _name(enumeration: Any, number: int) -> str:
    """Return the name of an enum's value; a number not known yet stays one."""
    known: dict[int, str] = {value: name for name, value in enumeration.items()}
    return known.get(number, str(number))


def _interface(found: instance_pb2.NetworkInterface) -> Interface:
    address = found.primary_v4_address
    nat = address.one_to_one_nat
    return Interface(
        index=found.index,
        subnet_id=found.subnet_id,
        security_group_ids=frozenset(found.security_group_ids),
        address=AddressSpec(
            address=address.address,
            nat=Nat(address=nat.address, dns_records=_records(nat.dns_records))
            if address.HasField("one_to_one_nat")
            else None,
            dns_records=_records(address.dns_records),
        ),
    )


def _records(found: Sequence[instance_pb2.DnsRecord]) -> tuple[DnsRecord, ...]:
    return tuple(
        DnsRecord(fqdn=one.fqdn, dns_zone_id=one.dns_zone_id, ttl=one.ttl, ptr=one.ptr)
        for one in found
    )


def read_operation(found: operation_pb2.Operation) -> OperationSeen:
    """Return an operation, with all of it in the API's JSON."""
    document = _json(found)
    metadata = document.get("metadata", {})
    code = found.error.code if found.HasField("error") else 0
    return OperationSeen(
        id=found.id,
        done=found.done,
        instance_id=str(metadata.get("instanceId", "")),
        index=str(metadata.get("networkInterfaceIndex", "")),
        code=CODE_NAMES.get(code, "UNKNOWN") if found.HasField("error") else "",
        message=found.error.message,
        created=read_moment(document.get("createdAt")),
        ended=read_moment(document.get("modifiedAt")) if found.done else None,
        strange=set(metadata) <= {"@type"},
        json=document,
    )


def is_attach(operation: operation_pb2.Operation) -> bool:
    """Tell by its metadata whether an operation attaches an interface."""
    return operation.metadata.Is(_ATTACH)


def last_stop(operations: Iterable[operation_pb2.Operation]) -> str:
    """Return the id of the last stop that ended without error, '' if none did."""
    stops = [
        one
        for one in operations
        if one.metadata.Is(_STOP) and one.done and not one.HasField("error")
    ]
    last = max(stops, key=_created, default=None)
    return last.id if last else ""


def _created(operation: operation_pb2.Operation) -> tuple[int, int]:
    # As it is: to convert it would refuse a time that no calendar has.
    return operation.created_at.seconds, operation.created_at.nanos


def _json(operation: operation_pb2.Operation) -> dict[str, Any]:
    """Return the API's JSON; of messages of an unknown type, only the type.

    The instance's metadata is left out: user data holds secrets, and what is
    published is read by others than may read the instance.
    """
    plain = operation_pb2.Operation()
    plain.CopyFrom(operation)
    packed: dict[str, Any] = {}
    for name in ("metadata", "response"):
        if plain.HasField(name):
            packed[name] = _any(getattr(plain, name))
            plain.ClearField(name)
    packed.get("response", {}).pop("metadata", None)
    details = [_any(one) for one in plain.error.details]
    if details:
        del plain.error.details[:]
    document = _plain(plain)
    if details:
        document["error"]["details"] = details
    whole = {**document, **packed}
    # In the order of the message's own fields, as protobuf writes them.
    names = (field.json_name for field in operation.DESCRIPTOR.fields)
    return {name: whole[name] for name in names if name in whole}


def _plain(operation: operation_pb2.Operation) -> dict[str, Any]:
    """Return the JSON of an operation, without times that JSON cannot tell."""
    try:
        found: dict[str, Any] = json_format.MessageToDict(operation)
    except _UNREADABLE:
        operation.ClearField("created_at")
        operation.ClearField("modified_at")
        found = json_format.MessageToDict(operation)
    return found


def _any(message: any_pb2.Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json_format.MessageToDict(message)
    except _UNREADABLE:
        return {"@type": message.type_url}
    return found
