"""The API over HTTP does what it does over gRPC."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest
from google.protobuf.json_format import MessageToDict, Parse
from google.protobuf.message_factory import GetMessageClass
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub

from fakes.caller import LOCAL
from fakes.errors import Code
from fakes.faults import Fault, SeenCall, When
from fakes.http.rest_answers import STATUSES
from fakes.http.rest_bindings import bindings_of
from fakes.rpc.server import _SERVICES
from tests.contract.rest_client import INSTANCES, creation, resting_cloud

KEY = str(uuid.UUID(int=1, version=4))
SECONDS = timedelta(seconds=10)
METADATA = "type.googleapis.com/yandex.cloud.compute.v1.AttachInstanceNetwork"
METHODS = {
    f"{service.name}/{method.name}": method
    for service in _SERVICES
    for method in service.methods
}


@pytest.fixture(scope="module")
def running():
    with resting_cloud() as running:
        yield running


@pytest.fixture
def rest(running):
    with running.fresh_client() as client:
        yield client


@pytest.fixture
def cloud(running):
    return running.cloud


@pytest.fixture
def channel(cloud):
    with grpc.insecure_channel(f"127.0.0.1:{cloud.rpc.plain_port}") as channel:
        yield channel


def created(running, rest, name="web"):
    """Return the id of a new instance, which runs."""
    status, operation = rest.ask("POST", INSTANCES, creation(running.cloud, name))
    assert (status, operation["done"]) == (200, False)
    running.pass_time(SECONDS)
    return operation["metadata"]["instanceId"]


def stopped(running, rest):
    instance_id = created(running, rest)
    assert rest.ask("POST", f"{INSTANCES}/{instance_id}:stop")[0] == 200
    running.pass_time(SECONDS)
    return instance_id


def interface(cloud):
    return {
        "networkInterfaceIndex": "1",
        "subnetId": cloud.world.subnet_in("ru-central1-a").id,
        "primaryV4AddressSpec": {"dnsRecordSpecs": [{"fqdn": "a.b.", "ttl": "600"}]},
        "securityGroupIds": [cloud.world.security_groups[0].id],
    }


def over_grpc(channel, method, request, metadata):
    """Return what `RestClient.ask` would, of a call over gRPC."""
    call = channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    try:
        return 200, MessageToDict(call(request, metadata=metadata))
    except grpc.RpcError as error:
        code = Code(error.code().value[0])
        return STATUSES[code], {"code": int(code), "message": error.details()}


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_where_its_annotation_says(name, cloud, rest, channel):
    """With nothing but ids of what does not exist, each method of each service that is
    served over gRPC gives the same answer, or refuses with the same code and text.
    """
    method = METHODS[name]
    expected = None
    for binding in bindings_of(method):
        fields = {one.field: "x" for one in binding.template.variables}
        template = binding.template
        path = "/" + "/".join(template.segments).replace("*", "x")
        verb = f":{template.verb}" if template.verb else ""
        request = GetMessageClass(method.input_type)(**fields)
        expected = over_grpc(channel, method, request, rest.metadata)
        before = len(cloud.faults.seen)
        status, answer = rest.ask(binding.verb, path + verb)
        answer.pop("details", None)
        assert (status, answer) == expected
        if status != STATUSES[Code.UNIMPLEMENTED]:
            assert [one.method for one in cloud.faults.seen[before:]] == [name]
    assert expected


def test_attach_over_both_is_one_operation(running, cloud, rest, channel):
    """With one key, the second call gets the operation of the first, whichever way it
    comes, and what it gets is the same.
    """
    instance_id, wanted = stopped(running, rest), interface(cloud)
    path = f"{INSTANCES}/{instance_id}:attachNetworkInterface"
    status, operation = rest.ask("POST", path, wanted, idempotency_key=KEY)
    request = AttachInstanceNetworkInterfaceRequest(instance_id=instance_id)
    Parse(json.dumps(wanted), request)
    same = InstanceServiceStub(channel).AttachNetworkInterface(
        request, metadata=(("idempotency-key", KEY), *rest.metadata)
    )
    assert (status, operation) == (200, MessageToDict(same) | {"done": False})
    assert operation["metadata"] == {
        "@type": f"{METADATA}InterfaceMetadata",
        "instanceId": instance_id,
        "networkInterfaceIndex": "1",
    }
    assert rest.ask("POST", path, wanted, idempotency_key=KEY)[1] == operation


def test_an_operation_is_followed_to_its_end(running, cloud, rest, channel):
    """Done, it has its response with the type, and int64 and enums as text."""
    instance_id = stopped(running, rest)
    path = f"{INSTANCES}/{instance_id}:attachNetworkInterface"
    _, operation = rest.ask("POST", path, interface(cloud))
    operation_id = operation["id"]
    assert rest.ask("GET", f"/operations/{operation_id}") == (200, operation)
    running.pass_time(SECONDS)
    _, done = rest.ask("GET", f"/operations/{operation_id}")
    request = GetOperationRequest(operation_id=operation_id)
    assert done == MessageToDict(OperationServiceStub(channel).Get(request))
    assert done["response"]["@type"].endswith("yandex.cloud.compute.v1.Instance")
    assert done["response"]["status"] == "STOPPED"
    interface_ = done["response"]["networkInterfaces"][1]
    assert interface_["primaryV4Address"]["dnsRecords"][0]["ttl"] == "600"


def test_lists_come_page_by_page(running, cloud, rest):
    """A token goes to the client and back, until there is none; names filter."""
    ids = sorted(created(running, rest, name) for name in ("a1", "b1", "c1"))
    where = f"{INSTANCES}?folderId={cloud.world.folder_id}"
    _, first = rest.ask("GET", f"{where}&pageSize=2")
    token = first["nextPageToken"]
    _, last = rest.ask("GET", f"{where}&page_size=2&pageToken={token}")
    shown = [one["id"] for page in (first, last) for one in page["instances"]]
    assert (sorted(shown), "nextPageToken" in last) == (ids, False)
    _, found = rest.ask("GET", f"{where}&filter=name%3D%22b1%22")
    assert [one["name"] for one in found["instances"]] == ["b1"]
    assert rest.ask("GET", f"{where}&filter=name%3D%22z1%22") == (200, {})


def test_operations_in_a_list_tell_whether_they_are_done(running, rest):
    """Those under way say so, and those that ended."""
    instance_id = created(running, rest)
    rest.ask("POST", f"{INSTANCES}/{instance_id}:stop")
    _, found = rest.ask("GET", f"{INSTANCES}/{instance_id}/operations")
    assert sorted(one["done"] for one in found["operations"]) == [False, True]


def test_an_error_is_documented_json(rest):
    """(yandex-cloud/docs: en/_includes/errors-handling.md) shows its form."""
    status, error = rest.ask("GET", f"{INSTANCES}/fhmx")
    [detail] = error.pop("details")
    assert (status, error) == (404, {"code": 5, "message": "Instance fhmx not found"})
    assert detail.pop("@type") == "type.googleapis.com/google.rpc.RequestInfo"
    assert uuid.UUID(detail.pop("requestId")).version == 4
    assert detail == {}


@pytest.mark.parametrize("header", [None, "", "wrong", "Bearer wrong", "Bearer"])
def test_no_token_no_answer(rest, header):
    """What is missing, unknown or of another kind is refused alike."""
    rest.headers = {} if header is None else {"Authorization": header}
    status, error = rest.ask("GET", f"{INSTANCES}/x")
    text = "Token is invalid or has expired."
    assert (status, error["code"], error["message"]) == (401, 16, text)


def test_a_token_expires(running, rest):
    """After twelve hours, as over gRPC."""
    assert rest.ask("GET", f"{INSTANCES}/x")[0] == 404
    running.pass_time(timedelta(hours=12))
    assert rest.ask("GET", f"{INSTANCES}/x")[0] == 401


def test_a_token_needs_none(rest):
    """Discovery and tokens are public; a form with JSON in it will do."""
    rest.headers = {}
    assert rest.ask("GET", "/endpoints/vpc")[1]["id"] == "vpc"
    status, error = rest.ask("POST", "/iam/v1/tokens", {"jwt": "x"})
    assert (status, error["code"]) == (401, 16)
    assert error["message"].startswith("JWT is invalid")


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("when", When)
def test_faults_strike_over_http_too(cloud, rest, when, code):
    """Each code has its status; after the effect, there is one."""
    fault = Fault(method="InstanceService/Create", when=when, code=code)
    cloud.faults.add(fault)
    status, error = rest.ask("POST", INSTANCES, creation(cloud, "web"))
    assert (status, error["code"]) == (STATUSES[code], code)
    _, found = rest.ask("GET", f"{INSTANCES}?folderId={cloud.world.folder_id}")
    assert len(found.get("instances", ())) == (when is When.AFTER)


def test_calls_are_recorded(cloud, rest):
    """Method, key and subject are those of the header and the token."""
    wanted = creation(cloud, "web")
    _, operation = rest.ask("POST", INSTANCES, wanted, idempotency_key=KEY)
    who = operation["createdBy"]
    assert who != LOCAL.id
    assert cloud.faults.seen == [
        SeenCall(method="InstanceService/Create", idempotency_key=KEY, subject_id=who)
    ]


def test_an_answer_may_be_held(cloud, rest):
    """The call has taken effect while its client still waits."""
    cloud.faults.add(Fault(method="Create", when=When.AFTER, hold=True))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(rest.ask, "POST", INSTANCES, creation(cloud, "web"))
        assert cloud.faults.wait_until_held(SECONDS)
        assert not waiting.done()
        cloud.faults.release()
        assert waiting.result(timeout=10)[0] == 200
