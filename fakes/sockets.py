"""The servers around the models of a local cloud, on loopback."""

import asyncio
from dataclasses import dataclass
from typing import Final

from fakes.chance import Chance
from fakes.gateway import Gateway
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


ANY_PORTS: Final = Ports()


class Sockets:
    """One server of gRPC, with two ports, and four of HTTP.

    Attributes:
        rpc: The API.
        queue: Message Queue.
        metadata: The metadata service.
        functions: Functions that are called over HTTP.
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
        self.queue = HttpServer(queue, ports.queue)
        self.metadata = HttpServer(metadata, ports.metadata)
        self.functions = HttpServer(functions, ports.functions)

    async def start(self) -> None:
        """Accept calls from now on.

        Raises:
            OSError, RuntimeError: If a port that was asked for is taken.
        """
        await self.rpc.start()
        for server in (self.queue, self.metadata, self.functions):
            await server.start()

    async def stop(self) -> None:
        """Close them all."""
        servers = (
            *(self.rpc, self.queue),
            *(self.metadata, self.functions),
        )
        await asyncio.gather(*(server.stop() for server in servers))
