"""Serves an ASGI application on loopback, inside the caller's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import uvicorn

from fakes.shown import BrokenOffError, Shown

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# In seconds, as the event loop takes them.
_GRACE: Final = 1.0
_LOOK_AGAIN: Final = 0.002
_DATE_RESOLUTION: Final = 1.0


class _EmbeddedServer(uvicorn.Server):
    """Leaves signals to the program it is part of, and tells when it is ready.

    It hears at once that it is to stop: its parent looks ten times a second, and
    stopping a cloud of five servers in each of many tests would be mostly waiting.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leave = asyncio.Event()

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]  # the parent's is a generator
        """Install no signal handlers."""
        return contextlib.nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Keep the date in the head of answers right, until told to leave."""
        while not self.leave.is_set():
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leave.wait(), _DATE_RESOLUTION)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, and let what is being answered end, within a second."""
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        state = self.server_state
        for connection in tuple(state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                # Connections tell nobody when they end.
                while state.connections or state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_AGAIN)
        for task in state.tasks:
            task.cancel()


class _Front:
    """Passes requests on to the application that is shown."""

    def __init__(self, app: App) -> None:
        self.app = Shown(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def tell(event: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(event)

        try:
            with self.app.call() as app:
                await app(scope, receive, tell)
        except BrokenOffError:
            if not begun:  # else its end, without the rest, tells the client
                await _send_broken_off(send)


class HttpServer:
    """One application on one port of the loopback interface."""

    def __init__(self, app: App, port: int = 0) -> None:
        self._front = _Front(app)
        self._socket = socket.create_server(("127.0.0.1", port))
        # Head and body are written one after the other: without this the second
        # waits for the client's delayed acknowledgement of the first.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = _EmbeddedServer(
            uvicorn.Config(
                self._front,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # a client is who connects, whatever it says
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port, chosen free unless one was given."""
        port: int = self._socket.getsockname()[1]
        return port

    def show(self, app: App) -> None:
        """Answer by *app* from now on; end with 503 what is being answered."""
        self._front.app.show(app)

    async def start(self) -> None:
        """Accept connections from now on."""
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Finish what is being answered (for a second at most), then close."""
        self._server.leave.set()
        if self._serving is not None:
            await self._serving
        self.close()

    def close(self) -> None:
        """Free the port of a server that was never started."""
        self._socket.close()


async def _send_broken_off(send: Send) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
