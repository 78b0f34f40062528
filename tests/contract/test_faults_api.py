"""Which calls of the API go wrong, as clients over gRPC and REST see it."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    GetInstanceRequest,
    ListInstancesRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from fakes.caller import Call
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.errors import Code
from fakes.faults import Fault, Plan, When
from fakes.queue import ROUGH, Manners, NewMessage
from fakes.testing import CloudThread
from fakes.triggers.queue_trigger import QueueTrigger
from tests.contract.rest_client import INSTANCES, RestClient

NOW = datetime(2026, 3, 1, tzinfo=UTC)
UNAUTHENTICATED = (grpc.StatusCode.UNAUTHENTICATED, "Token is invalid or has expired.")
OK = (grpc.StatusCode.OK, "")


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(ManualClock(NOW), seed=1)) as thread:
        yield thread


@pytest.fixture
def cloud(thread):
    thread.run(thread.cloud.clear())
    return thread.cloud


@pytest.fixture
def channel(cloud):
    roots = grpc.ssl_channel_credentials(cloud.rpc.ca_pem)
    with grpc.secure_channel(cloud.rpc.endpoint, roots) as channel:
        yield channel


def outcome(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return OK


@pytest.fixture
def look(cloud, channel):
    """Return what lists instances with one token, and tells the outcome."""
    instances = InstanceServiceStub(channel)
    request = ListInstancesRequest(folder_id=cloud.world.folder_id)

    def look(token):
        metadata = (("authorization", f"Bearer {token.value}"),)
        return outcome(lambda: instances.List(request, metadata=metadata, timeout=20))

    return look


def create(thread, name):
    """Create an instance behind the sockets; return its id."""
    cloud = thread.cloud
    request = small_instance(cloud.world, name=name)
    begun = thread.call(cloud.compute.begin, request, cloud.clock.now(), Call())
    return begun.metadata.value.decode()[2:]


@pytest.mark.parametrize(
    ("when", "first"), [(When.BEFORE, UNAUTHENTICATED), (When.AFTER, OK)]
)
def test_tokens_expire(thread, cloud, look, when, first):
    """The old ones are refused from that call on, or the next; a new one is not."""
    token = thread.call(cloud.token)
    cloud.faults.add(Fault(method="List", when=when, expire_tokens=True))
    assert [look(token), look(token)] == [first, UNAUTHENTICATED]
    assert look(thread.call(cloud.token)) == OK


def test_who_needs_no_token_does_not_notice(cloud):
    """On the plaintext port, a call without one goes on."""
    cloud.faults.add(Fault(method="List", expire_tokens=True))
    address = f"127.0.0.1:{cloud.rpc.plain_port}"
    request = ListInstancesRequest(folder_id=cloud.world.folder_id)
    with grpc.insecure_channel(address) as channel:
        instances = InstanceServiceStub(channel)
        assert outcome(lambda: instances.List(request, timeout=20)) == OK


def test_one_instance_may_be_unlucky(thread, cloud, channel):
    """Calls about any other are answered."""
    one, other = create(thread, "web-1"), create(thread, "web-2")
    cloud.faults.add(Fault(method="*", resource=one, code=Code.INTERNAL, times=9))
    instances = InstanceServiceStub(channel)
    token = thread.call(cloud.token).value

    def get(instance_id):
        request = GetInstanceRequest(instance_id=instance_id)
        metadata = (("authorization", f"Bearer {token}"),)
        return outcome(lambda: instances.Get(request, metadata=metadata, timeout=20))

    assert [get(one)[0], get(other), get(one)[0]] == [
        grpc.StatusCode.INTERNAL,
        OK,
        grpc.StatusCode.INTERNAL,
    ]


def test_calls_beyond_a_quota_are_throttled(thread, cloud, look):
    """So many pass in a second; a second later, as many again."""
    cloud.faults.add(Fault(method="List", above=2, code=Code.RESOURCE_EXHAUSTED))
    token = thread.call(cloud.token)
    codes = [look(token)[0] for _ in range(3)]
    cloud.clock.advance(timedelta(seconds=1))
    codes.append(look(token)[0])
    good, throttled = grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED
    assert codes == [good, good, throttled, good]


def test_bad_luck_repeats_itself(thread, cloud):
    """After a clear, the same calls fail: the dice follow the cloud's seed."""

    def story():
        thread.run(cloud.clear())
        cloud.faults.add(Fault(method="List", probability=0.5, code=Code.UNAVAILABLE))
        rest = RestClient(cloud.rest_url, thread.call(cloud.token).value)
        path = f"{INSTANCES}?folderId={cloud.world.folder_id}"
        try:
            return [rest.ask("GET", path)[0] for _ in range(20)]
        finally:
            rest.connection.close()

    first = story()
    assert set(first) == {200, 503}
    assert story() == first


def test_a_plan_is_carried_out_and_told(thread, cloud):
    """Faults are added; manners and repeats change only where it says so."""
    fault = Fault(method="List", code=Code.UNAVAILABLE, times=2)
    thread.call(cloud.carry_out, Plan(faults=(fault,), repeats=0.5))
    thread.call(cloud.carry_out, Plan(faults=(fault,), manners=ROUGH))
    assert cloud.plan() == Plan(faults=(fault, fault), manners=ROUGH, repeats=0.5)
    thread.call(cloud.calm)
    assert cloud.plan() == Plan(manners=Manners(), repeats=0.0)


def test_what_was_chosen_at_the_start_stays():
    """Which protocols are understood is no matter of manners; calm is as at first."""
    first = Manners(json_protocol=True, duplicates=0.5)
    with CloudThread(lambda: LocalCloud(ManualClock(NOW), manners=first)) as thread:
        cloud = thread.cloud
        thread.call(cloud.carry_out, Plan(manners=Manners(unordered=True)))
        assert cloud.queues.manners == Manners(json_protocol=True, unordered=True)
        thread.call(cloud.calm)
        assert cloud.queues.manners == first


class Work:
    """A function that notes what it was called with."""

    concurrency = 1

    def __init__(self):
        self.bodies = []

    async def invoke(self, event):
        self.bodies += [one["details"]["message"]["body"] for one in event["messages"]]


def test_triggers_of_a_cloud_deliver_twice(thread, cloud):
    """As long as the plan says so, and not once it is called off."""
    work = Work()
    queue = thread.call(cloud.queues.create, "tasks", NOW)
    thread.call(cloud.runner.bind, QueueTrigger(queue=queue, place=cloud.place), work)
    for body in "ab":
        plan = Plan(repeats=1) if body == "a" else Plan(repeats=0)
        thread.call(cloud.carry_out, plan)
        thread.call(queue.send, NewMessage(body=body), cloud.clock.now())
        thread.run(cloud.pass_time())
    assert work.bodies == ["a", "a", "b"]
