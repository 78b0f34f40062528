"""Message Queue as an unmodified SDK sees it, in either protocol.

The SDK is of the age that the documentation supports.
"""

import json
import threading

import pytest

from tests.contract.queue_clients import PROTOCOLS, code, make_client, receive
from tests.contract.queue_server import KEY, serving

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

NASTY = "<a>&amp;]]>\"' \t\r\n\r\u0085\u2028 ä \U0001f600 %41+&=?"


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
    return sqs.create_queue(QueueName="tasks")["QueueUrl"]


def test_life_of_a_queue(sqs):
    """A queue is created, found, listed, changed, shown and deleted."""
    url = sqs.create_queue(QueueName="a", Attributes={"DelaySeconds": "5"})["QueueUrl"]
    sqs.create_queue(QueueName="b")
    assert sqs.get_queue_url(QueueName="a")["QueueUrl"] == url
    assert sqs.list_queues(QueueNamePrefix="a")["QueueUrls"] == [url]
    assert len(sqs.list_queues()["QueueUrls"]) == 2
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    created = {shown.pop("CreatedTimestamp"), shown.pop("LastModifiedTimestamp")}
    assert all(stamp.isdigit() for stamp in created)
    assert shown == {
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "DelaySeconds": "0",
        "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": "345600",
        "QueueArn": "yrn:yc:ymq:ru-central1:b1gfolder:a",
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": "30",
    }
    sqs.delete_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=url)
    missing = code(sqs.get_queue_url, QueueName="a")
    assert missing == "AWS.SimpleQueueService.NonExistentQueue"


def test_shows_the_attributes_asked_for(sqs, url):
    """Attributes come only if named."""
    ask = sqs.get_queue_attributes
    assert "Attributes" not in ask(QueueUrl=url)
    one = ask(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert one["Attributes"] == {"DelaySeconds": "0"}
    assert code(ask, QueueUrl=url, AttributeNames=["No"]) == "InvalidAttributeName"


def test_life_of_tags(sqs):
    """A queue is born with tags, gets more and other ones, and loses some."""
    born = sqs.create_queue(QueueName="a", tags={"env": "prod", "team": "x"})
    url = born["QueueUrl"]
    sqs.tag_queue(QueueUrl=url, Tags={"team": "y", "cost-centre": "42"})
    expected = {"cost-centre": "42", "env": "prod", "team": "y"}
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == expected
    for _ in range(2):
        sqs.untag_queue(QueueUrl=url, TagKeys=["env", "team"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"cost-centre": "42"}
    sqs.untag_queue(QueueUrl=url, TagKeys=["cost-centre"])
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)


def test_refuses_bad_tags(sqs, url):
    """What cannot be a tag is refused, and leaves those that are there alone; there
    must be some, and a queue.
    """
    tag, bad = sqs.tag_queue, {"a": "fine", "Bad": "x"}
    assert code(tag, QueueUrl=url, Tags=bad) == "InvalidParameterValue"
    create = sqs.create_queue
    assert code(create, QueueName="b", tags=bad) == "InvalidParameterValue"
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)
    assert len(sqs.list_queues()["QueueUrls"]) == 1
    assert code(tag, QueueUrl=url, Tags={}) == "MissingParameter"
    assert code(sqs.untag_queue, QueueUrl=url, TagKeys=[]) == "MissingParameter"
    missing = code(tag, QueueUrl=f"{url}x", Tags={"a": "b"})
    assert missing == "AWS.SimpleQueueService.NonExistentQueue"


@pytest.mark.parametrize("body", ["x", NASTY, "ы" * 131_072], ids=range(3))
def test_a_message_survives(sqs, url, body):
    """Whatever text is sent comes back, character for character, then is deleted."""
    sent = sqs.send_message(QueueUrl=url, MessageBody=body)
    (message,) = receive(sqs, url, AttributeNames=["All"])
    assert message["Body"] == body
    assert message["MessageId"] == sent["MessageId"]
    assert message["MD5OfBody"] == sent["MD5OfMessageBody"]
    assert message["Attributes"]["SenderId"] == KEY
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert not receive(sqs, url)


