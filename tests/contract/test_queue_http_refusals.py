"""Message Queue and what no good client sends: refused by the document."""

import http.client
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.queue import NewMessage
from tests.contract.queue_server import serving
from tests.contract.queue_signing import send, signed


@pytest.fixture(scope="module")
def service():
    with serving() as running:
        yield running


def post(service, body, **options):
    """Return status and document of the answer to a signed POST."""
    status, _, answer = send(service, body, **options)
    return status, ET.fromstring(answer)  # noqa: S314 - our own


def refusal(service, body, **options):
    status, document = post(service, body, **options)
    assert document.tag == "ErrorResponse"
    assert document.findtext("RequestId")
    assert document.findtext("Error/Message")
    return status, document.findtext("Error/Code")


LIST = {"Action": "ListQueues", "Version": "2012-11-05"}


def test_answers_what_is_right(service):
    """The same request, signed right, is answered; the refusals below are earned."""
    status, document = post(service, LIST)
    assert (status, document.tag) == (200, "ListQueuesResponse")
    assert document.findtext("ResponseMetadata/RequestId")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"secret": "wrong"}, (403, "SignatureDoesNotMatch")),
        ({"region": "us-east-1"}, (403, "SignatureDoesNotMatch")),
        ({"skew": timedelta(minutes=16)}, (400, "RequestExpired")),
        ({"skew": timedelta(minutes=-16)}, (400, "RequestExpired")),
        ({"headers": {"Authorization": "Basic eA=="}}, (400, "IncompleteSignature")),
        (
            {"headers": {"Content-Type": "application/x-amz-json-1.0"}},
            (400, "MissingAction"),
        ),
    ],
)
def test_refuses_who_asks(service, options, expected):
    """A wrong secret, region, clock, scheme or protocol is refused by its code."""
    assert refusal(service, LIST, **options) == expected


def test_refuses_who_does_not_sign(service):
    """Without a signature there is no answer, to any method."""
    host = urlsplit(service.base_url).netloc
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request(method, "/?Action=ListQueues")
        answer = connection.getresponse()
        assert answer.status == 403
        assert b"<Code>MissingAuthenticationToken</Code>" in answer.read()
        connection.close()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "MissingAction")),
        (b"garbage", (404, "MalformedQueryString")),
        (b"Action=%FF", (404, "MalformedQueryString")),
        (b"Action=\xff", (404, "MalformedQueryString")),
        (b"&".join([b"a=1"] * 1001), (404, "MalformedQueryString")),
        ({"Action": ""}, (400, "MissingAction")),
        ({"Action": "listqueues"}, (400, "InvalidAction")),
        ({"Action": "\x00\ufffe<&"}, (400, "InvalidAction")),
        ({**LIST, "Version": "2011-10-01"}, (400, "InvalidParameterValue")),
        ({**LIST, "Prefix": "a"}, (400, "InvalidQueryParameter")),
        ({"Action": "CreateQueue"}, (400, "MissingParameter")),
        ({"Action": "SendMessage"}, (400, "MissingParameter")),
        (
            {"Action": "PurgeQueue", "QueueUrl": "http://["},
            (400, "AWS.SimpleQueueService.NonExistentQueue"),
        ),
        ({"Action": "DeleteQueue", "QueueUrl": "http://["}, None),
        # The engine has it, the documentation does not.
        ({"Action": "ListDeadLetterSourceQueues"}, (400, "InvalidAction")),
    ],
    ids=range(15),
)
def test_refuses_what_is_asked(service, body, expected):
    """What is no form, no action or not complete is refused by its code."""
    if expected is None:
        assert post(service, body)[0] == 200
    else:
        assert refusal(service, body) == expected


A1 = "MessageAttribute.1"
TYPE = f"{A1}.Value.DataType"
TEXT = {f"{A1}.Name": "a", TYPE: "String"}


