"""Lockbox: secrets and their versions."""

from dataclasses import dataclass

from fakes.errors import ApiError
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.site import Site


@dataclass(frozen=True, slots=True)
class Secrets:
    """`yandex_lockbox_secret`."""

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create a secret without a version; see `Kind`."""
        folder_id = self.site.home(wanted)
        secret = self.site.lockbox.create()
        return Made(
            computed={
                "id": secret.id,
                "folder_id": folder_id,
                "created_at": self.site.now(),
                "status": "ACTIVE",
            }
        )

    async def read(self, state: Values) -> Values | None:
        """Return the secret, if it is there; see `Kind`."""
        return state if self.site.lockbox.find(state["id"]) else None

    async def update(self, _state: Values, _wanted: Values) -> Made:
        """Change what is only told; see `Kind`."""
        return Made()

    async def delete(self, state: Values) -> None:
        """Delete the secret; see `Kind`."""
        if state["deletion_protection"]:
            message = "the secret is protected from deletion"
            raise RefusedError(message, at="deletion_protection")
        self.site.lockbox.delete(state["id"])


@dataclass(frozen=True, slots=True)
class SecretVersions:
    """`yandex_lockbox_secret_version`."""

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Add a version; see `Kind`."""
        if any(entry["command"] for entry in wanted["entries"]):
            message = "no commands are run for the local cloud: use text_value"
            raise RefusedError(message, at="entries")
        entries = {one["key"]: one["text_value"] or "" for one in wanted["entries"]}
        try:
            version = self.site.lockbox.add_version(wanted["secret_id"], entries)
        except ApiError as error:
            raise RefusedError(error.message, at="secret_id") from None
        return Made(computed={"id": version})

    async def read(self, state: Values) -> Values | None:
        """Return the version, if it is there; see `Kind`."""
        secret = self.site.lockbox.find(state["secret_id"])
        return state if secret and state["id"] in secret.versions else None

    async def update(self, _state: Values, _wanted: Values) -> Made:
        """Change nothing: every change takes another version; see `Kind`."""
        return Made()

    async def delete(self, state: Values) -> None:
        """Destroy the version; see `Kind`."""
        secret = self.site.lockbox.find(state["secret_id"])
        if secret is not None:
            secret.versions.pop(state["id"], None)
