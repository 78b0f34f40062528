"""A running cloud begins again behind the same sockets."""

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from botocore.exceptions import ClientError
from yandex.cloud.compute.v1.instance_service_pb2 import GetInstanceRequest
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandexcloud import SDK

from fakes.caller import Call
from fakes.clock import ManualClock, SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.endpoints import endpoints_of
from fakes.errors import Code as ApiCode
from fakes.estate import new_estate
from fakes.faults import Fault
from fakes.serverless.instance import Code
from fakes.testing import CloudThread
from fakes.triggers.envelope import Place
from fakes.triggers.queue_trigger import QueueTrigger
from tests.contract.invoking import Front, shows
from tests.contract.queue_clients import code, make_client
from tests.contract.rest_client import INSTANCES, RestClient

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - signatures name the day
PATIENCE = timedelta(seconds=20)
MOMENT = timedelta(milliseconds=10)


class WatchedClock(ManualClock):
    """A clock that tells when somebody lies down to sleep."""

    def __init__(self):
        super().__init__(NOW)
        self.asleep = threading.Event()

    async def sleep_until(self, moment):
        self.asleep.set()
        await super().sleep_until(moment)


@pytest.fixture(scope="module")
def shared():
    with CloudThread(lambda: LocalCloud(WatchedClock(), seed=1)) as thread:
        yield thread


@pytest.fixture
def thread(shared):
    shared.run(shared.cloud.clear())
    return shared


@pytest.fixture
def caller():
    with ThreadPoolExecutor() as pool:
        yield pool


def instances(thread):
    cloud = thread.cloud
    return SDK(
        endpoint=cloud.rpc.endpoint,
        root_certificates=cloud.rpc.ca_pem,
        iam_token=thread.call(cloud.token).value,
    ).client(InstanceServiceStub)


@contextlib.contextmanager
def rest(thread):
    token = thread.call(thread.cloud.token).value
    client = RestClient(thread.cloud.rest_url, token)
    with contextlib.closing(client.connection):
        yield client


def seen(thread, path):
    with rest(thread) as client:
        return client.ask("GET", f"{INSTANCES}{path}")


def sqs(thread, folder):
    key = thread.cloud.key
    return make_client(thread.cloud.queues, "query", folder, key.id, key.secret)


def begin(thread, request):
    cloud = thread.cloud
    return thread.call(cloud.compute.begin, request, cloud.clock.now(), Call())


def test_everything_is_as_at_first(thread, tmp_path):
    """Ports, certificate, and under a seed also ids, keys and tokens."""
    cloud = thread.cloud

    def known():
        thread.run(cloud.clear())
        return thread.call(endpoints_of, cloud, tmp_path), cloud.rpc.ca_pem

    assert known() == known()


def test_another_seed_gives_other_names(thread):
    """The cloud's own seed is only what it goes back to."""
    cloud = thread.cloud
    first = cloud.world.folder_id
    thread.run(cloud.clear(seed=2))
    assert cloud.world.folder_id != first
    thread.run(cloud.clear())
    assert cloud.world.folder_id == first


def test_nothing_is_left(thread, tmp_path):
    """Instances and queues are gone, for every protocol, and so are plans."""
    cloud = thread.cloud
    instance_id = begin(
        thread, small_instance(cloud.world, name="web")
    ).metadata.value.decode()[2:]
    sqs(thread, tmp_path).create_queue(QueueName="tasks")
    cloud.faults.add(Fault(method="Get", code=ApiCode.UNAVAILABLE, times=9))
    thread.run(cloud.clear())
    with pytest.raises(grpc.RpcError) as refused:
        instances(thread).Get(GetInstanceRequest(instance_id=instance_id))
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
    assert seen(thread, f"/{instance_id}")[0] == 404
    assert "QueueUrls" not in sqs(thread, tmp_path).list_queues()


def test_a_long_poll_ends(thread, caller, tmp_path):
    """Who waits for a message of a queue that is gone waits no longer."""
    cloud, client = thread.cloud, sqs(thread, tmp_path)
    url = client.create_queue(QueueName="tasks")["QueueUrl"]
    cloud.clock.asleep.clear()
    poll = caller.submit(client.receive_message, QueueUrl=url, WaitTimeSeconds=20)
    assert cloud.clock.asleep.wait(PATIENCE.total_seconds())
    thread.run(cloud.clear())
    with pytest.raises(ClientError, match="503"):
        poll.result(PATIENCE.total_seconds())
    assert code(client.receive_message, QueueUrl=url).endswith("NonExistentQueue")