@pytest.mark.parametrize(
    ("action", "form", "expected"),
    [
        ("SendMessage", {}, "MissingParameter"),
        ("SendMessage", {"MessageBody": ""}, "InvalidParameterValue"),
        ("SendMessage", {"MessageGroupId": "a"}, "InvalidParameterValue"),
        ("SendMessage", {"DelaySeconds": "soon"}, "InvalidParameterValue"),
        ("SendMessage", TEXT, "MissingParameter"),
        ("SendMessage", {f"{A1}.Name": "a"}, "MissingParameter"),
        ("SendMessage", {"MessageAttribute.x.Name": "a"}, "InvalidQueryParameter"),
        ("SendMessage", {**TEXT, TYPE: "Set"}, "InvalidParameterValue"),
        (
            "SendMessage",
            {**TEXT, TYPE: "Binary", f"{A1}.Value.BinaryValue": "a"},
            "InvalidParameterValue",
        ),
        (
            "SendMessage",
            {
                f"MessageAttribute.{i}.{part}": value
                for i in (1, 2)
                for part, value in (
                    ("Name", "a"),
                    ("Value.DataType", "String"),
                    ("Value.StringValue", "b"),
                )
            },
            "InvalidParameterValue",
        ),
        ("ReceiveMessage", {"MaxNumberOfMessages": "11"}, "InvalidParameterValue"),
        ("ReceiveMessage", {"WaitTimeSeconds": "21"}, "InvalidParameterValue"),
        ("ReceiveMessage", {"AttributeName.1.x": "All"}, "InvalidQueryParameter"),
        ("ChangeMessageVisibility", {"ReceiptHandle": "x"}, "MissingParameter"),
        ("SetQueueAttributes", {}, "MissingParameter"),
        (
            "DeleteMessageBatch",
            {f"DeleteMessageBatchRequestEntry.1.{it}": "x" for it in ("Id", "Handle")},
            "InvalidQueryParameter",
        ),
        ("TagQueue", {"Tag.1.Key": "a"}, "MissingParameter"),
        ("UntagQueue", {"TagKey.a": "a"}, "InvalidQueryParameter"),
    ],
    ids=range(18),
)
def test_refuses_bad_parameters(service, action, form, expected):
    """Parameters that are missing, misspelt or out of bounds are refused."""
    service.clear()
    queue = service.create("tasks", datetime.now(UTC))  # noqa: TID251 - a real clock is asked
    path = urlsplit(service.url_of(queue)).path
    body = {"MessageBody": "x"} if action == "SendMessage" and form else {}
    request = {"Action": action, **body, **form}
    assert refusal(service, request, path=path) == (400, expected)


def test_refuses_a_body_that_is_too_long(service):
    """What is too long is refused while it is read, before its signature."""
    body = b"a=" + b"x" * 2_000_000
    assert refusal(service, body, secret="wrong") == (400, "InvalidParameterValue")


def test_survives_a_client_that_stops_half_way(service):
    """A body that never ends is nobody's request, and does no harm to others."""
    host, port = urlsplit(service.base_url).netloc.split(":")
    with socket.create_connection((host, port)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        assert post(service, LIST)[0] == 200
    assert post(service, LIST)[0] == 200


def test_an_entry_without_a_body_fails_alone(service):
    """What an entry of a batch lacks is said of that entry, under status 200."""
    service.clear()
    queue = service.create("tasks", datetime.now(UTC))  # noqa: TID251 - a real clock is asked
    entry = {"SendMessageBatchRequestEntry.1.Id": "a"}
    path = urlsplit(service.url_of(queue)).path
    status, document = post(service, {"Action": "SendMessageBatch", **entry}, path=path)
    assert (status, document.findtext(".//Code")) == (200, "MissingParameter")


@given(st.binary(max_size=200))
def test_answers_any_bytes_with_a_document(service, body):
    """Whatever is signed is answered with XML, and never with a crash."""
    status, document = post(service, body)
    assert status < 500
    assert document.tag


def test_a_client_that_hangs_up_takes_nothing(service):
    """A message sent after a waiting client hung up is there for the next."""
    service.clear()
    now = datetime.now(UTC)  # noqa: TID251 - a real clock is asked
    queue = service.create("tasks", now)
    host, path = urlsplit(service.base_url).netloc, urlsplit(service.url_of(queue)).path
    body = urlencode({"Action": "ReceiveMessage", "WaitTimeSeconds": "20"}).encode()
    head = {"Host": host, "Content-Length": str(len(body))}
    head.update(signed((host, path), body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with socket.create_connection(host.split(":")) as client:
        client.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        for _ in range(3):  # round trips, until it waits
            post(service, LIST)
        assert queue._watchers
    for _ in range(3):
        post(service, LIST)
    queue.send(NewMessage(body="x"), now)
    status, document = post(service, {"Action": "ReceiveMessage"}, path=path)
    assert (status, document.findtext(".//Body")) == (200, "x")
