"""Message Queue as an unmodified SDK of the documented age sees it."""

import json
import threading

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.contract.queue_server import KEY, SECRET, serving

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

NASTY = "<a>&amp;]]>\"' \t\r\n\r\u0085\u2028 ä \U0001f600 %41+&=?"


@pytest.fixture(scope="module")
def service():
    with serving() as running:
        yield running


@pytest.fixture
def sqs(service):
    service.clear()
    client = boto3.client(
        "sqs",
        endpoint_url=service.base_url,
        region_name="ru-central1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(retries={"max_attempts": 0}),
    )
    yield client
    client.close()


@pytest.fixture
def url(sqs):
    return sqs.create_queue(QueueName="tasks")["QueueUrl"]


def receive(sqs, url, **wishes):
    return sqs.receive_message(QueueUrl=url, **wishes).get("Messages", [])


def code(call, **parameters):
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"]


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
