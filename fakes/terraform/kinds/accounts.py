"""Service accounts and their static keys."""

from dataclasses import dataclass

from fakes.errors import ApiError
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.site import Site


@dataclass(frozen=True, slots=True)
class ServiceAccounts:
    """`yandex_iam_service_account`."""

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create an account without roles; see `Kind`."""
        folder_id, name = self.site.home(wanted), wanted["name"]
        if self.site.iam.find_service_account(name):
            message = f"service account {name} is there already"
            raise RefusedError(message, at="name")
        account = self.site.iam.create_service_account(name)
        return Made(
            computed={
                "id": account.id,
                "service_account_id": account.id,
                "folder_id": folder_id,
                "created_at": self.site.now(),
            }
        )

    async def read(self, state: Values) -> Values | None:
        """Return the account, if it is there; see `Kind`."""
        return state if self.site.iam.account(state["id"]) else None

    async def update(self, state: Values, wanted: Values) -> Made:
        """Change what is only told: a name stays, here; see `Kind`."""
        if wanted["name"] != state["name"]:
            message = "an account cannot have another name in the local cloud"
            raise RefusedError(message, at="name")
        return Made()

    async def delete(self, state: Values) -> None:
        """Delete the account with all it has; see `Kind`."""
        account = self.site.iam.account(state["id"])
        if account is not None:
            self.site.iam.delete_service_account(account)


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """`yandex_iam_service_account_static_access_key`.

    With `output_to_lockbox` both parts of the key go there, and nowhere else.
    """

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create a key; see `Kind`."""
        account = self.site.account(wanted["service_account_id"])
        if account is None:
            message = "an account is needed"
            raise RefusedError(message, at="service_account_id")
        key = self.site.iam.create_access_key(account)
        told = {"access_key": key.id, "secret_key": key.secret}
        computed = {"id": key.id, "created_at": self.site.now()}
        for output in wanted["output_to_lockbox"]:
            entries = {
                output["entry_for_access_key"]: key.id,
                output["entry_for_secret_key"]: key.secret,
            }
            try:
                version = self.site.lockbox.add_version(output["secret_id"], entries)
            except ApiError as error:
                self.site.iam.delete_access_key(key.id)
                raise RefusedError(error.message, at="output_to_lockbox") from None
            computed["output_to_lockbox_version_id"] = version
            told = {"access_key": "", "secret_key": ""}
        return Made(computed=computed | told)

    async def read(self, state: Values) -> Values | None:
        """Return the key, if it is good; see `Kind`."""
        return state if self.site.iam.secret_of(state["id"]) else None

    async def update(self, state: Values, wanted: Values) -> Made:
        """Refuse: a key that was told cannot be told elsewhere; see `Kind`."""
        if state["output_to_lockbox"] != wanted["output_to_lockbox"]:
            message = "cannot be changed in the local cloud: make another key"
            raise RefusedError(message, at="output_to_lockbox")
        return Made()

    async def delete(self, state: Values) -> None:
        """Let the key be good no more; see `Kind`."""
        self.site.iam.delete_access_key(state["id"])
