"""What shows the models to clients: one application for each port."""

from collections.abc import Callable
from dataclasses import dataclass

from fakes.clock import Clock
from fakes.estate import Estate
from fakes.gateway import Gateway
from fakes.http.invoke_app import FunctionsApp
from fakes.http.metadata import metadata_app
from fakes.http.queue_app import queue_app
from fakes.http.rest_app import rest_app
from fakes.http.server import App
from fakes.routes import compute_routes, endpoint_routes, iam_routes, vpc_routes
from fakes.state.answers import kept_app, kept_route
from fakes.vpc import Vpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Skins:
    """All that shows one estate.

    Attributes:
        gateway: The API, for gRPC.
        rest: The same, over HTTP.
        queue: Message Queue.
        metadata: The metadata service.
        functions: Functions that are called over HTTP.
    """

    gateway: Gateway
    rest: App
    queue: App
    metadata: App
    functions: FunctionsApp


def skins_of(estate: Estate, clock: Clock, endpoint: Callable[[], str]) -> Skins:
    """Return what shows *estate*.

    Args:
        estate: The models.
        clock: Tells them the time.
        endpoint: Returns the `host:port` at which every service of the API is.
    """
    iam, faults, chance = estate.iam, estate.faults, estate.chance
    routes = [
        *compute_routes(estate.compute),
        *vpc_routes(Vpc(estate.compute.rules)),
        *iam_routes(iam),
        *endpoint_routes(endpoint),
    ]
    queue = queue_app(estate.queues, clock, iam.secret_of, faults, iam.authorize_action)
    if estate.kept is not None:
        routes = [kept_route(route, estate.write_down) for route in routes]
        queue = kept_app(queue, estate.write_down)
    gateway = Gateway(routes, iam=iam, faults=faults, clock=clock, chance=chance)
    return Skins(
        gateway=gateway,
        rest=rest_app(gateway),
        queue=queue,
        metadata=metadata_app(lambda: estate.fresh_token(clock.now())),
        functions=FunctionsApp(iam, clock, chance),
    )
