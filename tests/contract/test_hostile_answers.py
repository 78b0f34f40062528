"""Whatever answers for a service, a call ends in a result or in its own error."""

import contextlib
import socket
import threading
import time
from concurrent import futures
from datetime import UTC, datetime

import grpc
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from cli.consumer import receive
from events.attachment import Attachment
from functions._channels import Channels, Endpoints
from functions._compute import GrpcCompute
from functions._ports import CloudError, QueueError
from functions._queue import QueueClient
from functions._sigv4 import StaticKey

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SECRET, TOKEN = "key-secret-of-ours", "t1.token-of-ours"
LONGEST_ERROR = 500

statuses = st.sampled_from([b"200 OK", b"500 No", b"403 No", b"204 None", b"x", b""])
headers = st.sampled_from(
    [
        b"",
        b"Content-Length: 5\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"X: " + b"y" * 70_000 + b"\r\n",
        b"X\r\n" * 300,
        b": \r\n\x00\r\n",
    ]
)
BOMB = b"<!DOCTYPE a [<!ENTITY b0 'ha'>%s]><a>&b30;</a>" % b"".join(
    b"<!ENTITY b%d '&b%d;&b%d;'>" % (n, n - 1, n - 1) for n in range(1, 31)
)
MESSAGE = b"<ReceiveMessageResponse><Message>%s</Message></ReceiveMessageResponse>"
bodies = (
    st.binary(max_size=100)
    | st.sampled_from(
        [BOMB, b"<a>" * 50_000, MESSAGE % b"", MESSAGE % b"<Body>x</Body>"]
    )
    | st.sampled_from(
        [b"<Code>key</Code>", b"<?xml version='9'?>", b"\xff\xfe<\0a\0>\0"]
    )
)


class Answering:
    """A socket on which every connection is answered with the same bytes."""

    def __init__(self):
        self.answer = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/a/b/tasks"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                connection.recv(65_536)
                connection.sendall(self.answer)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def server():
    with contextlib.closing(Answering()) as running:
        yield running


@pytest.fixture(scope="module")
def client():
    key = StaticKey(id="key-id", secret=SECRET)
    with contextlib.closing(QueueClient(key, lambda: NOW, time.monotonic)) as made:
        yield made


@given(statuses, headers, bodies)
def test_no_answer_of_a_queue_is_a_crash(server, client, status, header, body):
    """It is taken, or is an error of the queue; nothing tells the key."""
    server.answer = b"HTTP/1.1 " + status + b"\r\n" + header + b"\r\n" + body
    try:
        found, told = receive(client, server.url), ""
    except QueueError as error:
        found, told = [], str(error)
    assert SECRET not in told
    assert len(told) < LONGEST_ERROR
    assert all(isinstance(one.body, str) for one in found)


@given(st.binary(max_size=200))
def test_no_bytes_are_a_crash(server, client, answer):
    """What is no HTTP at all is an error like another."""
    server.answer = answer
    with contextlib.suppress(QueueError):
        client.call(server.url, "SendMessage", {"MessageBody": "x"})


def test_an_answer_that_never_ends_is_broken_off(client, server, monkeypatch):
    """It is read no further than any queue would say."""
    monkeypatch.setattr("functions._queue._LONGEST", 100_000)
    server.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000
    with pytest.raises(QueueError, match="no answer from the queue"):
        client.call(server.url, "SendMessage", {})


def test_an_answer_that_is_cut_short_is_none(client, server):
    """Part of what a queue says of a batch could hide what it did not take."""
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<SendMessageBatch"
    with pytest.raises(QueueError, match="no answer from the queue"):
        client.call(server.url, "SendMessageBatch", {})


class Liar(grpc.GenericRpcHandler):
    """Answers every call with the bytes, or the error, that it was told."""

    def __init__(self):
        self.answer = b""
        self.error = None

    def service(self, _details):
        return grpc.unary_unary_rpc_method_handler(self._answer)

    def _answer(self, _request, context):
        if self.error:
            context.abort(*self.error)
        return self.answer


@pytest.fixture(scope="module")
def liar():
    authority = trustme.CA()
    ours = authority.issue_cert("localhost")
    chain = b"".join(one.bytes() for one in ours.cert_chain_pems)
    handler = Liar()
    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[handler])
    credentials = grpc.ssl_server_credentials([(ours.private_key_pem.bytes(), chain)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    where = f"localhost:{port}"
    endpoints = Endpoints(compute=where, operation=where, vpc=where)
    channels = Channels(endpoints, authority.cert_pem.bytes(), time.monotonic)
    handler.compute = GrpcCompute(channels, TOKEN)
    yield handler
    channels.close()
    server.stop(None).wait()


WANTED = Attachment(
    instance_id="fhm1", index="1", subnet_id="e9b1", security_group_ids=("enp1",)
)
CALLS = {
    "instance": lambda compute: compute.instance("fhm1"),
    "instances": lambda compute: compute.instances("b1g1", "", 10),
    "operation": lambda compute: compute.operation("fhm1"),
    "attaches": lambda compute: compute.attaches(WANTED),
    "last_stop": lambda compute: compute.last_stop("fhm1") or None,
    "subnet": lambda compute: compute.subnet("e9b1"),
    "group": lambda compute: compute.network_of_group("enp1"),
    "attach": lambda compute: compute.attach(WANTED, "key"),
    "stop": lambda compute: compute.stop("fhm1", "key"),
}


@given(st.sampled_from(sorted(CALLS)), st.binary(max_size=120))
def test_no_answer_of_the_api_is_a_crash(liar, name, answer):
    """It is read, or is an error of the cloud; nothing tells the token."""
    liar.answer, liar.error = answer, None
    told = ""
    try:
        CALLS[name](liar.compute)
    except CloudError as error:
        told = f"{error!r} {error}"
    assert TOKEN not in told


@given(
    st.sampled_from(sorted(CALLS)),
    st.sampled_from([it for it in grpc.StatusCode if it is not grpc.StatusCode.OK]),
    st.text(max_size=200),
)
def test_no_error_of_the_api_is_a_crash(liar, name, code, details):
    """Each is the cloud's error of that code, or, where that says so, nothing."""
    liar.error = (code, details)
    try:
        found, told = CALLS[name](liar.compute), grpc.StatusCode.NOT_FOUND.name
    except CloudError as error:
        found, told = None, error.code
    assert told == code.name
    assert found in (None, [])
