"""Functions and how many instances of them may run."""

from dataclasses import dataclass
from typing import Any, Final

from fakes.serverless.function import CALLS_IN_PROGRESS
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.deployed import Deployed, Version
from fakes.terraform.kinds.site import Site
from fakes.terraform.kinds.versions import VersionError, Versions

# What takes a new version (yandex-cloud/terraform-provider-yandex:
# yandex/resource_yandex_function.go).
_OF_VERSION: Final = (
    *("user_hash", "runtime", "entrypoint", "memory", "execution_timeout"),
    *("service_account_id", "environment", "tags", "package", "content", "secrets"),
    *("connectivity", "async_invocation", "log_options", "tmpfs_size", "concurrency"),
    "metadata_options",
)
_MOST_AT_ONCE: Final = 10  # instances in a zone: the quota


@dataclass(frozen=True, slots=True)
class Functions:
    """`yandex_function`, with a trap of the real provider.

    A version that cannot be made is a warning.  The state keeps what was wanted,
    `environment` and `version` are those of the version that is live
    (yandex-cloud/terraform-provider-yandex: yandex/resource_yandex_function.go).
    """

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create a function and its first version; see `Kind`."""
        folder_id, name = self.site.home(wanted), wanted["name"]
        if any(one.name == name for one in self.site.functions.values()):
            message = f"function {name} is there already"
            raise RefusedError(message, at="name")
        function = Deployed(
            id=self.site.new_id("d4e"), name=name, forget=self.site.retire
        )
        warnings = await self._show(function, wanted)
        self.site.functions[function.id] = function
        self.site.cloud.http.serve(function.id, function)
        computed = {
            "id": function.id,
            "folder_id": folder_id,
            "created_at": self.site.now(),
            "concurrency": wanted["concurrency"] or 0,
            "execution_timeout": wanted["execution_timeout"] or "3",
        }
        return Made(computed=computed | _live(function.version), warnings=warnings)

    async def read(self, state: Values) -> Values | None:
        """Return the function with its live version; see `Kind`."""
        function = self.site.functions.get(state["id"])
        return state | _live(function.version) if function else None

    async def update(self, state: Values, wanted: Values) -> Made:
        """Make a new version, if what makes one has changed; see `Kind`."""
        function = self.site.function(state["id"], "id")
        warnings: tuple[str, ...] = ()
        if any(state[name] != wanted[name] for name in _OF_VERSION):
            warnings = await self._show(function, wanted)
        function.name = wanted["name"]
        return Made(computed=_live(function.version), warnings=warnings)

    async def delete(self, state: Values) -> None:
        """Delete the function; its calls end first; see `Kind`."""
        function = self.site.functions.pop(state["id"], None)
        if function is not None:
            self.site.cloud.http.withdraw(function.id)
            await function.show(None)

    async def _show(self, function: Deployed, wanted: Values) -> tuple[str, ...]:
        """Let a new version be live; return why it cannot be made, if so."""
        try:
            version = Versions(self.site).make(function, wanted)
        except VersionError as error:
            return (f"Failed to create a version of {function.name}: {error}",)
        await function.show(version)
        return ()


def _live(version: Version | None) -> dict[str, Any]:
    """Return what is read back from the version that is live."""
    if version is None:
        return {"environment": None, "version": "", "image_size": 0}
    return {
        "environment": dict(version.environment) or None,
        "version": version.id,
        "image_size": version.size,
    }


@dataclass(frozen=True, slots=True)
class ScalingPolicies:
    """`yandex_function_scaling_policy`: for `$latest`; there is one zone here.

    A limit of 0 is none of its own: the quota's (an assumption).
    """

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Bound instances and calls; see `Kind`."""
        await self._limit(wanted)
        return Made(computed={"id": wanted["function_id"]})

    async def read(self, state: Values) -> Values | None:
        """Return the policy, if its function is there; see `Kind`."""
        return state if state["function_id"] in self.site.functions else None

    async def update(self, _state: Values, wanted: Values) -> Made:
        """Bound instances and calls otherwise; see `Kind`."""
        await self._limit(wanted)
        return Made()

    async def delete(self, state: Values) -> None:
        """Let the quota be the only bound; see `Kind`."""
        function = self.site.functions.get(state["function_id"])
        if function is not None:
            await function.limit(1, CALLS_IN_PROGRESS)

    async def _limit(self, wanted: Values) -> None:
        function = self.site.function(wanted["function_id"], "function_id")
        instances, calls = 1, CALLS_IN_PROGRESS
        for policy in wanted["policy"]:
            if policy["tag"] == "$latest":
                instances = int(policy["zone_instances_limit"]) or _MOST_AT_ONCE
                calls = int(policy["zone_requests_limit"]) or CALLS_IN_PROGRESS
        await function.limit(instances, calls)
