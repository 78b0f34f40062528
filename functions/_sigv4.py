"""AWS Signature Version 4 for one POST, with nothing but the standard library.

Message Queue accepts static keys signed this way (yandex-cloud/docs:
en/message-queue/api-ref/index.md): region ru-central1, service sqs.
"""

import functools
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, quote, urlsplit

_REGION = "ru-central1"
_SERVICE = "sqs"
_SIGNED = "content-type;host;x-amz-date"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticKey:
    """A service account's static access key."""

    id: str
    secret: str = field(repr=False)


def sign(
    key: StaticKey, url: str, content_type: str, body: bytes, now: datetime
) -> dict[str, str]:
    """Return the headers that prove that *key*'s owner posts *body* to *url*.

    Args:
        key: The key.
        url: The full URL, without a query.
        content_type: The value of the header of that name.
        body: What is posted.
        now: The current time in UTC; the service allows 15 minutes of skew.
    """
    parts = urlsplit(url)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    day = stamp[:8]
    scope = f"{day}/{_REGION}/{_SERVICE}/aws4_request"
    canonical = "\n".join(
        (
            "POST",
            quote(parts.path or "/", safe="/-_.~"),
            "",
            f"content-type:{content_type}",
            f"host:{_host(parts)}",
            f"x-amz-date:{stamp}",
            "",
            _SIGNED,
            hashlib.sha256(body).hexdigest(),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    signature = _hmac(_signing_key(key.secret, day), to_sign).hex()
    return {
        "Content-Type": content_type,
        "X-Amz-Date": stamp,
        "Authorization": (
            f"AWS4-HMAC-SHA256 Credential={key.id}/{scope}, "
            f"SignedHeaders={_SIGNED}, Signature={signature}"
        ),
    }


def _host(parts: SplitResult) -> str:
    """Return the Host header: an HTTP client leaves the usual port out."""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if parts.port in (None, usual):
        return parts.netloc.removesuffix(f":{parts.port}")
    return parts.netloc


@functools.lru_cache(maxsize=4)
def _signing_key(secret: str, day: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, _REGION, _SERVICE, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
