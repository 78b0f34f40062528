"""What happened: calls, and faults that struck some of them."""

from dataclasses import dataclass
from datetime import datetime

from fakes.faults.fault import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCall:
    """A call that passed authentication.

    Attributes:
        method: With its service, as `InstanceService/Stop`.
        idempotency_key: As sent, or None.
        subject_id: Who called.
    """

    method: str
    idempotency_key: str | None
    subject_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A call that a fault struck.

    Attributes:
        fault: As it was planned.
        method: With its service, as `InstanceService/Stop`.
        at: When.
    """

    fault: Fault
    method: str
    at: datetime
