"""Serves an ASGI application on loopback, inside the caller's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _EmbeddedServer(uvicorn.Server):
    """Leaves signals to the program it is part of, and tells when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]  # the parent's is a generator
        """Install no signal handlers."""
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.ready.set()


class HttpServer:
    """One application on one port of the loopback interface."""

    def __init__(self, app: App, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        # Head and body are written one after the other: without this the second
        # waits for the client's delayed acknowledgement of the first.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = _EmbeddedServer(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # a client is who connects, whatever it says
                timeout_graceful_shutdown=1,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port, chosen free unless one was given."""
        port: int = self._socket.getsockname()[1]
        return port

    async def start(self) -> None:
        """Accept connections from now on."""
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Finish what is being answered (for a second at most), then close."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
        self.close()

    def close(self) -> None:
        """Free the port of a server that was never started."""
        self._socket.close()
