"""Message Queue behind a real socket, in a thread, for the tests beside this."""

import asyncio
import contextlib
import threading

from fakes.chance import Chance
from fakes.clock import SystemClock
from fakes.http.queue_app import queue_app
from fakes.http.server import HttpServer
from fakes.queue import Limits, Manners, MessageQueue

KEY, SECRET = "AKID", "secret"


@contextlib.contextmanager
def serving(clock=None, **how):
    """Yield a service that is reached at its `base_url`.

    *how* are `bounds`, and the manners of the service.
    """
    service = MessageQueue(
        folder_id="b1gfolder",
        cloud_id="b1gcloud",
        chance=Chance(1),
        bounds=how.pop("bounds", Limits()),
        manners=Manners(**how),
    )
    app = queue_app(service, clock or SystemClock(), {KEY: SECRET}.get)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def serve():
        server = HttpServer(app)
        await server.start()
        service.base_url = f"http://127.0.0.1:{server.port}"
        ready.set()
        await stopping.wait()
        await server.stop()

    def run():
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        if not ready.wait(timeout=10):
            msg = "the server does not start"
            raise TimeoutError(msg)
        yield service
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
