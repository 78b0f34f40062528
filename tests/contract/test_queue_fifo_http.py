"""FIFO queues as an unmodified SDK sees them, in either protocol."""

import json
import threading

import pytest

from tests.contract.queue_clients import PROTOCOLS, bodies, code, make_client
from tests.contract.queue_server import serving

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

FIFO = {"FifoQueue": "true"}


@pytest.fixture(scope="module")
def service():
    with serving(json_protocol=True) as running:
        yield running


@pytest.fixture(scope="module", params=PROTOCOLS)
def client(request, service, tmp_path_factory):
    made = make_client(service, request.param, tmp_path_factory.mktemp("sdk"))
    yield made
    made.close()


@pytest.fixture
def sqs(service, client):
    service.clear()
    return client


@pytest.fixture
def url(sqs):
    return sqs.create_queue(QueueName="tasks.fifo", Attributes=FIFO)["QueueUrl"]


def send(sqs, url, body, group="a", key=None):
    names = {"MessageGroupId": group, "MessageDeduplicationId": key or body}
    return sqs.send_message(QueueUrl=url, MessageBody=body, **names)


def receive(sqs, url, **wishes):
    wishes = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], **wishes}
    return sqs.receive_message(QueueUrl=url, **wishes).get("Messages", [])


def test_creates_and_shows(sqs, url):
    """A FIFO queue shows its type and how it tells duplicates; the latter changes."""
    change = {"ContentBasedDeduplication": "true"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=change)
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert {**FIFO, **change}.items() <= shown.items()
    assert url.endswith("/tasks.fifo")
    refused = code(
        sqs.set_queue_attributes, QueueUrl=url, Attributes={"FifoQueue": "false"}
    )
    assert refused == "InvalidAttributeValue"


def test_refuses_half_a_fifo_queue(sqs):
    """The suffix without the attribute is refused, and the other way around."""
    create = sqs.create_queue
    assert code(create, QueueName="a.fifo") == "InvalidParameterValue"
    assert code(create, QueueName="a", Attributes=FIFO) == "InvalidParameterValue"


def test_a_message_tells_its_place(sqs, url):
    """Group, deduplication id and sequence number come back as attributes."""
    sent = send(sqs, url, "x", group="g", key="k")
    assert sent["SequenceNumber"].isdigit()
    (message,) = receive(sqs, url)
    expected = {
        "MessageGroupId": "g",
        "MessageDeduplicationId": "k",
        "SequenceNumber": sent["SequenceNumber"],
    }
    assert expected.items() <= message["Attributes"].items()


def test_shows_only_the_attributes_asked_for(sqs, url):
    """A receive that asks for the group is told the group only."""
    send(sqs, url, "x", group="g")
    (message,) = receive(sqs, url, AttributeNames=["MessageGroupId"])
    assert message["Attributes"] == {"MessageGroupId": "g"}


def test_keeps_the_order_of_each_group(sqs, url):
    """One message of a group comes at a time, in the order sent."""
    for body in ("a1", "b1", "a2", "b2", "a3"):
        send(sqs, url, body, group=body[0])
    got = []
    while messages := receive(sqs, url):
        got.append(bodies(messages))
        for it in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=it["ReceiptHandle"])
    assert got == [["a1", "b1"], ["a2", "b2"], ["a3"]]


def test_a_duplicate_is_taken_and_not_delivered(sqs, url):
    """A duplicate is answered with the first one's id and number, also in a batch."""
    first = send(sqs, url, "x", key="k")
    names = {"MessageGroupId": "a", "MessageDeduplicationId": "k"}
    entry = {"Id": "1", "MessageBody": "x", **names}
    answer = sqs.send_message_batch(QueueUrl=url, Entries=[entry, {**entry, "Id": "2"}])
    for again in (send(sqs, url, "x", key="k"), *answer["Successful"]):
        for name in ("MessageId", "SequenceNumber"):
            assert again[name] == first[name]
    (message,) = receive(sqs, url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert not receive(sqs, url)


def test_entries_without_their_place_fail_alone(sqs, url):
    """Of a batch the entries without a group or an id are refused, each by its code."""
    group, key = {"MessageGroupId": "a"}, {"MessageDeduplicationId": "k"}
    entries = [
        {"Id": "good", "MessageBody": "x", **group, **key},
        {"Id": "groupless", "MessageBody": "x", **key},
        {"Id": "nameless", "MessageBody": "x", **group},
    ]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [it["Id"] for it in answer["Successful"]] == ["good"]
    assert {it["Id"]: it["Code"] for it in answer["Failed"]} == {
        "groupless": "MissingParameter",
        "nameless": "InvalidParameterValue",
    }


def test_a_body_can_be_the_id(sqs):
    """With content-based deduplication no id is needed."""
    attributes = {**FIFO, "ContentBasedDeduplication": "true"}
    created = sqs.create_queue(QueueName="content.fifo", Attributes=attributes)
    sent = {"QueueUrl": created["QueueUrl"], "MessageBody": "x", "MessageGroupId": "a"}
    ids = {sqs.send_message(**sent)["MessageId"] for _ in range(2)}
    assert len(ids) == 1


def test_the_delay_of_a_message_is_ignored(sqs, url):
    """A message sent with a delay is there at once."""
    names = {"MessageGroupId": "a", "MessageDeduplicationId": "k"}
    sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=900, **names)
    assert bodies(receive(sqs, url)) == ["x"]


def test_a_receive_can_be_repeated(sqs, url):
    """A client that lost an answer gets it again by its attempt id."""
    send(sqs, url, "x")
    first, again = (receive(sqs, url, ReceiveRequestAttemptId="k") for _ in range(2))
    assert first
    assert again == first


def test_dead_letters_are_of_the_same_type(sqs, url):
    """A FIFO queue buries in a FIFO queue, and cannot name another."""
    ask = {"AttributeNames": ["QueueArn"]}
    found = {}
    for name, attributes in (("dead", {}), ("dead.fifo", FIFO)):
        grave = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        shown = sqs.get_queue_attributes(QueueUrl=grave, **ask)["Attributes"]
        policy = {"deadLetterTargetArn": shown["QueueArn"], "maxReceiveCount": 1}
        found[name] = grave, {"RedrivePolicy": json.dumps(policy)}
    change = sqs.set_queue_attributes
    refused = code(change, QueueUrl=url, Attributes=found["dead"][1])
    assert refused == "InvalidParameterValue"
    grave, policy = found["dead.fifo"]
    change(QueueUrl=url, Attributes={**policy, "VisibilityTimeout": "0"})
    sent = send(sqs, url, "x")
    assert [len(receive(sqs, url)) for _ in range(2)] == [1, 0]
    (buried,) = receive(sqs, grave)
    assert buried["MessageId"] == sent["MessageId"]
    assert buried["Attributes"]["MessageDeduplicationId"] == "x"


def test_long_polling_ends_when_the_group_is_free(sqs, url):
    """Who waits gets the next of a group as soon as the one before is deleted."""
    send(sqs, url, "a1")
    send(sqs, url, "a2")
    (first,) = receive(sqs, url)
    got = []
    waiting = threading.Thread(
        target=lambda: got.extend(receive(sqs, url, WaitTimeSeconds=20))
    )
    waiting.start()
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    waiting.join(timeout=10)
    assert bodies(got) == ["a2"]
