"""The HTTP server inside an event loop: its port, its start, its end."""

import asyncio
import signal
import socket
import time

import pytest

from fakes.http.server import HttpServer

PATIENCE = 10
GRACE = 1
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class App:
    """Answers `done` once it is let go."""

    def __init__(self):
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _scope, _receive, send):
        self.asked.set()
        await self.go.wait()
        headers = [(b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"done"})


def run(story):
    """Run *story* with an application and its server, which is stopped after."""

    async def served():
        app = App()
        server = HttpServer(app)
        await server.start()
        async with asyncio.timeout(PATIENCE):
            try:
                return await story(app, server)
            finally:
                await server.stop()

    return asyncio.run(served())


async def ask(server):
    """Return a connection on which a request was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(REQUEST)
    return reader, writer


async def answer(reader, writer):
    found = await reader.read()
    writer.close()
    await writer.wait_closed()
    return found


def test_a_port_that_is_taken_is_an_error():
    """Two servers never share a port."""

    async def story(_app, server):
        with pytest.raises(OSError, match=str(server.port)):
            HttpServer(App(), server.port)

    run(story)


def test_a_server_listens_on_the_port_it_was_given():
    """The port of a stopped server is free for the next."""

    async def port_of(_app, server):
        return server.port

    port = run(port_of)
    again = HttpServer(App(), port)
    assert again.port == port
    asyncio.run(again.stop())


def test_a_server_that_never_started_frees_its_port():
    """Stopping it is enough."""
    server = HttpServer(App())
    port = server.port
    asyncio.run(server.stop())
    socket.create_server(("127.0.0.1", port)).close()


def test_what_is_being_answered_is_finished():
    """A stop lets an answer end that takes less than a second."""

    async def story(app, server):
        connection = await ask(server)
        await app.asked.wait()
        stopping = asyncio.create_task(server.stop())
        app.go.set()
        await stopping
        return await answer(*connection)

    assert run(story).endswith(b"done")


def test_what_takes_for_ever_is_broken_off():
    """A stop does not wait for ever: the connection just ends."""

    async def story(app, server):
        connection = await ask(server)
        await app.asked.wait()
        await server.stop()
        return await answer(*connection)

    assert not run(story).endswith(b"done")


def test_nobody_waits_for_idle_connections():
    """A stop ends those between two requests at once, for tests have many clouds."""

    async def story(app, server):
        app.go.set()
        reader, writer = await ask(server)
        await reader.readuntil(b"done")
        began = time.monotonic()
        await server.stop()
        took = time.monotonic() - began
        return took, await answer(reader, writer)

    took, rest = run(story)
    assert took < GRACE / 2
    assert rest == b""


def test_signals_stay_with_the_program():
    """A server that is part of a program leaves its handlers alone."""

    async def story(_app, _server):
        return [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]

    before = signal.getsignal(signal.SIGTERM)
    assert run(story)[1] is before
