"""Signed requests to Message Queue that one core answers in a second.

Run as `python -m tests.benchmarks.queue_requests`.  The client is a process of its
own; what counts is the CPU time of the server.  Each line should have 2500 at least,
and as much with 100 000 messages as with 10 000.
"""

import argparse
import asyncio
import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fakes.chance import Chance
from fakes.clock import SystemClock
from fakes.http.queue_app import queue_app
from fakes.http.server import HttpServer
from fakes.queue import Manners, MessageQueue, NewMessage
from tests.contract.queue_server import KEY, SECRET
from tests.contract.queue_signing import JSON, signed

REQUESTS = 3000
SIZES = (10_000, 100_000)
ACTIONS = {"SendMessage": {"MessageBody": "x"}, "ReceiveMessage": {}}
ROOT = Path(__file__).parents[2]


def prepared(protocol, action, url):
    """Return a signed request, for a connection to send."""
    target, path = urlsplit(url).netloc, urlsplit(url).path
    wish = {"QueueUrl": url, **ACTIONS[action]}
    if protocol == "query":
        body = urlencode({"Action": action, **wish}).encode()
        return "POST", path, body, signed((target, path), body)
    body = json.dumps(wish).encode()
    head = {"Content-Type": JSON, "X-Amz-Target": f"AmazonSQS.{action}"}
    return "POST", path, body, {**signed((target, path), body), **head}


def ask(protocol, action, url):
    """Send the same request again and again; fail unless all are answered."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    request = prepared(protocol, action, url)
    for _ in range(REQUESTS):
        connection.request(*request)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            sys.exit(f"status {answer.status}")
    connection.close()


async def measured(protocol, action, url):
    """Return how many requests a second of CPU time answers."""
    command = (sys.executable, "-m", "tests.benchmarks.queue_requests")
    client = await asyncio.create_subprocess_exec(
        *command, "--client", protocol, action, url, cwd=ROOT
    )
    begun = time.process_time()
    if await client.wait():
        raise subprocess.CalledProcessError(client.returncode, command)
    return REQUESTS / (time.process_time() - begun)


async def main():
    manners = Manners(json_protocol=True)
    service = MessageQueue(
        folder_id="f", cloud_id="c", chance=Chance(1), manners=manners
    )
    clock = SystemClock()
    server = HttpServer(queue_app(service, clock, {KEY: SECRET}.get))
    await server.start()
    service.base_url = f"http://127.0.0.1:{server.port}"
    for protocol in ("query", "json"):
        for action in ACTIONS:
            for size in SIZES:
                queue = service.create(f"{protocol}{action}{size}", clock.now())
                for _ in range(size):
                    queue.send(NewMessage(body="x"), clock.now())
                rate = await measured(protocol, action, service.url_of(queue))
                print(f"{protocol:6}{action:16}{size:8} messages{rate:8.0f}/s")  # noqa: T201 - its output
    await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", nargs=3, metavar=("PROTOCOL", "ACTION", "URL"))
    given = parser.parse_args().client
    if given:
        ask(*given)
    else:
        asyncio.run(main())
