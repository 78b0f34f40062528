"""Answers Terraform: what there can be, what a change would bring, and makes it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fakes.terraform.checks import faults
from fakes.terraform.kind import Kind, Made, RefusedError
from fakes.terraform.planning import planned, replaced
from fakes.terraform.protocol import messages
from fakes.terraform.rendering import (
    render_error,
    render_path,
    render_schema,
    render_warnings,
)
from fakes.terraform.schema import Resource
from fakes.terraform.wire import (
    UNKNOWN,
    Seen,
    complete,
    known,
    read_value,
    render_value,
)


class Provider:
    """The methods of the protocol's service, one coroutine each.

    Args:
        resources: The types of resources, and `provider`, its own settings, by name.
        kinds: What they do, by name; those without one can be planned only.
    """

    def __init__(
        self, resources: Mapping[str, Resource], kinds: Mapping[str, Kind]
    ) -> None:
        self._resources = dict(resources)
        self._settings = self._resources.pop("provider")
        self._kinds = kinds
        self._turn = asyncio.Lock()

    async def get_provider_schema(self, _request: Any, _context: Any) -> Any:
        """Tell all types of resources."""
        return messages.ProviderSchema(
            provider=render_schema(self._settings.fields),
            resource_schemas={
                name: render_schema(one.fields) for name, one in self._resources.items()
            },
        )

    async def validate_provider_config(self, _request: Any, _context: Any) -> Any:
        """Take any settings: the local cloud is where it is."""
        return messages.ProviderChecked()

    async def configure_provider(self, _request: Any, _context: Any) -> Any:
        """Take any settings: the local cloud is where it is."""
        return messages.Diagnostics()

    async def validate_resource_config(self, request: Any, _context: Any) -> Any:
        """Tell what is wrong with a resource as it is written."""
        resource = self._resources[request.type_name]
        found = faults(resource.fields, read_value(request.config) or {})
        return messages.Diagnostics(
            diagnostics=[
                render_error(f"{request.type_name}: {one.problem}", one.path)
                for one in found
            ]
        )

    async def upgrade_resource_state(self, request: Any, _context: Any) -> Any:
        """Return a state that was stored; there was only ever one version of it."""
        resource = self._resources[request.type_name]
        stored = complete(resource.fields, json.loads(request.raw_state.json))
        return messages.UpgradedState(upgraded_state=render_value(stored))

    async def read_resource(self, request: Any, _context: Any) -> Any:
        """Return a resource as it is now."""
        state, resource = self._given(request, request.current_state)
        async with self._turn:
            found = await self._kinds[resource.name].read(known(state))
        filled = complete(resource.fields, found) if found is not None else None
        return messages.FoundState(new_state=render_value(filled))

    async def plan_resource_change(self, request: Any, _context: Any) -> Any:
        """Tell what a change would bring, and whether it takes another resource."""
        proposed, resource = self._given(request, request.proposed_new_state)
        prior = read_value(request.prior_state)
        plan = planned(resource.fields, proposed, prior) if proposed else None
        change = prior is not None and plan is not None
        paths = replaced(resource.fields, prior or {}, plan or {}) if change else ()
        return messages.PlannedChange(
            planned_state=render_value(plan),
            requires_replace=map(render_path, paths),
            legacy_type_system=resource.legacy,
        )

    async def apply_resource_change(self, request: Any, _context: Any) -> Any:
        """Make a change, and return what there is afterwards."""
        plan, resource = self._given(request, request.planned_state)
        prior = read_value(request.prior_state)
        try:
            made = await self._apply(resource.name, prior, plan)
        except RefusedError as refused:
            path = (refused.at,) if refused.at else ()
            return messages.Changed(
                new_state=render_value(prior),
                diagnostics=[render_error(f"{resource.name}: {refused}", path)],
            )
        return messages.Changed(
            new_state=render_value(_after(resource, plan, made)),
            diagnostics=render_warnings(made.warnings),
            legacy_type_system=resource.legacy,
        )

    async def stop_provider(self, _request: Any, _context: Any) -> Any:
        """Do nothing: what is being applied is applied to its end."""
        return messages.StopAnswer()

    async def _apply(self, name: str, prior: Seen | None, plan: Seen | None) -> Made:
        kind = self._kinds.get(name)
        if kind is None:
            msg = "cannot be applied here"
            raise RefusedError(msg)
        async with self._turn:
            if plan is None:
                await kind.delete(prior or {})
                return Made()
            if prior is None:
                return await kind.create(known(plan))
            return await kind.update(prior, known(plan))

    def _given(self, request: Any, value: Any) -> tuple[Any, Resource]:
        return read_value(value), self._resources[request.type_name]


def _after(resource: Resource, plan: Seen | None, made: Made) -> Seen | None:
    """Return what there is after a change: as planned, and as the cloud decided."""
    if plan is None:
        return None
    decided = {
        name: made.computed.get(name) if value is UNKNOWN else known(value)
        for name, value in plan.items()
    }
    if resource.legacy:  # may come out other than planned
        decided |= made.computed
    return complete(resource.fields, decided)
