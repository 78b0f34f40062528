"""What the local cloud keeps, and does nothing with."""

from dataclasses import dataclass, field

from fakes.terraform.kind import Made, Values
from fakes.terraform.kinds.site import Site


@dataclass(frozen=True, slots=True)
class Dashboards:
    """`yandex_monitoring_dashboard`: there are no metrics to show."""

    site: Site
    _kept: set[str] = field(default_factory=set)

    async def create(self, wanted: Values) -> Made:
        """Keep it; see `Kind`."""
        folder_id, dashboard_id = self.site.home(wanted), self.site.new_id("fbe")
        self._kept.add(dashboard_id)
        computed = {"id": dashboard_id, "dashboard_id": dashboard_id}
        return Made(computed=computed | {"folder_id": folder_id})

    async def read(self, state: Values) -> Values | None:
        """Return it, if it is kept; see `Kind`."""
        return state if state["id"] in self._kept else None

    async def update(self, _state: Values, _wanted: Values) -> Made:
        """Keep it otherwise; see `Kind`."""
        return Made()

    async def delete(self, state: Values) -> None:
        """Keep it no more; see `Kind`."""
        self._kept.discard(state["id"])
