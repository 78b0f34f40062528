"""What a bare gRPC channel sees: the plaintext port, statuses and faults."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.rpc.error_details_pb2 import RequestInfo
from google.rpc.status_pb2 import Status
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceDiskRequest,
    GetInstanceRequest,
    ListInstancesRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.endpoint.api_endpoint_service_pb2 import GetApiEndpointRequest
from yandex.cloud.endpoint.api_endpoint_service_pb2_grpc import ApiEndpointServiceStub
from yandex.cloud.iam.v1.iam_token_service_pb2 import CreateIamTokenRequest
from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import IamTokenServiceStub
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

from fakes.clock import ManualClock
from fakes.compute.creation import small_instance
from fakes.errors import Code
from fakes.faults import Fault, SeenCall, When
from tests.rpc_bench import ANN, running_town

KEY = str(uuid.UUID(int=1, version=4))
KEYED = (("idempotency-key", KEY),)
SECONDS = timedelta(seconds=10)


@pytest.fixture(scope="module")
def town():
    with running_town(ManualClock(datetime(2026, 3, 1, tzinfo=UTC))) as town:
        yield town


@pytest.fixture(autouse=True)
def _fresh(town):
    town.compute.clear()
    town.faults.clear()


@pytest.fixture(scope="module")
def channel(town):
    with grpc.insecure_channel(f"127.0.0.1:{town.server.plain_port}") as channel:
        yield channel


@pytest.fixture(scope="module")
def instances(channel):
    return InstanceServiceStub(channel)


def creation(town):
    return small_instance(town.world, name="web")


def count(instances, town) -> int:
    request = ListInstancesRequest(folder_id=town.world.folder_id)
    return len(instances.List(request).instances)


def refusal(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as refused:
        call()
    return refused.value.code(), refused.value.details()


def test_plaintext_needs_no_token(town, instances):
    """Without a token, the caller is the local subject."""
    operation = instances.Create(creation(town))
    assert operation.created_by == "ajelocal000000000000"


def test_plaintext_refuses_a_wrong_token(town, instances):
    """A token that is sent must be good, on any port."""
    get = GetInstanceRequest(instance_id="x")
    wrong = (("authorization", "Bearer wrong"),)
    code, _ = refusal(lambda: instances.Get(get, metadata=wrong))
    assert code is grpc.StatusCode.UNAUTHENTICATED
    good = (("authorization", f"Bearer {town.token()}"),)
    code, _ = refusal(lambda: instances.Get(get, metadata=good))
    assert code is grpc.StatusCode.NOT_FOUND


def test_a_refusal_carries_the_request(instances):
    """The status has the request's id as its detail, as documented."""
    with pytest.raises(grpc.RpcError) as refused:
        instances.Get(GetInstanceRequest(instance_id="fhmx"))
    status, info = Status(), RequestInfo()
    (raw,) = (
        value
        for key, value in refused.value.trailing_metadata()
        if key == "grpc-status-details-bin"
    )
    status.ParseFromString(raw)
    status.details[0].Unpack(info)
    assert (status.code, status.message) == (5, "Instance fhmx not found")
    assert uuid.UUID(info.request_id).version == 4


def test_what_is_missing_is_unimplemented(instances):
    """A method of the API that the local cloud lacks says so."""
    code, text = refusal(
        lambda: instances.AttachDisk(AttachInstanceDiskRequest(instance_id="x"))
    )
    assert code is grpc.StatusCode.UNIMPLEMENTED
    assert "InstanceService/AttachDisk is not in the local cloud" in text


def test_an_idempotency_key_is_metadata(town, instances):
    """The same call with the same key gets the same operation."""
    first = instances.Create(creation(town), metadata=KEYED)
    assert instances.Create(creation(town), metadata=KEYED) == first
    assert count(instances, town) == 1


