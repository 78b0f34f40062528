"""The servers around the models of a local cloud, on loopback."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Final

from fakes.chance import Chance
from fakes.gateway import Gateway
from fakes.http.rest_app import rest_app
from fakes.http.server import App, HttpServer
from fakes.rpc.server import RpcServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where to listen on loopback; 0 is any free port."""

    grpc: int = 0
    grpc_plaintext: int = 0
    queue: int = 0
    metadata: int = 0
    functions: int = 0
    rest: int = 0


ANY_PORTS: Final = Ports()


class Sockets:
    """One server of gRPC, with two ports, and four of HTTP.

    Attributes:
        rpc: The API.
        queue: Message Queue.
        metadata: The metadata service.
        functions: Functions that are called over HTTP.
        rest: The API over HTTP.

    Raises:
        OSError: If a port of HTTP is taken; then none is open.
    """

    def __init__(  # noqa: PLR0913 - there are this many
        self,
        gateway: Gateway,
        chance: Chance,
        ports: Ports,
        *,
        queue: App,
        metadata: App,
        functions: App,
    ) -> None:
        self.rpc = RpcServer(
            gateway,
            chance,
            tls_port=ports.grpc,
            plain_port=ports.grpc_plaintext,
        )
        with contextlib.ExitStack() as opened:

            def open_port(app: App, port: int) -> HttpServer:
                server = HttpServer(app, port)
                opened.callback(server.close)
                return server

            self.queue = open_port(queue, ports.queue)
            self.metadata = open_port(metadata, ports.metadata)
            self.functions = open_port(functions, ports.functions)
            self.rest = open_port(rest_app(gateway, chance), ports.rest)
            opened.pop_all()  # all are open: only `stop` closes them

    async def start(self) -> None:
        """Accept calls from now on.

        Raises:
            OSError, RuntimeError: If a port that was asked for is taken.
        """
        await self.rpc.start()
        for server in (self.queue, self.metadata, self.functions, self.rest):
            await server.start()

    async def stop(self) -> None:
        """Close them all."""
        servers = (
            *(self.rpc, self.rest, self.queue),
            *(self.metadata, self.functions),
        )
        await asyncio.gather(*(server.stop() for server in servers))
