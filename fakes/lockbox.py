"""Lockbox: secrets, their versions, and who may read them.

(yandex-cloud/docs: en/lockbox/concepts/secret.md)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.errors import ApiError, Code
from fakes.iam import Iam
from fakes.iam.needs import Need


@dataclass(slots=True, kw_only=True)
class Secret:
    """A secret.

    Attributes:
        id: Its id.
        versions: Of each version, by id, the texts by their keys.
    """

    id: str
    versions: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)


class Lockbox:
    """The secrets of a folder.

    Args:
        chance: Names secrets and versions.
        iam: Knows who may read which.
    """

    def __init__(self, chance: Chance, iam: Iam) -> None:
        self._chance = chance
        self._iam = iam
        self._secrets: dict[str, Secret] = {}

    def create(self) -> Secret:
        """Return a new secret, without a version."""
        secret = Secret(id=self._chance.resource_id("e6q"))
        self._secrets[secret.id] = secret
        return secret

    def delete(self, secret_id: str) -> None:
        """Delete a secret, if it is there."""
        self._secrets.pop(secret_id, None)

    def find(self, secret_id: str) -> Secret | None:
        """Return a secret, None if there is none."""
        return self._secrets.get(secret_id)

    def add_version(self, secret_id: str, entries: Mapping[str, str]) -> str:
        """Add a version with *entries*, and return its id.

        Raises:
            ApiError: NOT_FOUND.
        """
        version = self._chance.resource_id("e6q")
        self._existing(secret_id).versions[version] = dict(entries)
        return version

    def read(self, subject: Subject, secret_id: str, version_id: str, key: str) -> str:
        """Return the text under *key*, for somebody with `lockbox.payloadViewer`.

        (yandex-cloud/docs: en/_roles/lockbox/payloadViewer.md)

        Raises:
            ApiError: PERMISSION_DENIED, NOT_FOUND; it holds no text of a secret.
        """
        need = Need(permission="lockbox.payloads.get", on=secret_id)
        self._iam.authorize(subject, [need])
        version = self._existing(secret_id).versions.get(version_id, {})
        if key not in version:
            msg = f"Secret {secret_id} has no version {version_id} with key {key!r}"
            raise ApiError(Code.NOT_FOUND, msg)
        return version[key]

    def _existing(self, secret_id: str) -> Secret:
        secret = self._secrets.get(secret_id)
        if secret is None:
            raise ApiError(Code.NOT_FOUND, f"Secret {secret_id} not found")
        return secret
