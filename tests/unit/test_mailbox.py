"""Many messages are sent in few calls, and each one's fate is known."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from functions._ports import Label, Message, QueueError
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey
from tests.contract.queue_server import KEY, SECRET, serving
from tests.unit.peer import Peer

CREDENTIALS = StaticKey(id=KEY, secret=SECRET)


def now():
    return datetime.now(UTC)  # noqa: TID251 - a signature names the moment


@pytest.fixture
def client():
    made = QueueClient(CREDENTIALS, now, time.monotonic)
    yield made
    made.close()


@pytest.fixture
def server(client):
    with Peer() as running:
        yield running
        client.close()  # a handler waits for the next call on a kept connection


def taking(*places):
    """Return the answer to a batch of which these were taken."""
    entries = (
        f"<SendMessageBatchResultEntry><Id>{place}</Id></SendMessageBatchResultEntry>"
        for place in places
    )
    return 200, "".join(entries).encode()


def of(*bodies):
    return [Message(body=body) for body in bodies]


def sent(server):
    """Return the bodies of every call, a list each."""
    return [
        [form[name] for name in form if name.endswith("MessageBody")]
        for form in server.forms()
    ]


def test_ten_messages_are_one_call(client, server):
    """Delay, attributes and body are each message's own."""
    server.plans = [taking(0, 1)]
    first = Message(body="a", after=timedelta(seconds=1.2), attributes={"id": "x"})
    QueueMailbox(client, server.url).send_all([first, Message(body="b")])
    (form,) = server.forms()
    start = "SendMessageBatchRequestEntry."
    assert form["Action"] == "SendMessageBatch"
    assert {name: form[name] for name in form if name.startswith(start)} == {
        f"{start}1.Id": "0",
        f"{start}1.MessageBody": "a",
        f"{start}1.DelaySeconds": "2",
        f"{start}1.MessageAttribute.1.Name": "id",
        f"{start}1.MessageAttribute.1.Value.DataType": "String",
        f"{start}1.MessageAttribute.1.Value.StringValue": "x",
        f"{start}2.Id": "1",
        f"{start}2.MessageBody": "b",
    }


@pytest.mark.parametrize("messages", [[], of("a")])
def test_one_message_needs_no_batch(client, server, messages):
    """One is sent as such, and none is no call."""
    QueueMailbox(client, server.url).send_all(messages)
    assert [form["Action"] for form in server.forms()] == ["SendMessage"] * len(
        messages
    )


def test_what_was_not_taken_is_sent_once_more_alone(client, server):
    """An entry may fail under HTTP 200: its neighbours are not sent again."""
    server.plans = [taking(2, 0)]
    QueueMailbox(client, server.url).send_all(of("a", "b", "c"))
    assert sent(server) == [["a", "b", "c"], ["b"]]


def test_what_is_refused_twice_is_an_error(client, server):
    """Nobody may believe that it was sent."""
    refusal = (400, b"<Code>InvalidMessageContents</Code>")
    server.plans = [taking(0), refusal]
    with pytest.raises(QueueError, match="SendMessage: HTTP 400 InvalidMessage"):
        QueueMailbox(client, server.url).send_all(of("a", "b"))


def test_a_batch_without_an_answer_is_an_error(client, server):
    """So is a call that failed as a whole."""
    server.plans = [(400, b"<Code>BatchRequestTooLong</Code>")]
    with pytest.raises(QueueError, match="BatchRequestTooLong"):
        QueueMailbox(client, server.url).send_all(of("a", "b"))


def test_a_thousand_messages_arrive(client):
    """Each once, over the service's own protocol and within its limits."""
    with serving() as service:
        queue = service.create("tasks", now())
        bodies = {f"{place} {'x' * 50_000}" for place in range(1000)}
        QueueMailbox(client, service.url_of(queue)).send_all(of(*sorted(bodies)))
        found = []
        while received := queue.receive(now(), 10):
            found += [message.body for message in received]
        assert len(found) == 1000
        assert set(found) == bodies
        client.close()


def test_a_fifo_queue_keeps_the_order(client):
    """The messages of a group come in the order in which they were given."""
    with serving() as service:
        queue = service.create("tasks.fifo", now(), {"FifoQueue": "true"})
        messages = [
            Message(body=f"{place}", label=Label(group="g", name=f"{place}"))
            for place in range(25)
        ]
        QueueMailbox(client, service.url_of(queue)).send_all(messages)
        found = []
        while received := queue.receive(now(), 10):
            found += [message.body for message in received]
            for message in received:
                queue.delete(message.receipt_handle, now())
        assert found == [f"{place}" for place in range(25)]
        client.close()


def test_calls_at_once_have_connections_of_their_own(client, server):
    """As many as there are calls; later ones use them again."""
    met = threading.Barrier(4)

    def send():
        met.wait(10)
        for _ in range(5):
            client.call(server.url, "SendMessage", {"MessageBody": "x"})

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.posts) == 20
    assert 1 <= server.connections <= 4