def test_an_operation_follows_the_clock(town, instances, channel):
    """It is done when the clock was turned beyond its end, and not before."""
    operations = OperationServiceStub(channel)
    operation = instances.Create(creation(town))
    request = GetOperationRequest(operation_id=operation.id)
    assert not operations.Get(request).done
    town.clock.advance(SECONDS)
    assert operations.Get(request).done


def test_discovery_names_each_endpoint(town, channel):
    """Every service is at the TLS port; an unknown one is not found."""
    endpoints = ApiEndpointServiceStub(channel)
    found = endpoints.Get(GetApiEndpointRequest(api_endpoint_id="vpc"))
    assert found.address == town.server.endpoint
    unknown = GetApiEndpointRequest(api_endpoint_id="moon")
    code, _ = refusal(lambda: endpoints.Get(unknown))
    assert code is grpc.StatusCode.NOT_FOUND


def test_other_credentials_are_refused(channel):
    """OAuth tokens are not implemented, and nonsense is not a JWT."""
    tokens = IamTokenServiceStub(channel)
    oauth = CreateIamTokenRequest(yandex_passport_oauth_token="x")
    assert refusal(lambda: tokens.Create(oauth))[0] is grpc.StatusCode.UNIMPLEMENTED
    nonsense = CreateIamTokenRequest(jwt="x")
    code, _ = refusal(lambda: tokens.Create(nonsense))
    assert code is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("when", "instances_then"), [(When.BEFORE, 0), (When.AFTER, 1)]
)
def test_a_fault_strikes_before_or_after_the_effect(
    town, instances, when, instances_then
):
    """The client sees the same error; only after the effect, there is one."""
    fault = Fault(method="Create", when=when, code=Code.UNAVAILABLE)
    town.faults.add(fault)
    code, _ = refusal(lambda: instances.Create(creation(town)))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert count(instances, town) == instances_then


def test_a_fault_strikes_so_many_times(town, instances):
    """Then, and for other methods, calls succeed again."""
    town.faults.add(
        Fault(method="InstanceService/Create", code=Code.UNAVAILABLE, times=2)
    )
    assert count(instances, town) == 0
    for _ in range(2):
        refusal(lambda: instances.Create(creation(town)))
    assert instances.Create(creation(town))


def test_an_answer_may_be_held(town, instances):
    """The call has taken effect while its client still waits; released, the client
    gets its answer.
    """
    town.faults.add(Fault(method="Create", when=When.AFTER, hold=True))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(instances.Create, creation(town))
        assert town.faults.wait_until_held(SECONDS)
        assert count(instances, town) == 1
        assert not waiting.done()
        town.faults.release()
        assert waiting.result(timeout=10).id


def test_a_client_may_die_while_it_is_held(town, instances):
    """A client that hangs up between effect and answer is not held any more; its next
    call with the same key gets the operation that it missed.
    """
    town.faults.add(Fault(method="Create", when=When.AFTER, hold=True))
    lost = instances.Create.future(creation(town), metadata=KEYED)
    assert town.faults.wait_until_held(SECONDS)
    lost.cancel()
    assert instances.Create(creation(town), metadata=KEYED).id
    assert count(instances, town) == 1


def test_an_answer_may_be_late(town, instances):
    """Latency passes on the cloud's clock, before the effect."""
    town.faults.add(Fault(method="Create", latency=SECONDS))
    arrived = threading.Event()
    answer = instances.Create.future(creation(town))
    answer.add_done_callback(lambda _: arrived.set())
    while not town.clock._sleepers:
        assert count(instances, town) == 0
    town.clock.advance(SECONDS)
    assert arrived.wait(10)
    assert answer.result().created_at.ToDatetime(UTC) == town.clock.now()


def test_calls_are_recorded(town, instances):
    """Method, key and subject of each call are there for assertions."""
    as_ann = (("authorization", f"Bearer {town.token()}"), *KEYED)
    instances.Create(creation(town), metadata=as_ann)
    assert town.faults.seen == [
        SeenCall(
            method="InstanceService/Create", idempotency_key=KEY, subject_id=ANN.id
        )
    ]
