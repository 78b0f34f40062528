"""The queue's client against a server on a real socket, healthy and otherwise."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from functions._ports import QueueError
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey, sign
from tests.unit.peer import HANG_UP, LAST, SILENCE, Peer

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = StaticKey(id="key-id", secret="key-secret")
DENIED = (
    b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>key-secret no</Message>"
)


class Ticks:
    """A clock that goes forward when it is told to."""

    seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def client(ticks):
    return QueueClient(KEY, lambda: NOW, ticks)


@pytest.fixture
def server(client):
    with Peer() as running:
        yield running
        client.close()  # a handler waits for the next call on a kept connection


@pytest.fixture
def mailbox(client, server):
    return QueueMailbox(client, server.url)


def problem(client, url, action="SendMessage"):
    with pytest.raises(QueueError) as caught:
        client.call(url, action, {})
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_call_is_a_signed_form(client, server):
    """Action, version, queue and parameters are posted to the queue's path, signed."""
    answer = client.call(server.url, "ReceiveMessage", {"WaitTimeSeconds": "9"})
    ((path, headers, body),) = server.posts
    form = "application/x-www-form-urlencoded"
    assert (answer, path) == (b"<ok/>", "/folder/id/tasks")
    assert server.forms() == [
        {
            "Action": "ReceiveMessage",
            "Version": "2012-11-05",
            "QueueUrl": server.url,
            "WaitTimeSeconds": "9",
        }
    ]
    signed = sign(KEY, server.url, form, body, NOW)
    assert {name: headers[name] for name in signed} == signed


def test_a_message_is_sent_with_its_attributes(mailbox, server):
    """Attributes are numbered from 1 and typed, as the Query protocol spells them."""
    mailbox.send("\u044f & =", attributes={"id": "request-1", "verdict": "attached"})
    (form,) = server.forms()
    assert {name: form[name] for name in form if name.startswith("Mess")} == {
        "MessageBody": "\u044f & =",
        "MessageAttribute.1.Name": "id",
        "MessageAttribute.1.Value.DataType": "String",
        "MessageAttribute.1.Value.StringValue": "request-1",
        "MessageAttribute.2.Name": "verdict",
        "MessageAttribute.2.Value.DataType": "String",
        "MessageAttribute.2.Value.StringValue": "attached",
    }


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, None), (0, None), (0.001, "1"), (1, "1"), (1.2, "2"), (900, "900")],
)
def test_a_delay_is_rounded_up(mailbox, server, seconds, expected):
    """A message is never seen sooner than asked; without a delay none is named."""
    mailbox.send("x", after=timedelta(seconds=seconds))
    assert server.forms()[0].get("DelaySeconds") == expected


def test_calls_share_a_connection(client, server):
    """A connection is kept from one call to the next."""
    client.call(server.url, "SendMessage", {})
    client.call(server.url, "SendMessage", {})
    assert server.connections == 1


@pytest.mark.parametrize(("pause", "connections"), [(5.0, 1), (5.1, 2)])
def test_a_connection_left_idle_is_not_trusted(
    client, server, ticks, pause, connections
):
    """After more than the idle time the next call connects anew."""
    client.call(server.url, "SendMessage", {})
    ticks.seconds += pause
    client.call(server.url, "SendMessage", {})
    assert server.connections == connections


def test_another_host_is_another_connection(client, server):
    """A queue elsewhere is called where it is."""
    with Peer() as other:
        client.call(server.url, "SendMessage", {})
        client.call(other.url, "SendMessage", {})
        client.close()
        assert (len(server.posts), len(other.posts)) == (1, 1)


@pytest.mark.parametrize("plan", [LAST, HANG_UP])
def test_a_kept_connection_that_closed_is_replaced(client, server, plan):
    """A call that meets a closed connection is made once more, on a fresh one."""
    server.plans = [LAST] if plan == LAST else [(200, b"<ok/>"), HANG_UP]
    client.call(server.url, "SendMessage", {})
    assert client.call(server.url, "SendMessage", {}) == b"<ok/>"
    assert server.connections == 2


def test_a_call_is_repeated_only_once(client, server):
    """A peer that keeps hanging up is no answer, after two attempts."""
    server.plans = [HANG_UP] * 9
    assert problem(client, server.url) == (
        "SendMessage: no answer from the queue: RemoteDisconnected"
    )
    assert len(server.posts) == 2


def test_a_failed_call_leaves_a_working_client(client, server):
    """The call after a failure starts on a connection of its own."""
    server.plans = [HANG_UP, HANG_UP]
    problem(client, server.url)
    assert client.call(server.url, "SendMessage", {}) == b"<ok/>"


def test_a_silent_server_is_not_waited_for(client, server, monkeypatch):
    """Without an answer in time the call fails, and is not made again."""
    server.plans = [SILENCE]
    monkeypatch.setattr("functions._queue.TIMEOUT", timedelta(seconds=0.05))
    assert problem(client, server.url) == (
        "SendMessage: no answer from the queue: TimeoutError"
    )
    assert len(server.posts) == 1


def test_a_kept_connection_takes_the_timeout_of_each_call(client, server, monkeypatch):
    """The time for an answer, and what the service was asked to wait, add up."""
    client.call(server.url, "ReceiveMessage", {})
    server.plans = [SILENCE]
    monkeypatch.setattr("functions._queue.TIMEOUT", timedelta(seconds=-20))
    with pytest.raises(QueueError, match="TimeoutError"):
        client.call(server.url, "ReceiveMessage", {}, wait=timedelta(seconds=20.05))


def test_a_server_that_is_not_there_is_no_answer(client):
    """A refused connection is told by its kind alone."""
    assert problem(client, "http://127.0.0.1:1/q") == (
        "SendMessage: no answer from the queue: ConnectionRefusedError"
    )


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ((400, DENIED), "SendMessage: HTTP 400 AccessDenied"),
        (
            (403, b"<Code>ThrottlingException</Code>"),
            "SendMessage: HTTP 403 ThrottlingException",
        ),
        (
            (400, b"<Code>AWS.SimpleQueueService.X</Code>"),
            "SendMessage: HTTP 400 AWS.SimpleQueueService.X",
        ),
        ((502, b"<html>key-secret</html>"), "SendMessage: HTTP 502"),
        ((500, b"<Code>key secret</Code>"), "SendMessage: HTTP 500"),
    ],
)
def test_an_error_tells_its_code_and_nothing_else(client, server, plan, expected):
    """Status and code are told; whatever else the service says may hold a secret."""
    server.plans = [plan]
    assert problem(client, server.url) == expected


def test_an_https_queue_is_called_over_tls(ticks):
    """Trusted by the given context, an https server is called like any other."""
    authority = trustme.CA()
    here, there = (
        ssl.SSLContext(kind)
        for kind in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER)
    )
    authority.configure_trust(here)
    authority.issue_cert("127.0.0.1").configure_cert(there)
    with Peer(there) as server:
        client = QueueClient(KEY, lambda: NOW, ticks, tls=here)
        assert client.call(server.url, "SendMessage", {}) == b"<ok/>"
        client.close()
