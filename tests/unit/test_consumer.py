"""A consumer receives and deletes messages, over HTTP."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from cli.consumer import Message, delete, receive
from functions._ports import QueueError
from functions._queue import QueueClient
from functions._sigv4 import StaticKey
from tests.unit.peer import Peer

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = StaticKey(id="k", secret="s")
OK = 200
ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<ReceiveMessageResponse{namespace}>
  <ReceiveMessageResult>{messages}</ReceiveMessageResult>
  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
</ReceiveMessageResponse>"""
MESSAGE = """
    <Message>
      <MessageId>{0}</MessageId><ReceiptHandle>receipt-{0}</ReceiptHandle>
      <MD5OfBody>d</MD5OfBody><Body>{1}</Body>
      <Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>
    </Message>"""


@pytest.fixture
def peer():
    with Peer() as peer:
        yield peer


@pytest.fixture
def client():
    client = QueueClient(KEY, lambda: NOW, time.monotonic)
    yield client
    client.close()


def answer(*messages, namespace=""):
    text = "".join(MESSAGE.format(*one) for one in messages)
    return (OK, ANSWER.format(namespace=namespace, messages=text).encode())


@pytest.mark.parametrize(
    "namespace",
    ["", ' xmlns="http://queue.amazonaws.com/doc/2012-11-05/"'],
    ids=["cloud", "AWS"],
)
def test_messages_are_read(peer, client, namespace):
    """With the namespace of AWS or, as the cloud sends them, without."""
    peer.plans = [answer(("1", "a &lt;b&gt; ы"), ("2", ""), namespace=namespace)]
    assert receive(client, peer.url) == [
        Message(id="1", body="a <b> ы", receipt="receipt-1"),
        Message(id="2", body="", receipt="receipt-2"),
    ]


def test_no_message_is_no_error(peer, client):
    """An empty queue is an empty list."""
    peer.plans = [answer()]
    assert receive(client, peer.url) == []


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [({}, "20"), ({"wait": timedelta(0)}, "0"), ({"wait": timedelta(seconds=3)}, "3")],
    ids=["default", "none", "some"],
)
def test_ten_at_most_are_waited_for(peer, client, wait, seconds):
    """As many as one call takes, as long as the caller wishes."""
    peer.plans = [answer()]
    receive(client, peer.url, **wait)
    [form] = peer.forms()
    assert (form["Action"], form["MaxNumberOfMessages"], form["WaitTimeSeconds"]) == (
        "ReceiveMessage",
        "10",
        seconds,
    )


def test_a_message_is_deleted_by_its_receipt(peer, client):
    """The receipt goes to the queue that gave it."""
    delete(client, peer.url, Message(id="1", body="", receipt="receipt-1"))
    [form] = peer.forms()
    assert (form["Action"], form["QueueUrl"], form["ReceiptHandle"]) == (
        "DeleteMessage",
        peer.url,
        "receipt-1",
    )


def test_an_error_is_raised(peer, client):
    """What the queue refused is not taken for an empty queue."""
    peer.plans = [(400, b"<Code>AccessDenied</Code>")]
    with pytest.raises(QueueError, match="ReceiveMessage: HTTP 400 AccessDenied"):
        receive(client, peer.url)
