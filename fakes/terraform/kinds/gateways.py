"""API gateways, as far as they call functions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from fakes.http.invoke_routes import HttpRoute
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.called import Called
from fakes.terraform.kinds.site import Site

_INTEGRATION: Final = "x-yc-apigateway-integration"
_AUTHORIZER: Final = "x-yc-apigateway-authorizer"


@dataclass(frozen=True, slots=True)
class Gateways:
    """`yandex_api_gateway`: operations whose integration is `cloud_functions`.

    (yandex-cloud/docs: en/api-gateway/concepts/extensions/cloud-functions.md and
    function-authorizer.md)  All gateways of the local cloud share one place.
    """

    site: Site
    _routes: dict[str, list[HttpRoute]] = field(default_factory=dict)

    async def create(self, wanted: Values) -> Made:
        """Answer from now on; see `Kind`."""
        folder_id, gateway_id = self.site.home(wanted), self.site.new_id("d5d")
        self._show(gateway_id, list(self._read(wanted["spec"])))
        return Made(
            computed={
                "id": gateway_id,
                "folder_id": folder_id,
                "created_at": self.site.now(),
                "domain": urlsplit(self.site.cloud.http.base_url).netloc,
                "status": "ACTIVE",
            }
        )

    async def read(self, state: Values) -> Values | None:
        """Return the gateway, if it is there; see `Kind`."""
        return state if state["id"] in self._routes else None

    async def update(self, state: Values, wanted: Values) -> Made:
        """Answer otherwise from now on; see `Kind`."""
        routes = list(self._read(wanted["spec"]))
        self._withdraw(state["id"])
        self._show(state["id"], routes)
        return Made()

    async def delete(self, state: Values) -> None:
        """Answer no more; see `Kind`."""
        self._withdraw(state["id"])

    def _show(self, gateway_id: str, routes: list[HttpRoute]) -> None:
        self._routes[gateway_id] = routes
        for route in routes:
            self.site.cloud.http.add_route(route)

    def _withdraw(self, gateway_id: str) -> None:
        for route in self._routes.pop(gateway_id, []):
            self.site.cloud.http.remove_route(route)

    def _read(self, spec: str) -> Iterator[HttpRoute]:
        """Yield the routes of a specification, in JSON or YAML.

        Raises:
            RefusedError: If it cannot be understood, or calls something else.
        """
        import yaml  # noqa: PLC0415 - only who has a gateway needs it

        try:
            document = yaml.safe_load(spec)
            operations = [
                (path, method, operation)
                for path, methods in document["paths"].items()
                for method, operation in methods.items()
            ]
            for path, method, operation in operations:
                yield self._route(path, method, operation, document)
        except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            message = f"the specification cannot be understood: {error!r}"
            raise RefusedError(message, at="spec") from None

    def _route(
        self, path: str, method: str, operation: Values, document: Values
    ) -> HttpRoute:
        integration = operation[_INTEGRATION]
        if integration["type"] != "cloud_functions":
            message = f"{path}: the local cloud's gateways call functions only"
            raise RefusedError(message, at="spec")
        return HttpRoute(
            method=method.upper(),
            path=path,
            function=self._called(integration),
            operation_id=operation.get("operationId", ""),
            query=tuple(
                one["name"]
                for one in operation.get("parameters", ())
                if one["in"] == "query"
            ),
            authorizer=self._authorizer(operation, document),
            payload_version=integration.get("payload_format_version", "0.1"),
        )

    def _authorizer(self, operation: Values, document: Values) -> Called | None:
        for name in (name for one in operation.get("security", ()) for name in one):
            scheme = document["components"]["securitySchemes"][name]
            authorizer = scheme[_AUTHORIZER]
            if authorizer["type"] == "function":
                return self._called(authorizer)
            message = f"{name}: the local cloud's authorizers are functions"
            raise RefusedError(message, at="spec")
        return None

    def _called(self, target: dict[str, Any]) -> Called:
        return Called(
            site=self.site,
            function=self.site.function(target["function_id"], "spec"),
            account=self.site.account(target.get("service_account_id"), "spec"),
        )
