"""The local cloud in a thread, for tests that are not asynchronous."""

import asyncio
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import GetInstanceRequest

from fakes.caller import Call
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud, Ports
from fakes.compute.creation import small_instance
from fakes.endpoints import write_secret
from fakes.testing import CloudThread
from fakes.triggers.logging_trigger import LoggingTrigger

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MOMENT = timedelta(milliseconds=10)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def thread(clock):
    with CloudThread(lambda: LocalCloud(clock, seed=1)) as thread:
        yield thread


class Heard:
    """A function that keeps what it is called with."""

    concurrency = 1

    def __init__(self):
        self.events = []

    async def invoke(self, event):
        self.events.append(event)


def is_open(address):
    host, port = address.rsplit(":", 1)
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_the_cloud_lives_in_a_thread_of_its_own(thread):
    """What goes through `call` and `run` is done there, not here."""
    there = thread.call(threading.current_thread)
    assert there is not threading.current_thread()


def test_results_and_errors_come_back(thread):
    """What is raised there is raised here."""
    assert thread.call(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        thread.call(divmod, 1, 0)


def test_nothing_is_waited_for_for_ever(thread):
    """What takes longer than it may is given up, there as well."""
    ended = threading.Event()

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(TimeoutError):
        thread.run(work(), MOMENT)
    assert ended.wait(timeout=10)


def test_a_seed_repeats_the_cloud(clock):
    """Two clouds of one seed have the same ids, keys and tokens."""

    def known():
        with CloudThread(lambda: LocalCloud(clock, seed=7)) as thread:
            cloud = thread.cloud
            return cloud.place, cloud.key, thread.call(cloud.token).value

    assert known() == known()


def test_passing_time_ends_operations_and_calls_functions(thread, clock):
    """All that is due by the new time has happened when it returns."""
    cloud, function = thread.cloud, Heard()
    trigger = LoggingTrigger(cloud.audit_group, cloud.chance, cutoff=SECOND)
    thread.call(cloud.runner.bind, trigger, function)
    request = small_instance(cloud.world, name="web")
    operation = thread.call(cloud.compute.begin, request, clock.now(), Call())
    for _ in range(6):
        clock.advance(SECOND)
        thread.run(cloud.pass_time())
    instance_id = operation.metadata.value.decode()[2:]
    seen = thread.call(
        cloud.compute.get, GetInstanceRequest(instance_id=instance_id), clock.now()
    )
    assert seen.status == Instance.Status.RUNNING
    assert len(function.events) == 2


def test_after_the_end_nobody_listens(clock):
    """All ports are closed."""
    with CloudThread(lambda: LocalCloud(clock)) as thread:
        cloud = thread.cloud
        addresses = [
            cloud.rpc.endpoint,
            f"127.0.0.1:{cloud.rpc.plain_port}",
            cloud.queues.base_url.removeprefix("http://"),
            cloud.metadata_address,
            cloud.rest_url.removeprefix("http://"),
        ]
        assert all(map(is_open, addresses))
    assert not any(map(is_open, addresses))


@pytest.mark.parametrize("name", ["grpc", "queue", "rest"])
def test_a_cloud_that_cannot_start_leaves_nothing(clock, name):
    """The error is raised, its thread has ended, what was open is closed."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = Ports(**{name: taken.getsockname()[1]})
        thread = CloudThread(lambda: LocalCloud(clock, ports=ports))
        with pytest.raises((OSError, RuntimeError)):
            thread.__enter__()
    assert not thread._thread.is_alive()


def test_a_secret_is_its_owners_alone(tmp_path):
    """Also where an older draft lay open to others."""
    (tmp_path / "key.json.new").touch(mode=0o666)
    file = tmp_path / "key.json"
    write_secret(file, "secret")
    assert file.read_text() == "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
