"""A local cloud with many stopped instances, for functions to attach interfaces to.

Run by `surroundings` as `python -m tests.benchmarks.ground FOLDER COUNT ATTACH
LATENCY`, the last two in milliseconds; tells in one line when it is ready.  Here the
queue speaks TLS, too, as the real one does.
"""

import asyncio
import contextlib
import json
import ssl
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import trustme
from yandex.cloud.compute.v1.instance_pb2 import Instance

from cli.deployment import create_queues, environment
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.settings import Durations
from fakes.faults import Fault
from tests.benchmarks.batches import METHODS as READING
from tests.benchmarks.crowd import model

METHODS = [*READING, "InstanceService/AttachNetworkInterface", "OperationService/Get"]
_CHUNK = 65_536


def stopped(one, count):
    """Yield so many instances that are stopped."""
    for number in range(count):
        copy = Instance()
        copy.CopyFrom(one)
        copy.id, copy.name = f"fhmground{number:011}", f"ground-{number}"
        copy.status = Instance.Status.STOPPED
        yield copy


async def _pass_on(reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


def _relay(port):
    async def relay(reader, writer):
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))

    return relay


async def tls_before(port, authority):
    """Listen with TLS, pass everything on to *port*; return the own port."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(tls)
    server = await asyncio.start_server(_relay(port), "127.0.0.1", 0, ssl=tls)
    return server.sockets[0].getsockname()[1]


async def main(folder, count, attach, latency):
    durations = replace(Durations.all(timedelta(0)), attach=attach)
    cloud = LocalCloud(SystemClock(), durations=durations)
    one = model(cloud)
    cloud.compute.populate(stopped(one, count))
    await cloud.start()
    if latency:
        for method in METHODS:
            cloud.faults.add(Fault(method=method, latency=latency, times=10**9))
    queues = create_queues(cloud)
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(cloud.rpc.ca_pem + authority.cert_pem.bytes())
    variables = environment(cloud, queues, {}, ca_file)
    urls = urlsplit(variables["RESULTS_QUEUE_URL"])
    port = await tls_before(urls.port, authority)
    for name in ("TASKS_QUEUE_URL", "RESULTS_QUEUE_URL"):
        url = urlsplit(variables[name])
        secure = url._replace(scheme="https", netloc=f"localhost:{port}")
        variables[name] = secure.geturl()
    interface = one.network_interfaces[0]
    ground = {
        "variables": variables,
        "token": cloud.fresh_token()[0],
        "queue": f"https://localhost:{port}",
        "subnet": interface.subnet_id,
        "group": cloud.world.security_groups[0].id,
        "instances": [f"fhmground{number:011}" for number in range(count)],
    }
    file = folder / "ground.json"
    file.write_text(json.dumps(ground), encoding="utf-8")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    spans = (timedelta(milliseconds=int(one)) for one in sys.argv[3:])
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *spans))
