"""Who calls, and how: what a protocol skin tells a model beside the request."""

import enum
from dataclasses import dataclass


class SubjectType(enum.Enum):
    """What acts (yandex-cloud/docs: en/audit-trails/concepts/format)."""

    SERVICE_ACCOUNT = "SERVICE_ACCOUNT"
    USER = "YANDEX_PASSPORT_USER_ACCOUNT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An account.

    Attributes:
        id: 20 characters, for a service account beginning with `aje`.
        name: For people.
        type: What kind of account it is.
    """

    id: str
    name: str
    type: SubjectType = SubjectType.SERVICE_ACCOUNT


LOCAL = Subject(id="ajelocal000000000000", name="local")
"""Stands in where nobody identified himself, on plaintext loopback."""

PLATFORM = Subject(id="ajeplatform000000000", name="platform")
"""The cloud itself.  Assumption: the documentation names no subject for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The circumstances of one request.

    Attributes:
        subject: Who asks.
        idempotency_key: The `idempotency-key` sent along, or None.
        request_id: A UUID that names the request in errors and audit events.
        remote_address: Where the request came from.
        user_agent: What sent it.
    """

    subject: Subject = LOCAL
    idempotency_key: str | None = None
    request_id: str = ""
    remote_address: str = "127.0.0.1"
    user_agent: str = ""


# (yandex-cloud/docs: en/audit-trails/concepts/format) gives both texts.
BY_PLATFORM = Call(
    subject=PLATFORM, remote_address="cloud.yandex", user_agent="Yandex Cloud"
)
