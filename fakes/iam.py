"""Identity: tokens, service accounts and their authorized keys.

Nothing here keeps a secret from anyone: names and tokens repeat under a seed.
Keys are real RSA keys, for clients really sign with them.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.errors import ApiError, Code

LIFETIME: Final = timedelta(hours=12)
_LONGEST_JWT: Final = timedelta(hours=1)
_KEY_BITS: Final = 2048


def audience(endpoint: str) -> str:
    """Return the `aud` of a JWT for the cloud at *endpoint*, `host[:port]`.

    The SDK asks `endpoint`, but writes the audience with `iam.` before it.
    """
    return f"https://iam.{endpoint}/iam/v1/tokens"


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
    """The static key that signs calls to Message Queue."""

    id: str
    secret: str = field(repr=False)


class Iam:
    """Issues tokens and knows whom they stand for."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._tokens: dict[str, IamToken] = {}
        self._keys: dict[str, tuple[Subject, rsa.RSAPublicKey]] = {}
        self._audiences = {audience("api.cloud.yandex.net")}

    def serve_at(self, endpoint: str) -> None:
        """Accept JWTs made for *endpoint*, `host:port`, too.  Idempotent."""
        self._audiences.add(audience(endpoint))

    def create_service_account(self, name: str) -> Subject:
        """Return a new service account."""
        return Subject(id=self._chance.resource_id("aje"), name=name)

    def create_key(self, account: Subject, now: datetime) -> dict[str, str]:
        """Return a new authorized key, as JSON that the SDK understands.

        This is what `SDK(service_account_key=...)` takes.  It takes a tenth of
        a second or more.
        """
        private = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
        public = private.public_key()
        key_id = self._chance.resource_id("aje")
        self._keys[key_id] = (account, public)
        return {
            "id": key_id,
            "service_account_id": account.id,
            "created_at": now.isoformat().replace("+00:00", "Z"),
            "key_algorithm": "RSA_2048",
            "public_key": public.public_bytes(
                serialization.Encoding.PEM,
                serialization.PublicFormat.SubjectPublicKeyInfo,
            ).decode(),
            "private_key": private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode(),
        }

    def issue(
        self, subject: Subject, now: datetime, lifetime: timedelta = LIFETIME
    ) -> IamToken:
        """Return a new token for *subject*, by default good for 12 hours.

        (yandex-cloud/docs: en/iam/concepts/authorization/iam-token)
        """
        value = "t1." + self._chance.uuid().replace("-", "")
        token = IamToken(value=value, subject=subject, expires=now + lifetime)
        self._forget_expired(now)
        self._tokens[value] = token
        return token

    def authenticate(self, authorization: str, now: datetime) -> Subject:
        """Return whom the header `Bearer <token>` stands for.

        Raises:
            ApiError: UNAUTHENTICATED, with the documented text
                (yandex-cloud/docs: en/_includes/errors-handling.md).
        """
        scheme, _, value = authorization.partition(" ")
        token = self._tokens.get(value) if scheme == "Bearer" else None
        if token is None or token.expires <= now:
            raise ApiError(Code.UNAUTHENTICATED, "Token is invalid or has expired.")
        return token.subject

    def exchange(self, encoded: str, now: datetime) -> IamToken:
        """Return a token for the service account that signed a JWT.

        Raises:
            ApiError: UNAUTHENTICATED, an assumption, if the JWT is not what
                (yandex-cloud/docs: en/iam/operations/iam-token/create-for-sa)
                asks for: PS256, the key's id as `kid`, its account as `iss`,
                our audience, not expired, good for an hour at most.
        """
        try:
            account = self._signer(encoded, now)
        except jwt.PyJWTError as error:
            msg = f"JWT is invalid: {error}"
            raise ApiError(Code.UNAUTHENTICATED, msg) from error
        return self.issue(account, now)

    def _signer(self, encoded: str, now: datetime) -> Subject:
        key_id = str(jwt.get_unverified_header(encoded).get("kid"))
        if key_id not in self._keys:
            msg = f"no key {key_id}"
            raise jwt.InvalidKeyError(msg)
        account, public = self._keys[key_id]
        claims = jwt.decode(
            encoded,
            public,
            algorithms=["PS256"],
            audience=self._audiences,
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

    def _forget_expired(self, now: datetime) -> None:
        self._tokens = {
            value: token for value, token in self._tokens.items() if token.expires > now
        }


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
    if expires - issued > _LONGEST_JWT:
        msg = "it lives for more than an hour"
        raise jwt.InvalidTokenError(msg)