def test_message_attributes_survive(sqs, url):
    """Attributes of every type come back, all, one, or those with a prefix."""
    attributes = {
        "text.a": {"DataType": "String", "StringValue": NASTY},
        "text.b": {"DataType": "Number", "StringValue": "-1.5"},
        "raw": {"DataType": "Binary", "BinaryValue": bytes(range(256))},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    wishes = {"VisibilityTimeout": 0, "QueueUrl": url}
    shown = {}
    for names in ("All", "raw", "text.*"):
        answer = sqs.receive_message(MessageAttributeNames=[names], **wishes)
        shown[names] = answer["Messages"][0]
    assert shown["All"]["MessageAttributes"] == attributes
    assert shown["All"]["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert set(shown["raw"]["MessageAttributes"]) == {"raw"}
    assert set(shown["text.*"]["MessageAttributes"]) == {"text.a", "text.b"}
    assert "MessageAttributes" not in receive(sqs, url)[0]


def test_shows_the_system_attributes_asked_for(sqs, url):
    """Of what the system says of a message, each client gets what it named."""
    sqs.send_message(QueueUrl=url, MessageBody="x")
    (message,) = receive(sqs, url, AttributeNames=["ApproximateReceiveCount"])
    assert message["Attributes"] == {"ApproximateReceiveCount": "1"}


def test_batches_fail_by_the_entry(sqs, url):
    """Of a batch the good entries take effect, and the bad ones say why."""
    entries = [
        {"Id": "good", "MessageBody": "x"},
        {"Id": "late", "MessageBody": "x", "DelaySeconds": 901},
        {"Id": "bad", "MessageBody": "\x01"},
        {
            "Id": "more",
            "MessageBody": "y",
            "MessageAttributes": {"a": {"DataType": "String", "StringValue": "b"}},
        },
    ]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [it["Id"] for it in answer["Successful"]] == ["good", "more"]
    failed = {it["Id"]: (it["Code"], it["SenderFault"]) for it in answer["Failed"]}
    assert failed == {
        "late": ("InvalidParameterValue", True),
        "bad": ("InvalidMessageContents", True),
    }
    messages = receive(sqs, url, MaxNumberOfMessages=10)
    handles = [it["ReceiptHandle"] for it in messages] + ["invented"]
    receipts = [{"Id": str(i), "ReceiptHandle": it} for i, it in enumerate(handles)]
    hidden = sqs.change_message_visibility_batch(
        QueueUrl=url, Entries=[{**it, "VisibilityTimeout": 60} for it in receipts]
    )
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=receipts)
    for answer in (hidden, deleted):
        assert [it["Id"] for it in answer["Successful"]] == ["0", "1"]
        assert [it["Code"] for it in answer["Failed"]] == ["ReceiptHandleIsInvalid"]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "EmptyBatchRequest"),
        (["a"] * 2, "BatchEntryIdsNotDistinct"),
        (["a.b"], "InvalidBatchEntryId"),
        (["a" * 81], "InvalidBatchEntryId"),
        (list("abcdefghijk"), "TooManyEntriesInBatchRequest"),
        (list("abc"), "BatchRequestTooLong"),
    ],
)
def test_refuses_bad_batches(sqs, url, entries, expected):
    """A batch that is wrong as a whole is refused as a whole."""
    entries = [{"Id": it, "MessageBody": "x" * 100_000} for it in entries]
    refused = code(sqs.send_message_batch, QueueUrl=url, Entries=entries)
    assert refused == f"AWS.SimpleQueueService.{expected}"
    assert not receive(sqs, url)


def test_dead_letters(sqs):
    """What is received too often is found in the dead-letter queue, by its id."""
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    policy = {
        "deadLetterTargetArn": arn["Attributes"]["QueueArn"],
        "maxReceiveCount": 1,
    }
    attributes = {"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": "0"}
    url = sqs.create_queue(QueueName="tasks", Attributes=attributes)["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="x")
    assert [len(receive(sqs, url)) for _ in range(2)] == [1, 0]
    assert receive(sqs, dead)[0]["MessageId"] == sent["MessageId"]


def test_gives_back_and_purges(sqs, url):
    """A message given back is there at once; a purge takes it, once a minute."""
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    change = {"QueueUrl": url, "ReceiptHandle": handle}
    sqs.change_message_visibility(VisibilityTimeout=0, **change)
    refused = code(sqs.change_message_visibility, VisibilityTimeout=1, **change)
    assert refused == "AWS.SimpleQueueService.MessageNotInflight"
    sqs.purge_queue(QueueUrl=url)
    assert not receive(sqs, url)
    refused = code(sqs.purge_queue, QueueUrl=url)
    assert refused == "AWS.SimpleQueueService.PurgeQueueInProgress"


def test_long_polling_ends_with_the_message(sqs, url):
    """Who waits for 20 seconds gets a message as soon as it is sent."""
    got = []
    waiting = threading.Thread(
        target=lambda: got.extend(receive(sqs, url, WaitTimeSeconds=20))
    )
    waiting.start()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    waiting.join(timeout=10)
    assert [message["Body"] for message in got] == ["x"]
