"""A local Compute behind real sockets, in a thread with its own event loop."""

import asyncio
import threading
from collections.abc import Awaitable
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.clock import Clock, SystemClock
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.faults import Faults
from fakes.gateway import Gateway
from fakes.iam import Iam
from fakes.routes import compute_routes, endpoint_routes, iam_routes
from fakes.rpc.server import RpcServer

Value = TypeVar("Value")
ANN = Subject(id="ajeann00000000000000", name="ann")
MOMENT = timedelta(milliseconds=1)


class Loop:
    """An event loop in a thread: what it runs, the caller waits for."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Awaitable[Value]) -> Value:
        async def waited() -> Value:
            return await work

        future = asyncio.run_coroutine_threadsafe(waited(), self._loop)
        return future.result(timeout=20)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Town:
    """Models and the gRPC server around them."""

    def __init__(self, clock: Clock) -> None:
        chance = Chance(1)
        self.clock = clock
        self.world = starting_world(chance)
        self.compute = Compute(Rules(world=self.world), chance, Durations.all(MOMENT))
        self.iam = Iam(chance)
        self.faults = Faults()
        routes = [
            *compute_routes(self.compute),
            *iam_routes(self.iam),
            *endpoint_routes(lambda: self.server.endpoint),
        ]
        gateway = Gateway(
            routes, iam=self.iam, faults=self.faults, clock=clock, chance=chance
        )
        self.server = RpcServer(gateway)

    def token(self) -> str:
        return self.iam.issue(ANN, self.clock.now()).value


@contextmanager
def running_town(clock: Clock | None = None):
    town, loop = Town(clock or SystemClock()), Loop()
    loop.run(town.server.start())
    town.iam.serve_at(town.server.endpoint)
    try:
        yield town
    finally:
        loop.run(town.server.stop())
        loop.close()
