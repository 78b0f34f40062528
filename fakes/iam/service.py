"""Identity: service accounts, their tokens, keys and roles.

Nothing here keeps a secret from anyone: names, tokens and static keys repeat
under a seed.  Authorized keys are real RSA keys, for clients really sign with
them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.errors import ApiError, Code
from fakes.iam.access import Access, Usage
from fakes.iam.assertion import audience, signer
from fakes.iam.needs import Need, needs_of_action
from fakes.iam.shown import AccessKey, IamToken
from fakes.tables import Tables

LIFETIME: Final = timedelta(hours=12)
_KEY_BITS: Final = 2048


class Iam:
    """Issues tokens and keys, knows whom they stand for, and what those may do.

    Args:
        chance: Names accounts, tokens and keys.
        folder_id: The folder on which roles are bound; None to check no roles.
    """

    def __init__(self, chance: Chance, folder_id: str | None = None) -> None:
        self._chance = chance
        self._access = Access(folder_id)
        self._accounts: dict[str, Subject] = {}
        self._tokens: dict[str, IamToken] = {}
        self._keys: dict[str, tuple[Subject, rsa.RSAPublicKey]] = {}
        self._access_keys: dict[str, tuple[Subject, AccessKey]] = {}
        self._audiences = {audience("api.cloud.yandex.net")}

    def keep_in(self, tables: Tables) -> None:
        """Keep accounts, roles, tokens and keys; what was kept is good again."""
        self._access.keep_in(tables)
        self._accounts = tables.table("accounts", self._accounts)
        self._tokens = tables.table("tokens", self._tokens)
        self._keys = tables.table("authorized keys", self._keys)
        self._access_keys = tables.table("access keys", self._access_keys)

    def serve_at(self, endpoint: str) -> None:
        """Accept JWTs made for *endpoint*, `host:port`, too.  Idempotent."""
        self._audiences.add(audience(endpoint))

    def create_service_account(self, name: str, roles: Iterable[str] = ()) -> Subject:
        """Return a new service account with *roles* on the folder.

        Raises:
            ValueError: If there is no such role.
        """
        account = Subject(id=self._chance.resource_id("aje"), name=name)
        for role in roles:
            self.grant(account, role)
        self._accounts[name] = account
        return account

    def find_service_account(self, name: str) -> Subject | None:
        """Return the newest service account of that name, or None."""
        return self._accounts.get(name)

    def account(self, account_id: str) -> Subject | None:
        """Return the service account of that id, or None."""
        return next((it for it in self._accounts.values() if it.id == account_id), None)

    def delete_service_account(self, account: Subject) -> None:
        """Delete *account*, its roles, tokens and keys; idempotent."""
        if self._accounts.get(account.name) == account:
            del self._accounts[account.name]
        self._access.forget(account)
        for kept in (self._access_keys, self._keys):
            for key in [it for it, (whose, _) in kept.items() if whose == account]:
                del kept[key]
        for value, token in list(self._tokens.items()):
            if token.subject == account:
                del self._tokens[value]

    def grant(
        self, subject: Subject, role: str, resource_id: str | None = None
    ) -> None:
        """Bind *role*, in force at once; idempotent.

        Args:
            subject: Any account.
            role: One of `ROLES`.
            resource_id: An instance's id or a function's name; the folder by default.

        Raises:
            ValueError: If there is no such role.
        """
        self._access.grant(subject, role, resource_id)

    def has(self, subject: Subject, role: str, resource_id: str | None = None) -> bool:
        """Tell whether `grant` gave that, and it was not taken back.

        Raises:
            ValueError: If there is no such role.
        """
        return self._access.has(subject, role, resource_id)

    def revoke(
        self, subject: Subject, role: str, resource_id: str | None = None
    ) -> None:
        """Take back what `grant` gave, in force at once; idempotent.

        Raises:
            ValueError: If there is no such role.
        """
        self._access.revoke(subject, role, resource_id)

    def authorize(self, subject: Subject, needs: Sequence[Need]) -> None:
        """Let a call pass that needs *needs*, and remember what it used.

        Raises:
            ApiError: PERMISSION_DENIED.
        """
        self._access.authorize(subject, needs)

    def authorize_action(self, key_id: str, action: str) -> Subject:
        """Let an action of Message Queue pass; return who signed it by a static key.

        Raises:
            ApiError: PERMISSION_DENIED, with the text of the engine
                (ydb-platform/ydb: ydb/core/ymq/actor/auth_multi_factory.cpp).
            KeyError: If there is no such key, or no such action.
        """
        account, _ = self._access_keys[key_id]
        try:
            self._access.authorize(account, needs_of_action(action))
        except ApiError as refused:
            raise ApiError(refused.code, "IAM authorization error.") from None
        return account

    def report(self) -> list[Usage]:
        """Return what each account used, and which roles would have been enough."""
        return self._access.report()

    def create_access_key(self, account: Subject) -> AccessKey:
        """Return a new static key of *account*."""
        key = AccessKey(
            id=self._chance.resource_id("YCAJE"),
            secret=self._chance.resource_id("YC") + self._chance.resource_id(""),
        )
        self._access_keys[key.id] = (account, key)
        return key

    def delete_access_key(self, key_id: str) -> None:
        """Let a static key be good no more; idempotent."""
        self._access_keys.pop(key_id, None)

    @property
    def access_keys(self) -> list[AccessKey]:
        """All static keys, the oldest first."""
        return [key for _, key in self._access_keys.values()]

    def find_access_key(self, account: Subject) -> AccessKey | None:
        """Return the oldest static key of *account*, or None."""
        keys = (key for whose, key in self._access_keys.values() if whose == account)
        return next(keys, None)

    def secret_of(self, key_id: str) -> str | None:
        """Return the secret of a static key, None if there is no such key."""
        found = self._access_keys.get(key_id)
        return found and found[1].secret

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

    def expire_tokens(self) -> None:
        """Let all tokens expire that were issued so far."""
        self._tokens.clear()

    def exchange(self, encoded: str, now: datetime) -> IamToken:
        """Return a token for the service account that signed a JWT.

        Raises:
            ApiError: UNAUTHENTICATED, an assumption, if the JWT is not what
                `signer` asks for.
        """
        try:
            account = signer(encoded, self._keys, self._audiences, now)
        except jwt.PyJWTError as error:
            msg = f"JWT is invalid: {error}"
            raise ApiError(Code.UNAUTHENTICATED, msg) from error
        return self.issue(account, now)

    def _forget_expired(self, now: datetime) -> None:
        for token in [one for one in self._tokens.values() if one.expires <= now]:
            del self._tokens[token.value]
