"""How many deliveries of a batch are worked through, by the number of threads.

For whoever chooses that number; it has no budget.  The local cloud runs in a process
of its own, and answers every call after a while, as the real one does.  Every
delivery is a dry run: it reads an instance, a subnet and a group, and publishes an
outcome.
"""

import contextlib
import json
import multiprocessing
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import structlog

from cli.deployment import create_queues, environment
from events.envelope import deliveries
from fakes.caller import Call
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.faults import Fault
from fakes.serverless.bootstrap import Context
from fakes.testing import CloudThread
from functions._batch import work_through
from functions._settings import read_settings
from functions._wiring import build, utc_now
from tests.benchmarks.figures import Figure
from tests.scenario.stage import NEVER

METHODS = ["InstanceService/Get", "SubnetService/Get", "SecurityGroupService/Get"]
METHODS += ["MessageQueue/SendMessage"]
THREADS = (1, 4, 8, 16, 32)
LATENCIES = (timedelta(0), timedelta(milliseconds=50))
COUNT = 100


def serve(pipe, ca_file, latency):
    """Run a cloud with one instance until told to stop."""
    durations = Durations.all(timedelta(milliseconds=1))
    with CloudThread(lambda: LocalCloud(SystemClock(), durations=durations)) as thread:
        cloud = thread.cloud
        queues = thread.call(create_queues, cloud)
        created = thread.call(
            cloud.compute.begin,
            small_instance(cloud.world, name="web-1"),
            utc_now(),
            Call(),
        )
        ca_file.write_bytes(cloud.rpc.ca_pem)
        if latency:
            for method in METHODS:
                cloud.faults.add(Fault(method=method, latency=latency, times=10**9))
        wanted = {
            "instanceId": created.metadata.value.decode()[2:],
            "networkInterfaceIndex": "1",
            "subnetId": cloud.world.subnets[0].id,
            "securityGroupIds": [cloud.world.security_groups[0].id],
            "options": {"dryRun": True, "stopIfRunning": True},
        }
        variables = environment(cloud, queues, {}, ca_file)
        pipe.send((variables, thread.call(cloud.fresh_token)[0], wanted))
        pipe.recv()


def event(wanted, count):
    """Return a queue trigger's event with so many requests."""
    kind = "yandex.cloud.events.messagequeue.QueueMessage"
    return {
        "messages": [
            {
                "event_metadata": {"event_id": f"message-{place}", "event_type": kind},
                "details": {"message": {"body": json.dumps(wanted)}},
            }
            for place in range(count)
        ]
    }


@contextlib.contextmanager
def _cloud(latency):
    """Yield the variables of a function, a token, and what is wanted."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        ca_file = Path(folder) / "ca.pem"
        process = spawn.Process(target=serve, args=(there, ca_file, latency))
        process.start()
        there.close()
        try:
            yield here.recv()
        finally:
            here.send("stop")
            process.join()


def _rates(latency):
    """Yield deliveries in a second for each number of threads."""
    with _cloud(latency) as (variables, token, wanted):
        warm = build(read_settings(variables))
        context = Context({"deadline_ms": NEVER, "token": {"access_token": token}})
        follow = warm.clerk(context).handle
        found = deliveries(event(wanted, COUNT))
        for threads in THREADS:
            work_through(found[:2], follow, threads=threads)  # connections
            began = time.perf_counter()
            failures = work_through(found, follow, threads=threads)
            yield threads, COUNT / (time.perf_counter() - began)
            assert not failures, failures
        warm.close()


def figures():
    """Yield the rate of each number of threads, for answers at once and late ones."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for latency in LATENCIES:
        late = latency // timedelta(milliseconds=1)
        for threads, rate in _rates(latency):
            yield Figure(
                name=f"batch, answers after {late} ms, {threads} threads",
                measured=rate,
                unit="/s",
                digits=0,
            )
