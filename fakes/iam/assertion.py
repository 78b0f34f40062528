"""What a service account signs to get a token: a JWT, and who is behind it.

(yandex-cloud/docs: en/iam/operations/iam-token/create-for-sa)
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from fakes.caller import Subject

_LONGEST: Final = timedelta(hours=1)


def audience(endpoint: str) -> str:
    """Return the `aud` of a JWT for the cloud at *endpoint*, `host[:port]`.

    The SDK asks `endpoint`, but writes the audience with `iam.` before it.
    """
    return f"https://iam.{endpoint}/iam/v1/tokens"


def signer(
    encoded: str,
    keys: Mapping[str, tuple[Subject, rsa.RSAPublicKey]],
    audiences: Collection[str],
    now: datetime,
) -> Subject:
    """Return the account that signed the JWT *encoded*.

    Args:
        encoded: As sent.
        keys: By their ids: whose they are, and what verifies their signatures.
        audiences: Those that are meant for us.
        now: The service's time.

    Raises:
        jwt.PyJWTError: If it is not what the documentation asks for: PS256, the
            key's id as `kid`, its account as `iss`, our audience, not expired,
            good for an hour at most.
    """
    key_id = str(jwt.get_unverified_header(encoded).get("kid"))
    if key_id not in keys:
        msg = f"no key {key_id}"
        raise jwt.InvalidKeyError(msg)
    account, public = keys[key_id]
    claims = jwt.decode(
        encoded,
        public,
        algorithms=["PS256"],
        audience=set(audiences),
        issuer=account.id,
        # The library asks the machine for the time; we do it below.
        options={
            "require": ["aud", "exp", "iat", "iss"],
            "verify_exp": False,
            "verify_iat": False,
        },
    )
    _check_times(claims, now)
    return account


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    """Refuse what has expired, or was made to live for more than an hour."""
    try:
        issued, expires = (
            datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp")
        )
    except (OverflowError, TypeError, ValueError, OSError) as error:
        msg = "iat and exp must be times"
        raise jwt.InvalidTokenError(msg) from error
    if expires <= now:
        msg = "it has expired"
        raise jwt.ExpiredSignatureError(msg)
    if expires - issued > _LONGEST:
        msg = "it lives for more than an hour"
        raise jwt.InvalidTokenError(msg)
