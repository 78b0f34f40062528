"""A connection dies without a sign, as unmodified clients meet it."""

import asyncio
import contextlib
import http.client
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import boto3
import grpc
import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from yandex.cloud.compute.v1.instance_service_pb2 import ListInstancesRequest
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.faults import Fault, When
from fakes.testing import CloudThread

SHORT = 0.3  # seconds until a client gives up
LONG = 20
PATIENCE = timedelta(seconds=LONG)
LATE = grpc.StatusCode.DEADLINE_EXCEEDED
# The SDK is older than the Pythons that deprecate what it uses.
old = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")
# Otherwise channels to one address share a connection.
OWN = (("grpc.use_local_subchannel_pool", 1),)
KEEPALIVE = (
    ("grpc.keepalive_time_ms", 1000),
    ("grpc.keepalive_timeout_ms", 300),
    ("grpc.keepalive_permit_without_calls", 1),
)


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(SystemClock(), seed=1)) as thread:
        yield thread


@pytest.fixture
def cloud(thread):
    thread.run(thread.cloud.clear())
    return thread.cloud


@contextlib.contextmanager
def channel(cloud, *options):
    address = f"127.0.0.1:{cloud.rpc.plain_port}"
    with grpc.insecure_channel(address, (*OWN, *options)) as one:
        yield InstanceServiceStub(one)


def look(instances, cloud, within=LONG):
    """List instances; return how many there are, or the code of the refusal."""
    request = ListInstancesRequest(folder_id=cloud.world.folder_id)
    try:
        return len(instances.List(request, timeout=within).instances)
    except grpc.RpcError as error:
        return error.code()


def test_every_later_call_on_a_silent_channel_fails(cloud):
    """By its deadline; on a new channel, all is well."""
    with channel(cloud) as instances, channel(cloud) as others:
        assert (look(instances, cloud), look(others, cloud)) == (0, 0)
        cloud.faults.add(Fault(method="InstanceService/List", silent=True))
        assert [look(instances, cloud, SHORT) for _ in range(3)] == [LATE] * 3
        assert look(others, cloud) == 0
    with channel(cloud) as instances:
        assert look(instances, cloud) == 0
    assert len(cloud.faults.struck) == 1


@pytest.mark.parametrize(("when", "created"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_a_connection_goes_silent_on_either_side_of_the_effect(cloud, when, created):
    """The client cannot tell whether its call did anything."""
    cloud.faults.add(Fault(method="Create", when=when, silent=True))
    request = small_instance(cloud.world, name="web")
    with channel(cloud) as instances, pytest.raises(grpc.RpcError) as late:
        instances.Create(request, timeout=SHORT)
    assert late.value.code() is LATE
    with channel(cloud) as instances:
        assert look(instances, cloud) == created


def test_an_answer_under_way_is_lost_too(cloud):
    """Of two calls on one connection, the slow one hears nothing either."""

    async def story():
        address = f"127.0.0.1:{cloud.rpc.plain_port}"
        async with grpc.aio.insecure_channel(address) as one:
            instances = InstanceServiceStub(one)
            request = ListInstancesRequest(folder_id=cloud.world.folder_id)
            first = instances.List(request, timeout=SHORT * 3)
            await asyncio.to_thread(cloud.faults.wait_until_held, PATIENCE)
            second = instances.List(request, timeout=SHORT)
            codes = [await second.code()]
            cloud.faults.release()
            return [*codes, await first.code()]

    cloud.faults.add(Fault(method="List", hold=True), Fault(method="List", silent=True))
    assert asyncio.run(story()) == [LATE, LATE]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, pings are answered")
def test_keepalive_finds_it_out(cloud):
    """A client that pings sees the connection lost, and makes another."""
    with channel(cloud, *KEEPALIVE) as instances:
        cloud.faults.add(Fault(method="List", silent=True))
        assert look(instances, cloud) is grpc.StatusCode.UNAVAILABLE
        assert look(instances, cloud) == 0


def list_over_http(cloud):
    """Return the status of an answer over REST, None if none comes."""
    host = urlsplit(cloud.rest_url).netloc
    token = {"Authorization": f"Bearer {cloud.token().value}"}
    path = f"/compute/v1/instances?folderId={cloud.world.folder_id}"
    connection = http.client.HTTPConnection(host, timeout=SHORT)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=token)
        try:
            return connection.getresponse().status
        except TimeoutError:
            return None


def test_over_rest_a_call_hears_nothing(cloud):
    """The next connection is answered."""
    cloud.faults.add(Fault(method="InstanceService/List", silent=True))
    assert [list_over_http(cloud) for _ in range(2)] == [None, 200]


@old
@pytest.mark.parametrize("action", ["list_queues", "create_queue"])
def test_message_queue_goes_silent(cloud, action):
    """A client that waits hears nothing; its next call is answered."""
    client = boto3.client(
        "sqs",
        endpoint_url=cloud.queues.base_url,
        region_name="ru-central1",
        aws_access_key_id=cloud.key.id,
        aws_secret_access_key=cloud.key.secret,
        config=Config(retries={"max_attempts": 0}, read_timeout=SHORT),
    )
    wishes = {"QueueName": "tasks"} if action == "create_queue" else {}
    cloud.faults.add(Fault(method="MessageQueue/*", silent=True))
    with contextlib.closing(client):
        with pytest.raises(ReadTimeoutError):
            getattr(client, action)(**wishes)
        assert getattr(client, action)(**wishes)["ResponseMetadata"]


def test_a_cloud_with_silent_clients_stops_in_time():
    """Nobody is waited for who hears nothing."""
    with CloudThread(lambda: LocalCloud(SystemClock(), seed=1)) as thread:
        thread.cloud.faults.add(Fault(method="List", silent=True, times=2))
        list_over_http(thread.cloud)
        with channel(thread.cloud) as instances:
            assert look(instances, thread.cloud, SHORT) is LATE
            thread.run(thread.cloud.stop(), within=timedelta(seconds=5))