def test_a_held_call_ends(thread, caller):
    """Over gRPC as UNAVAILABLE, over REST as 503, and without an effect."""
    cloud, old = thread.cloud, thread.cloud.faults
    old.add(Fault(method="Get", hold=True, times=2))
    request = GetInstanceRequest(instance_id="fhm")
    called = caller.submit(instances(thread).Get, request, timeout=20)
    with rest(thread) as client:
        client.connection.request("GET", f"{INSTANCES}/fhm", headers=client.headers)
        assert old.wait_until_held(PATIENCE, calls=2)
        thread.run(cloud.clear())
        assert client.connection.getresponse().status == 503
    with pytest.raises(grpc.RpcError) as broken:
        called.result(PATIENCE.total_seconds())
    assert broken.value.code() == grpc.StatusCode.UNAVAILABLE
    assert cloud.faults.seen == []


def test_a_client_that_hangs_up_is_none_of_this(thread):
    """A cancelled call stays cancelled, and others are not disturbed."""
    cloud = thread.cloud
    cloud.faults.add(Fault(method="Get", hold=True))
    request = GetInstanceRequest(instance_id="fhm")
    call = instances(thread).Get.future(request)
    assert cloud.faults.wait_until_held(PATIENCE)
    call.cancel()
    assert call.code() == grpc.StatusCode.CANCELLED
    assert seen(thread, "/fhm")[0] == 404


def test_functions_end_and_their_urls_are_forgotten(thread, tmp_path):
    """Processes too; their triggers call nobody any more."""
    cloud, front = thread.cloud, Front(thread)
    (tmp_path / "entry.py").write_text("def shows(event, _): return {}")
    place = Code(folder=tmp_path, entrypoint="entry.shows", environment={})
    function = thread.call(lambda: cloud.functions.deploy("f", place))
    queue = thread.call(cloud.queues.create, "tasks", cloud.clock.now())
    trigger = QueueTrigger(queue=queue, place=Place(cloud_id="c", folder_id="f"))
    thread.call(cloud.runner.bind, trigger, function)
    front.serve(function)
    front.route("/here", shows)
    assert front.call()[0] == 200
    assert len(function.instances) == 1
    thread.run(cloud.clear())
    assert function.instances == []
    assert front.call()[0] == 404
    assert front.call("/here")[0] == 404


def test_a_cloud_in_real_time_goes_on():
    """It looks after the new operations, with the durations that it was given."""

    async def lives():
        quick = Durations.all(MOMENT)
        cloud = LocalCloud(SystemClock(), durations=quick)
        async with cloud.running():
            await cloud.clear()
            request = small_instance(cloud.world, name="web")
            ended = asyncio.Event()
            cloud.compute.begin(request, cloud.clock.now(), Call())
            cloud.compute.on_change.append(ended.set)
            cloud.audit_group.subscribe(lambda _entry: ended.set())
            await asyncio.wait_for(ended.wait(), PATIENCE.total_seconds())

    asyncio.run(lives())


def test_an_estate_of_our_own_can_move_in(thread):
    """What the models hold is what clients see."""
    estate = new_estate(seed=3)
    thread.run(thread.cloud.replace(estate))
    assert thread.cloud.estate is estate
    assert seen(thread, f"?folderId={estate.world.folder_id}") == (200, {})


def test_who_waits_for_a_function_gets_none(thread, caller, tmp_path):
    """A call that waited for an instance does not start a new one afterwards."""
    cloud, front = thread.cloud, Front(thread)
    (tmp_path / "entry.py").write_text(
        "import threading\n\ndef hangs(_event, _context):\n"
        "    print('begun', flush=True)\n    threading.Event().wait()\n"
    )
    place = Code(folder=tmp_path, entrypoint="entry.hangs", environment={})
    begun = threading.Event()
    function = thread.call(
        lambda: cloud.functions.deploy("f", place, lambda _line: begun.set())
    )
    front.serve(function)
    calls = [caller.submit(front.call) for _ in range(2)]
    assert begun.wait(PATIENCE.total_seconds())
    thread.run(cloud.clear())
    statuses = [call.result(PATIENCE.total_seconds())[0] for call in calls]
    assert statuses == [503, 503]
    assert function.instances == []
