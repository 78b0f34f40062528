"""Verifies AWS Signature Version 4, in the headers of a request.

Message Queue takes static keys of service accounts, signed for the region
`ru-central1` and the service `sqs` (yandex-cloud/docs:
en/message-queue/api-ref/index.md).  Signatures in the query string are refused.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from fakes.queue.errors import Refusal, refuse

REGION: Final = "ru-central1"
SERVICE: Final = "sqs"
# (yandex-cloud/docs: en/message-queue/api-ref/common-errors.md, RequestExpired)
SKEW: Final = timedelta(minutes=15)

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_REQUIRED: Final = frozenset({"host", "x-amz-date"})
_AUTHORIZATION: Final = re.compile(
    _ALGORITHM
    + r"\s+Credential=(?P<key>[^/,\s]+)/(?P<scope>[^,\s]+)"
    + r"\s*,\s*SignedHeaders=(?P<headers>[^,\s]+)"
    + r"\s*,\s*Signature=(?P<signature>[^,\s]+)\s*"
)
_DATE: Final = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z"
)

Credentials = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request as it came in.

    Attributes:
        method: Such as POST.
        path: Still encoded, without the query string.
        query: Still encoded, without the question mark.
        headers: By names in lower case; repeated ones joined by commas.
        body: Every byte.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What the Authorization header says."""

    key: str
    scope: str
    headers: tuple[str, ...]
    signature: str
    stamp: str


def verify(request: SignedRequest, secret_of: Credentials, now: datetime) -> str:
    """Return the id of the access key that signed *request*.

    Args:
        request: What came in.
        secret_of: Returns the secret of an access key, None if there is no such.
        now: The service's time, in UTC.

    Raises:
        QueueError: MissingAuthenticationToken, IncompleteSignature,
            RequestExpired, InvalidClientTokenId or SignatureDoesNotMatch.
    """
    claim = _read_claim(request.headers)
    _check_date(claim.stamp, now)
    secret = secret_of(claim.key)
    if secret is None:
        refuse(Refusal.INVALID_CLIENT_TOKEN_ID, "The access key does not exist.")
    date = claim.stamp[:8]
    if claim.scope != f"{date}/{REGION}/{SERVICE}/aws4_request":
        msg = f"The credential must be scoped to {date}/{REGION}/{SERVICE}."
        refuse(Refusal.SIGNATURE_DOES_NOT_MATCH, msg)
    expected = _signature(request, claim, secret)
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        msg = "The signature does not match the request and the secret key."
        refuse(Refusal.SIGNATURE_DOES_NOT_MATCH, msg)
    return claim.key


def _read_claim(headers: Mapping[str, str]) -> _Claim:
    authorization = headers.get("authorization")
    if authorization is None:
        msg = "The request has no Authorization header."
        refuse(Refusal.MISSING_AUTHENTICATION_TOKEN, msg)
    found = _AUTHORIZATION.fullmatch(authorization)
    if found is None:
        msg = f"The Authorization header does not follow {_ALGORITHM}."
        refuse(Refusal.INCOMPLETE_SIGNATURE, msg)
    signed = tuple(found["headers"].split(";"))
    if not _REQUIRED.issubset(signed) or not headers.keys() >= set(signed):
        msg = "The request must have, and sign, host and x-amz-date."
        refuse(Refusal.INCOMPLETE_SIGNATURE, msg)
    return _Claim(
        key=found["key"],
        scope=found["scope"],
        headers=signed,
        signature=found["signature"],
        stamp=headers["x-amz-date"].strip(),
    )


def _check_date(stamp: str, now: datetime) -> None:
    try:
        found = _DATE.fullmatch(stamp)
        moment = datetime(*map(int, found.groups()), tzinfo=UTC) if found else None  # type: ignore[misc,arg-type]  # six numbers
    except ValueError:  # such as the 31st of February
        moment = None
    if moment is None:
        msg = "X-Amz-Date must be of the form 20260131T235959Z."
        refuse(Refusal.INCOMPLETE_SIGNATURE, msg)
    if abs(now - moment) > SKEW:
        msg = f"The request is dated {stamp}, more than 15 minutes off."
        refuse(Refusal.REQUEST_EXPIRED, msg)


def _signature(request: SignedRequest, claim: _Claim, secret: str) -> str:
    canonical = _canonical_request(request, claim.headers)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{claim.stamp}\n{claim.scope}\n{digest}"
    return _hmac(_signing_key(secret, claim.scope), text).hex()


def _canonical_request(request: SignedRequest, signed: tuple[str, ...]) -> str:
    lines = (f"{name}:{' '.join(request.headers[name].split())}\n" for name in signed)
    return "\n".join(
        (
            request.method,
            # Every service but S3 encodes the encoded path once more.
            quote(request.path, safe="/~") or "/",
            _canonical_query(request.query),
            "".join(lines),
            ";".join(signed),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _canonical_query(query: str) -> str:
    """Sort the fields; they are encoded already, by whoever signed them."""
    fields = (field.partition("=") for field in query.split("&") if field)
    return "&".join(f"{name}={value}" for name, _, value in sorted(fields))


@lru_cache(maxsize=128)
def _signing_key(secret: str, scope: str) -> bytes:
    """Derive the key of one day; it is the same for every request of that day."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
