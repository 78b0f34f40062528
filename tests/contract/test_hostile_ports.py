"""Whatever is sent to a port of the local cloud, it goes on, and tells no secret."""

import contextlib
import http.client
import logging
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yandex.cloud.compute.v1.instance_service_pb2 import ListInstancesRequest
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.testing import CloudThread
from tests.growth import growth

PORTS = ("gRPC", "gRPC with TLS", "REST", "queue", "metadata", "admin", "functions")
METHODS = sorted(
    f"/yandex.cloud.{service}Service/{method}"
    for service, methods in {
        "compute.v1.Instance": "Get List Create Attach AttachNetworkInterface Update",
        "operation.Operation": "Get Cancel",
        "vpc.v1.Subnet": "Get List Create",
        "iam.v1.IamToken": "Create",
    }.items()
    for method in methods.split()
)
TWO_LENGTHS = (
    b"POST / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n"
    b"Content-Length: 1\r\nContent-Length: 2\r\n"
)
starts = st.sampled_from(
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        b"POST /compute/v1/instances HTTP/1.1\r\nHost: x\r\n",
        b"GET /computeMetadata/v1/ HTTP/1.1\r\nHost: x\r\nMetadata-Flavor: Google\r\n",
        b"POST /faults HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        TWO_LENGTHS,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n[[[[" + b"[" * 5000,
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n",
    ]
)


@pytest.fixture(scope="module")
def thread():
    clock = ManualClock(datetime(2026, 1, 2, tzinfo=UTC))
    with CloudThread(lambda: LocalCloud(clock, seed=1)) as running:
        yield running


def ports(cloud):
    def port(url):
        return urlsplit(url).port

    return {
        "gRPC": cloud.rpc.plain_port,
        "gRPC with TLS": cloud.rpc.tls_port,
        "REST": port(cloud.rest_url),
        "queue": port(cloud.queues.base_url),
        "metadata": int(cloud.metadata_address.rpartition(":")[2]),
        "admin": port(cloud.admin_url),
        "functions": port(cloud.http.base_url),
    }


def say(port, data):
    """Send bytes to a port and hang up; return what came back."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        found = b""
        with contextlib.suppress(OSError):
            while piece := connection.recv(65_536):
                found += piece
        return found


def goes_on(cloud):
    """Tell whether the API, the queues and the admin port answer as ever."""
    with grpc.insecure_channel(f"localhost:{cloud.rpc.plain_port}") as channel:
        request = ListInstancesRequest(folder_id=cloud.world.folder_id)
        assert InstanceServiceStub(channel).List(request, timeout=20) is not None
    for port, status in (("queue", 403), ("admin", 404), ("REST", 404)):
        connection = http.client.HTTPConnection("127.0.0.1", ports(cloud)[port])
        with contextlib.closing(connection):
            connection.request("POST", "/nothing")
            assert connection.getresponse().status == status
    return True


def secrets(cloud):
    return [key.secret for key in cloud.iam.access_keys]


@pytest.mark.parametrize("name", PORTS)
@given(start=starts, rest=st.binary(max_size=100))
def test_no_bytes_are_a_crash(thread, name, start, rest):
    """They are answered, or the connection ends; no key is told."""
    answer = say(ports(thread.cloud)[name], start + rest)
    assert not [one for one in secrets(thread.cloud) if one.encode() in answer]


@given(
    st.sampled_from(METHODS), st.binary(max_size=80), st.text("ab\r\n\0é", max_size=9)
)
def test_no_request_of_the_api_is_a_crash(thread, method, request, text):
    """It is answered, or refused with a code of the API's."""
    where = f"localhost:{thread.cloud.rpc.plain_port}"
    code, told = grpc.StatusCode.OK, ""
    with grpc.insecure_channel(where) as channel:
        metadata = [("idempotency-key-bin", text.encode())]
        try:
            channel.unary_unary(method)(request, timeout=20, metadata=metadata)
        except grpc.RpcError as error:
            code, told = error.code(), error.details()
    assert code is not grpc.StatusCode.UNKNOWN
    assert "Traceback" not in told


def test_it_goes_on(thread):
    """After all of that, and more."""
    for port in ports(thread.cloud).values():
        say(port, b"\0" * 1000)
    assert goes_on(thread.cloud)


def test_memory_does_not_grow(thread, monkeypatch):
    """A thousand bad requests leave nothing behind that the next thousand add to."""
    # pytest keeps what is logged: each bad request's warning.
    monkeypatch.setattr(logging.getLogger("uvicorn.error"), "disabled", True)
    where = ports(thread.cloud)
    asked = [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + b"[" * 900,
        b"GET /%ff?a=%00 HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4 x\r\n\r\n",
        b"nonsense\r\n\r\n",
    ]

    def requests(_turn):
        for number in range(1000):
            names = PORTS[2:]  # gRPC's own memory is not Python's
            say(where[names[number % len(names)]], asked[number % len(asked)])

    assert growth(requests) < 100_000


@pytest.mark.parametrize("depth", [100, 100_000])
def test_depth_is_no_crash(thread, depth):
    """JSON that is nested deeper than the stack is refused, whoever reads it."""
    where = ports(thread.cloud)
    for name, path in (("REST", "/compute/v1/instances"), ("admin", "/faults")):
        connection = http.client.HTTPConnection("127.0.0.1", where[name], timeout=20)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json"}
            token = thread.call(thread.cloud.token).value
            headers["Authorization"] = f"Bearer {token}"
            connection.request("POST", path, b"[" * depth, headers)
            answer = connection.getresponse()
            assert answer.status in (400, 404)
            assert token not in answer.read().decode()
