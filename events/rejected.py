"""A message that is no request, whatever one tries."""

from dataclasses import dataclass, field
from datetime import datetime

from events.reading import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A request that is none, whatever one tries.

    Attributes:
        id: The request's id if it can be told, else the message's.
        event_id: The message.
        created: When it was sent.
        violations: What is wrong; at least one.
    """

    id: str
    event_id: str
    created: datetime
    violations: tuple[Violation, ...] = field(default=())
