"""The JSON protocol of SQS, byte by byte: what an SDK would not send, or not show."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.queue_server import serving
from tests.contract.queue_signing import JSON, send, send_json


@pytest.fixture(scope="module")
def service():
    with serving(json_protocol=True) as running:
        yield running


@pytest.fixture
def url(service):
    service.clear()
    status, _, body = send_json(service, "CreateQueue", {"QueueName": "tasks"})
    assert status == 200
    return json.loads(body)["QueueUrl"]


def answer(service, action, document, **options):
    """Return what the service answers to what it understands."""
    status, headers, body = send_json(service, action, document, **options)
    assert (status, headers["Content-Type"]) == (200, JSON)
    assert headers["x-amzn-RequestId"]
    return json.loads(body)


def refusal(service, action, document, **options):
    """Return status, code and name of an error."""
    status, headers, body = send_json(service, action, document, **options)
    told = json.loads(body)
    assert headers["Content-Type"] == JSON
    assert told["message"]
    code, whose = headers["x-amzn-query-error"].split(";")
    assert whose == ("Sender" if status < 500 else "Receiver")
    return status, code, told["__type"]


def test_a_message_is_an_object(service, url):
    """Sent and received, it has the members that AWS documents, and no others."""
    attributes = {"a": {"DataType": "Binary", "BinaryValue": "AAE="}}
    # What is not given, some SDKs write as null, or as a list without anything.
    padded = {"a": {**attributes["a"], "StringValue": None, "BinaryListValues": []}}
    wanted = {"QueueUrl": url, "MessageBody": "x", "MessageAttributes": padded}
    sent = answer(service, "SendMessage", wanted)
    assert sent.keys() == {"MD5OfMessageBody", "MD5OfMessageAttributes", "MessageId"}
    wish = {"QueueUrl": url, "MessageAttributeNames": ["All"], "WaitTimeSeconds": 0}
    (message,) = answer(service, "ReceiveMessage", wish)["Messages"]
    assert message.pop("ReceiptHandle")
    assert message == {
        "Body": "x",
        "MD5OfBody": sent["MD5OfMessageBody"],
        "MD5OfMessageAttributes": sent["MD5OfMessageAttributes"],
        "MessageAttributes": attributes,
        "MessageId": sent["MessageId"],
    }


def test_newer_names_mean_the_same(service, url):
    """`MessageSystemAttributeNames` is what newer SDKs call `AttributeNames`."""
    answer(service, "SendMessage", {"QueueUrl": url, "MessageBody": "x"})
    wish = {"QueueUrl": url, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
    (message,) = answer(service, "ReceiveMessage", wish)["Messages"]
    assert message["Attributes"] == {"ApproximateReceiveCount": "1"}


@pytest.mark.parametrize("action", ["ListQueueTags", "PurgeQueue", "ReceiveMessage"])
def test_nothing_to_tell_is_an_empty_object(service, url, action):
    """An answer is always an object, and lists nothing that is empty."""
    assert answer(service, action, {"QueueUrl": url}) == {}


def test_a_failed_entry_tells_whose_fault_it_is(service, url):
    """Under status 200, with a flag that is a flag."""
    entries = [{"Id": "a", "ReceiptHandle": "invented"}]
    told = answer(service, "DeleteMessageBatch", {"QueueUrl": url, "Entries": entries})
    (failed,) = told["Failed"]
    assert failed.pop("Message")
    assert failed == {"Id": "a", "Code": "ReceiptHandleIsInvalid", "SenderFault": True}


@pytest.mark.parametrize(
    ("action", "document", "names"),
    [
        (
            "ReceiveMessage",
            {"QueueUrl": "/x"},
            ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
        ),
        (
            "SendMessageBatch",
            {"Entries": []},
            ("AWS.SimpleQueueService.EmptyBatchRequest", "EmptyBatchRequest"),
        ),
        (
            "CreateQueue",
            {
                "QueueUrl": None,
                "QueueName": "tasks",
                "Attributes": {"DelaySeconds": "5"},
            },
            ("QueueAlreadyExists", "QueueNameExists"),
        ),
    ],
)
def test_an_error_has_two_names(service, url, action, document, names):
    """The code of Query is in the head, the name that SDKs know in the body."""
    code, name = names
    told = refusal(service, action, {"QueueUrl": url, **document})
    assert told == (400, code, f"com.amazonaws.sqs#{name}")


MESSAGE = {"QueueUrl": "", "MessageBody": "x"}


@pytest.mark.parametrize(
    ("action", "document", "code"),
    [
        ("SendMessage", b"{", "SerializationException"),
        ("SendMessage", b"[" * 100_000, "SerializationException"),
        ("SendMessage", b"\xff", "SerializationException"),
        ("SendMessage", [], "SerializationException"),
        ("SendMessage", {"MessageBody": 1}, "SerializationException"),
        ("SendMessage", {**MESSAGE, "DelaySeconds": "1"}, "SerializationException"),
        ("SendMessage", {**MESSAGE, "DelaySeconds": True}, "SerializationException"),
        ("SendMessage", {**MESSAGE, "DelaySeconds": 1.5}, "SerializationException"),
        ("SendMessage", {**MESSAGE, "DelaySeconds": 901}, "InvalidParameterValue"),
        (
            "SendMessage",
            {**MESSAGE, "MessageAttributes": {"a": "b"}},
            "SerializationException",
        ),
        ("SendMessage", {**MESSAGE, "MessageBody": "\ud800"}, "InvalidMessageContents"),
        ("SendMessage", {"MessageBody": None}, "MissingParameter"),
        ("SendMessage", {**MESSAGE, "Attribute": "x"}, "InvalidQueryParameter"),
        (
            "SendMessage",
            {**MESSAGE, "MessageAttribute.1.Name": "x"},
            "InvalidQueryParameter",
        ),
        ("SendMessage", {**MESSAGE, "QueueName": "x"}, "InvalidQueryParameter"),
        ("DeleteMessageBatch", {"Entries": {}}, "SerializationException"),
        (
            "DeleteMessageBatch",
            {"Entries": [{"Id": "a", "MessageBody": "x"}]},
            "InvalidQueryParameter",
        ),
        ("UntagQueue", {"TagKeys": [1]}, "SerializationException"),
        ("TagQueue", {"Tags": {"a": 1}}, "SerializationException"),
        ("Nothing", {}, "InvalidAction"),
        ("", {}, "MissingAction"),
    ],
    ids=range(21),
)
def test_refuses_what_is_wrong(service, url, action, document, code):
    """What is no JSON, no object, of another type or of no meaning has its code."""
    if isinstance(document, dict):
        document = {**document, "QueueUrl": url}
    assert refusal(service, action, document)[:2] == (400, code)


@pytest.mark.parametrize(
    ("target", "code"),
    [("", "MissingAction"), ("DynamoDB_20120810.PutItem", "InvalidAction")],
)
def test_refuses_another_target(service, target, code):
    """The action is named by a header, and of this service."""
    headers = {"Content-Type": JSON, "X-Amz-Target": target}
    status, head, _ = send(service, b"{}", headers=headers)
    assert (status, head["x-amzn-query-error"]) == (400, f"{code};Sender")


def test_refuses_who_does_not_sign_right(service):
    """Whoever speaks JSON signs like everybody else."""
    refused = refusal(service, "ListQueues", {}, secret="wrong")
    assert refused[:2] == (403, "SignatureDoesNotMatch")


def test_query_is_spoken_beside_it(service):
    """On the same port each client is answered in its own protocol."""
    status, headers, body = send(service, {"Action": "ListQueues"})
    assert (status, headers["Content-Type"]) == (200, "application/xml")
    assert body.endswith(b"</ListQueuesResponse>")


def test_it_is_not_spoken_unless_asked_for():
    """By default it is refused as what is documented refuses it: in XML."""
    with serving() as strict:
        status, headers, body = send_json(strict, "ListQueues", {})
    assert (status, headers["Content-Type"]) == (400, "application/xml")
    assert b"<Code>MissingAction</Code>" in body


NAMES = ["MessageBody", "DelaySeconds", "MessageAttributes", "Entries", "Tags", "x"]
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "Id", "DataType"]), inner)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["SendMessage", "SendMessageBatch", "TagQueue", "CreateQueue"]),
    st.dictionaries(st.sampled_from(NAMES), DOCUMENTS),
)
def test_answers_any_object_with_an_object(service, action, document):
    """Whatever is signed is answered with JSON, and never with a crash."""
    status, _, body = send_json(service, action, {"QueueUrl": "/x", **document})
    assert status < 500
    assert isinstance(json.loads(body), dict)


def test_half_a_character_fails_its_entry_alone(service, url):
    """JSON can say what UTF-8 cannot: that entry is refused, the other sent."""
    half = {"a": {"DataType": "String", "StringValue": "\ud800"}}
    entries = [
        {"Id": "half", "MessageBody": "x", "MessageAttributes": half},
        {"Id": "whole", "MessageBody": "x"},
    ]
    told = answer(service, "SendMessageBatch", {"QueueUrl": url, "Entries": entries})
    assert [it["Id"] for it in told["Successful"]] == ["whole"]
    assert [it["Code"] for it in told["Failed"]] == ["InvalidMessageContents"]
