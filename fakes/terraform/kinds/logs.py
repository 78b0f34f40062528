"""Log groups, and trails that write audit events into them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fakes.logs import LogGroup, Trail
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.site import Site


@dataclass(frozen=True, slots=True)
class LogGroups:
    """`yandex_logging_group`."""

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create an empty group; see `Kind`."""
        folder_id, group_id = self.site.home(wanted), self.site.new_id("e23")
        self.site.groups[group_id] = LogGroup()
        return Made(
            computed={
                "id": group_id,
                "log_group_id": group_id,
                "cloud_id": self.site.cloud.world.cloud_id,
                "folder_id": folder_id,
                "name": wanted["name"] or "",
                "created_at": self.site.now(),
                "status": "ACTIVE",
            }
        )

    async def read(self, state: Values) -> Values | None:
        """Return the group, if it is there; see `Kind`."""
        return state if state["id"] in self.site.groups else None

    async def update(self, _state: Values, _wanted: Values) -> Made:
        """Change what is only told; see `Kind`."""
        return Made()

    async def delete(self, state: Values) -> None:
        """Delete the group with all that is in it; see `Kind`."""
        self.site.groups.pop(state["id"], None)


@dataclass(frozen=True, slots=True)
class Trails:
    """`yandex_audit_trails_trail`, with a log group as its destination.

    Its account needs `audit-trails.viewer` on what it collects from, and
    `logging.writer` (yandex-cloud/docs: en/audit-trails/security/index.md).  That
    events are lost as long as it has not, is an assumption.
    """

    site: Site
    _hooks: dict[str, Callable[[dict[str, Any]], None]] = field(default_factory=dict)

    async def create(self, wanted: Values) -> Made:
        """Let a trail write from now on; see `Kind`."""
        self.site.home(wanted)
        trail_id = self.site.new_id("cnp")
        self._begin(trail_id, wanted)
        return Made(computed={"id": trail_id, "trail_id": trail_id, "status": "ACTIVE"})

    async def read(self, state: Values) -> Values | None:
        """Return the trail, if it is there; see `Kind`."""
        return state if state["id"] in self._hooks else None

    async def update(self, state: Values, wanted: Values) -> Made:
        """Let it write otherwise from now on; see `Kind`."""
        hook = self._hooks[state["id"]]
        self._begin(state["id"], wanted)
        self.site.cloud.compute.audit.unsubscribe(hook)
        return Made()

    async def delete(self, state: Values) -> None:
        """Let it write no more; see `Kind`."""
        hook = self._hooks.pop(state["id"], None)
        if hook is not None:
            self.site.cloud.compute.audit.unsubscribe(hook)

    def _begin(self, trail_id: str, wanted: Values) -> None:
        if not wanted["logging_destination"]:
            message = "only log groups are destinations in the local cloud"
            raise RefusedError(message)
        group_id = wanted["logging_destination"][0]["log_group_id"]
        group = self.site.group(group_id, "logging_destination")
        account = self.site.account(wanted["service_account_id"])
        trail, scopes = Trail(trail_id, group), _scopes(wanted)
        world, allows = self.site.cloud.world, self.site.allows

        def record(event: dict[str, Any]) -> None:
            covered = scopes & {world.folder_id, world.cloud_id, world.organization_id}
            if (
                covered
                and allows(account, "audit-trails.events.read")
                and allows(account, "logging.records.write")
            ):
                trail.record(event)

        self.site.cloud.compute.audit.subscribe(record)
        self._hooks[trail_id] = record


def _scopes(wanted: Values) -> set[str]:
    """Return the folders, clouds and organizations that a trail collects from."""
    return {
        scope["resource_id"]
        for policy in wanted["filtering_policy"]
        for events in policy["management_events_filter"]
        for scope in events["resource_scope"]
    }
