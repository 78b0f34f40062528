"""What the user of the model may choose: durations, limits and codes of refusals."""

import enum
from dataclasses import dataclass
from datetime import timedelta

from fakes.errors import Code


class Kind(enum.Enum):
    """What may happen to an instance; values are the names of audit events.

    (yandex-cloud/docs: en/_includes/audit-trails/events/compute-events.md)
    """

    CREATE = "CreateInstance"
    DELETE = "DeleteInstance"
    START = "StartInstance"
    STOP = "StopInstance"
    ATTACH = "AttachInstanceNetworkInterface"
    DETACH = "DetachInstanceNetworkInterface"
    GUEST_STOP = "GuestStopInstance"
    PREEMPT = "PreemptInstance"
    CRASH = "CrashInstance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long an operation of each kind takes, unless scripted otherwise."""

    create: timedelta = timedelta(seconds=4)
    delete: timedelta = timedelta(seconds=3)
    start: timedelta = timedelta(seconds=5)
    stop: timedelta = timedelta(seconds=4)
    attach: timedelta = timedelta(seconds=3.4)
    detach: timedelta = timedelta(seconds=3)

    @classmethod
    def all(cls, same: timedelta) -> "Durations":
        """Return durations that are all the *same*."""
        return cls(
            create=same, delete=same, start=same, stop=same, attach=same, detach=same
        )

    def of(self, kind: Kind) -> timedelta:
        """Return the duration of an operation of this kind."""
        return {
            Kind.CREATE: self.create,
            Kind.DELETE: self.delete,
            Kind.START: self.start,
            Kind.STOP: self.stop,
            Kind.ATTACH: self.attach,
            Kind.DETACH: self.detach,
        }[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The documented bounds (yandex-cloud/docs: en/_includes/compute-limits.md).

    Attributes:
        operations: Running at the same time in one folder.
        interfaces: Of one instance.
        security_groups: Of one interface.
    """

    operations: int = 15
    interfaces: int = 8
    security_groups: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCodes:
    """The codes that the documentation leaves open: all are assumptions.

    Each field names the reason for which its code is given; replace a code
    where the real cloud turns out to answer differently.
    """

    not_in_state: Code = Code.FAILED_PRECONDITION
    in_progress: Code = Code.FAILED_PRECONDITION
    index_taken: Code = Code.ALREADY_EXISTS
    name_taken: Code = Code.ALREADY_EXISTS
    address_taken: Code = Code.ALREADY_EXISTS
    address_unusable: Code = Code.INVALID_ARGUMENT
    other_zone: Code = Code.INVALID_ARGUMENT
    other_network: Code = Code.INVALID_ARGUMENT
    too_many_interfaces: Code = Code.INVALID_ARGUMENT
    too_many_groups: Code = Code.INVALID_ARGUMENT
    unknown_reference: Code = Code.NOT_FOUND
    key_reused: Code = Code.INVALID_ARGUMENT
    no_addresses_left: Code = Code.RESOURCE_EXHAUSTED
