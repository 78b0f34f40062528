"""What clients show: tokens and static keys."""

from dataclasses import dataclass, field
from datetime import datetime

from fakes.caller import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class IamToken:
    """What a client shows to be let in.

    Attributes:
        value: Goes after `Bearer `.
        subject: Whom it stands for.
        expires: From this moment on, it is refused.
    """

    value: str
    subject: Subject
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A static key, which signs calls to Message Queue."""

    id: str
    secret: str = field(repr=False)
