"""The body of a call over HTTP is read strictly, however the platform brings it."""

import base64
import json

import pytest

from events.anonymous import Anonymous
from events.request import LARGEST_REQUEST
from events.rest import read_call
from tests.unit.build import nested, sample
from tests.unit.http_events import gateway_call, keyed, wrong

GATEWAY = sample("http.gateway")
ID = "fhm4k9v2c7t1x5n8w3qd"
BODY = json.loads(GATEWAY["body"])


def read(event):
    return read_call(event, "call-1", Anonymous.TAKEN)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(BODY),
        json.dumps(BODY).encode(),
        BODY,
    ],
    ids=["text", "bytes", "parsed"],
)
def test_a_body_is_read_however_it_comes(body):
    """As text, as bytes, or parsed already."""
    assert read({**GATEWAY, "body": body}) == read(GATEWAY)


def test_a_body_in_base64_is_decoded():
    """So the platform hands over what is not declared as JSON."""
    encoded = base64.b64encode(json.dumps(BODY).encode()).decode()
    event = {**GATEWAY, "body": encoded, "isBase64Encoded": True}
    assert read(event) == read(GATEWAY)


@pytest.mark.parametrize(
    ("body", "encoded", "problem"),
    [
        ("", False, "is not JSON: JSONDecodeError"),
        (b"\xff", False, "is not JSON: UnicodeDecodeError"),
        ("{}!", True, "is not readable"),
        ("\u00e9", True, "is not readable"),
        ({1, 2}, False, "is not readable"),
        (nested(100_000), False, "is not readable"),
        ("[" * 100_000, False, "is not JSON: RecursionError"),
        (None, False, "must be an object"),
        ([BODY], False, "must be an object"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body, encoded, problem):
    """With the field '', which is the body itself."""
    found = wrong({**GATEWAY, "body": body, "isBase64Encoded": encoded})
    assert found[""] == problem


@pytest.mark.parametrize("as_text", [str, json.loads])
def test_a_body_is_no_larger_than_a_message_can_carry(as_text):
    """Parsed or not: what was begun must fit on the queue."""
    text = json.dumps({**BODY, "subnetId": "x" * LARGEST_REQUEST})
    assert (
        "bytes; a request has at most" in wrong({**GATEWAY, "body": as_text(text)})[""]
    )


def test_everything_wrong_is_told_at_once():
    """The key, the fields of the body, and those that nobody knows."""
    body = {
        "networkInterfaceIndex": 1,
        "task": {},
        "instanceIds": [ID],
        "colour": "red",
    }
    assert wrong(gateway_call("a b", body, key="4711")) == {
        "Idempotency-Key": "must be a UUID",
        "instanceId": "must be a resource's id",
        "networkInterfaceIndex": "must be a string",
        "subnetId": "is required",
        "securityGroupIds": "is required",
        "task": "is not a known field",
        "instanceIds": "is not a known field",
        "colour": "is not a known field",
    }
    assert set(wrong({**keyed(GATEWAY, "4711"), "body": "{"})) == {
        "Idempotency-Key",
        "",
    }
