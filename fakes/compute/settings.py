"""What the user of the model may choose: durations, limits and codes of refusals."""

import enum
from dataclasses import dataclass, fields
from datetime import timedelta

from fakes.errors import Code


class Kind(enum.Enum):
    """What may happen to a resource; values are the names of audit events.

    (yandex-cloud/docs: en/_includes/audit-trails/events/compute-events.md,
    .../vpc-events.md)
    """

    CREATE = "CreateInstance"
    DELETE = "DeleteInstance"
    UPDATE = "UpdateInstance"
    UPDATE_METADATA = "UpdateInstanceMetadata"
    START = "StartInstance"
    STOP = "StopInstance"
    RESTART = "RestartInstance"
    ATTACH = "AttachInstanceNetworkInterface"
    DETACH = "DetachInstanceNetworkInterface"
    UPDATE_INTERFACE = "UpdateInstanceNetworkInterface"
    ADD_NAT = "AddInstanceOneToOneNat"
    REMOVE_NAT = "RemoveInstanceOneToOneNat"
    GUEST_STOP = "GuestStopInstance"
    PREEMPT = "PreemptInstance"
    CRASH = "CrashInstance"
    CREATE_NETWORK = "CreateNetwork"
    DELETE_NETWORK = "DeleteNetwork"
    CREATE_SUBNET = "CreateSubnet"
    DELETE_SUBNET = "DeleteSubnet"
    CREATE_GROUP = "CreateSecurityGroup"
    DELETE_GROUP = "DeleteSecurityGroup"
    CREATE_ADDRESS = "CreateAddress"
    DELETE_ADDRESS = "DeleteAddress"

    @property
    def service(self) -> str:
        """The service whose audit event this is, `compute` or `network`."""
        return "compute" if "Instance" in self.value else "network"

    @property
    def cancellable(self) -> bool:
        """Whether the operation can be cancelled.

        "In the references, all operations that can be canceled are marked
        explicitly" (yandex-cloud/docs: en/api-design-guide/concepts/operation.md):
        of those here, the creation of instances, networks and subnets
        (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/create,
        en/vpc/api-ref/grpc/Network/create, .../Subnet/create).
        """
        return self in {Kind.CREATE, Kind.CREATE_NETWORK, Kind.CREATE_SUBNET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long an operation of each kind takes, unless scripted otherwise.

    None lets it run until `Compute.finish` is called; a duration of zero ends it
    before anyone can look.

    Attributes:
        vpc: For every operation on what is not an instance.
    """

    create: timedelta | None = timedelta(seconds=4)
    delete: timedelta | None = timedelta(seconds=3)
    update: timedelta | None = timedelta(seconds=2)
    update_metadata: timedelta | None = timedelta(seconds=1)
    start: timedelta | None = timedelta(seconds=5)
    stop: timedelta | None = timedelta(seconds=4)
    restart: timedelta | None = timedelta(seconds=5)
    attach: timedelta | None = timedelta(seconds=3.4)
    detach: timedelta | None = timedelta(seconds=3)
    update_interface: timedelta | None = timedelta(seconds=3)
    add_nat: timedelta | None = timedelta(seconds=3)
    remove_nat: timedelta | None = timedelta(seconds=3)
    vpc: timedelta | None = timedelta(seconds=1)

    @classmethod
    def all(cls, same: timedelta | None) -> "Durations":
        """Return durations that are all the *same*."""
        return cls(**{one.name: same for one in fields(cls)})

    def of(self, kind: Kind) -> timedelta | None:
        """Return the duration of an operation of this kind."""
        name = kind.name.lower() if kind.service == "compute" else "vpc"
        duration: timedelta | None = getattr(self, name)
        return duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The documented bounds (yandex-cloud/docs: en/_includes/compute-limits.md).

    Attributes:
        operations: Running at the same time in one folder.
        interfaces: Of one instance.
        devices: Disks, file storages and interfaces of an instance that starts.
        security_groups: Of one interface.
    """

    operations: int = 15
    interfaces: int = 8
    devices: int = 14
    security_groups: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCodes:
    """The codes that the documentation leaves open: all are assumptions.

    Each field names the reason for which its code is given; replace a code
    where the real cloud turns out to answer differently.
    """

    not_in_state: Code = Code.FAILED_PRECONDITION
    in_progress: Code = Code.FAILED_PRECONDITION
    not_cancellable: Code = Code.FAILED_PRECONDITION
    index_taken: Code = Code.ALREADY_EXISTS
    no_such_interface: Code = Code.NOT_FOUND
    last_interface: Code = Code.FAILED_PRECONDITION
    nat_there: Code = Code.FAILED_PRECONDITION
    nat_missing: Code = Code.FAILED_PRECONDITION
    name_taken: Code = Code.ALREADY_EXISTS
    address_taken: Code = Code.ALREADY_EXISTS
    address_unusable: Code = Code.INVALID_ARGUMENT
    other_zone: Code = Code.INVALID_ARGUMENT
    other_network: Code = Code.INVALID_ARGUMENT
    too_many_interfaces: Code = Code.INVALID_ARGUMENT
    too_many_devices: Code = Code.FAILED_PRECONDITION
    too_many_groups: Code = Code.INVALID_ARGUMENT
    unknown_reference: Code = Code.NOT_FOUND
    key_reused: Code = Code.INVALID_ARGUMENT
    no_addresses_left: Code = Code.RESOURCE_EXHAUSTED
    range_unusable: Code = Code.INVALID_ARGUMENT
    range_overlaps: Code = Code.FAILED_PRECONDITION
    in_use: Code = Code.FAILED_PRECONDITION
    protected: Code = Code.FAILED_PRECONDITION
