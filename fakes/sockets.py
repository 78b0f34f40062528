"""The servers around the models of a local cloud, on loopback."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Final

from fakes.http.server import App, HttpServer
from fakes.rpc.server import RpcServer
from fakes.skins import Skins


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where to listen on loopback; 0 is any free port."""

    grpc: int = 0
    grpc_plaintext: int = 0
    queue: int = 0
    metadata: int = 0
    functions: int = 0
    rest: int = 0
    admin: int = 0


ANY_PORTS: Final = Ports()


class Sockets:
    """One server of gRPC, with two ports, and five of HTTP.

    Args:
        skins: What shows the models.
        ports: Where to listen.
        admin: What stays whatever is shown: it is asked to show something else.

    Attributes:
        rpc: The API.
        queue: Message Queue.
        metadata: The metadata service.
        functions: Functions that are called over HTTP.
        rest: The API over HTTP.
        admin: The admin port.

    Raises:
        OSError: If a port of HTTP is taken; then none is open.
    """

    def __init__(self, skins: Skins, ports: Ports, admin: App) -> None:
        self.rpc = RpcServer(
            skins.gateway, tls_port=ports.grpc, plain_port=ports.grpc_plaintext
        )
        with contextlib.ExitStack() as opened:

            def open_port(app: App, port: int) -> HttpServer:
                server = HttpServer(app, port)
                opened.callback(server.close)
                return server

            self.queue = open_port(skins.queue, ports.queue)
            self.metadata = open_port(skins.metadata, ports.metadata)
            self.functions = open_port(skins.functions, ports.functions)
            self.rest = open_port(skins.rest, ports.rest)
            self.admin = open_port(admin, ports.admin)
            opened.pop_all()  # all are open: only `stop` closes them
        self._http = (
            *(self.queue, self.metadata, self.functions, self.rest),
            self.admin,
        )

    def show(self, skins: Skins) -> None:
        """Answer by *skins* from now on; break off what is being answered."""
        self.rpc.show(skins.gateway)
        self.queue.show(skins.queue)
        self.metadata.show(skins.metadata)
        self.functions.show(skins.functions)
        self.rest.show(skins.rest)

    async def start(self) -> None:
        """Accept calls from now on.

        Raises:
            OSError, RuntimeError: If a port that was asked for is taken.
        """
        await self.rpc.start()
        for server in self._http:
            await server.start()

    async def stop(self) -> None:
        """Close them all."""
        await asyncio.gather(self.rpc.stop(), *(server.stop() for server in self._http))
