"""A call over HTTP is understood wherever the platform puts its parts."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.anonymous import Anonymous
from events.answer import Answer, accepted, render_answer
from events.attachment import render_attachment
from events.rest import Call, read_call
from tests.unit.build import attachments, json_values, sample
from tests.unit.http_events import (
    KEY,
    ROUTE,
    gateway_call,
    keyed,
    url_call,
    without,
    wrong,
)

GATEWAY = sample("http.gateway")
URL = sample("http.url")
ID = "fhm4k9v2c7t1x5n8w3qd"
BODY = json.loads(GATEWAY["body"])
HOST = {"X-Serverless-Gateway-Id": "d5d9k2w7x4c1v8t3n6qd"}


def read(event, anonymous=Anonymous.TAKEN):
    return read_call(event, "call-1", anonymous)


def error(event, anonymous=Anonymous.TAKEN):
    answer = read(event, anonymous)
    assert isinstance(answer, Answer)
    return answer.status, answer.document["code"]


def routed(url="", **parameters):
    """Return a call whose instance stands in these parts of the event alone."""
    return {
        **without(GATEWAY, "path", "pathParams", "params"),
        "url": url,
        **parameters,
    }


@pytest.mark.parametrize("event", [GATEWAY, URL], ids=["gateway", "url"])
def test_the_samples_are_understood(event):
    """A gateway's event and a URL's make the same request, named by the key."""
    call = read(event)
    assert render_attachment(call.request.attachment) == {"instanceId": ID, **BODY}
    assert call.request.id == KEY
    assert call.event_id == event["requestContext"]["requestId"]


@pytest.mark.parametrize(
    "event",
    [
        routed(ROUTE.format(ID)),
        routed(ROUTE.format(ID) + "?a=1"),
        routed(ROUTE.format(ID).replace(":", "%3A")),
        routed(ROUTE.format(ID).replace(":", "%3a")),
        routed(path=ROUTE.format(ID)),
        routed(ROUTE.format(ID), path=ROUTE.format("{instanceId}")),
        routed("/mine", pathParams={"instanceId": ID}),
        routed("/mine", pathParameters={"instanceId": ID}),
        routed("/mine", params={"instanceId": ID}),
        routed("/mine", parameters={"instanceId": f"{ID}:attachNetworkInterface"}),
        url_call(ID, BODY),
        url_call("", {**BODY, "instanceId": ID}),
        url_call("", {**BODY, "instance_id": ID}),
        url_call(ID, {**BODY, "instance_id": ID}),
        url_call(ID, {**BODY, "instanceId": ""}),
    ],
)
def test_the_instance_is_found_wherever_it_stands(event):
    """In the path, a path parameter, the query or the body."""
    assert read(event).request.attachment.instance_id == ID


@pytest.mark.parametrize(
    "event",
    [
        gateway_call(ID, {**BODY, "instanceId": "other"}),
        gateway_call(ID, BODY, pathParams={"instanceId": "other"}),
        gateway_call(ID, BODY, queryStringParameters={"instanceId": "other"}),
        url_call("other", {**BODY, "instance_id": ID}),
    ],
)
def test_two_instances_are_one_too_many(event):
    """Which of the two is meant is not guessed."""
    assert wrong(event) == {"instanceId": "is not the same everywhere"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (routed("/compute/v1/instances"), (404, 5)),
        (routed(f"/compute/v1/instances/{ID}:stop"), (404, 5)),
        (routed("/a", params={"instanceId": f"{ID}:stop"}), (404, 5)),
        (routed(ROUTE.format("")), (404, 5)),
        (gateway_call(ID, BODY, httpMethod="GET"), (501, 12)),
        (without(GATEWAY, "httpMethod"), (501, 12)),
        ([], (400, 3)),
        (None, (400, 3)),
        ("POST", (400, 3)),
    ],
)
def test_what_is_not_the_method_is_told_apart(event, expected):
    """Another path, another HTTP method, and what is no call at all."""
    assert error(event) == expected


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        (KEY, None, KEY),
        (KEY.upper(), None, KEY),
        (KEY, KEY, KEY),
        (None, "order-4711", "order-4711"),
        (None, None, GATEWAY["requestContext"]["requestId"]),
    ],
)
def test_a_request_is_named_the_same_every_time(key, name, expected):
    """By its key, however that is spelt, by itself, or by the platform."""
    event = gateway_call(ID, {**BODY, "requestId": name}, key=key)
    assert read(event).request.id == expected


def test_a_key_and_another_name_contradict_each_other():
    """A repeat with the key alone would be another request: so it is refused."""
    event = gateway_call(ID, {**BODY, "requestId": "order-4711"})
    assert wrong(event) == {"requestId": "must be absent, or the Idempotency-Key"}


@pytest.mark.parametrize("name", ["idempotency-key", "IDEMPOTENCY-KEY"])
def test_a_header_is_found_whatever_its_case(name):
    """Names of headers have none."""
    assert read({**GATEWAY, "headers": {name: KEY}}).request.id == KEY


@pytest.mark.parametrize(
    "key", ["{" + KEY + "}", KEY.replace("-", ""), "urn:uuid:" + KEY, KEY + "0"]
)
def test_a_key_is_a_plain_uuid(key):
    """Two spellings of one would be two requests."""
    assert wrong(keyed(GATEWAY, key)) == {"Idempotency-Key": "must be a UUID"}


@pytest.mark.parametrize("given", [None, {}, {"requestId": 1}, {"requestId": "a b"}])
def test_a_call_without_a_name_has_the_contexts(given):
    """Where the event names the call badly, the context does; or it is refused."""
    event = {**gateway_call(ID, BODY, key=None), "requestContext": given}
    call = read(event)
    assert (call.request.id, call.event_id) == ("call-1", "call-1")
    nameless = read_call(event, "", Anonymous.TAKEN)
    assert "$.requestId is required" in nameless.document["message"]
    named = gateway_call(ID, {**BODY, "requestId": "a"}, key=None, requestContext=given)
    assert read_call(named, "", Anonymous.TAKEN).event_id == "a"


@pytest.mark.parametrize(
    ("change", "at_once"),
    [
        ({}, True),
        ({"options": {}}, True),
        ({"options": {"dryRun": False, "timeout": "3600s"}}, True),
        ({"networkInterfaceIndex": "auto"}, False),
        ({"options": {"stopIfRunning": True}}, False),
        ({"options": {"finalPower": "running"}}, False),
        ({"options": {"timeout": "60s"}}, False),
        ({"options": {"dryRun": True}}, False),
    ],
)
def test_what_the_api_knows_is_begun_at_once(change, at_once):
    """Anything that only this project knows is not."""
    assert read(gateway_call(ID, {**BODY, **change})).at_once is at_once


AT_ROOT = {**URL, "url": "/?", "path": "/", "headers": {**URL["headers"], **HOST}}
NOBODY = {**GATEWAY, "requestContext": without(GATEWAY["requestContext"], "authorizer")}
BEARER = {**URL, "headers": {**URL["headers"], "Authorization": "Bearer t1.secret"}}


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        (GATEWAY, {"no", "url", "yes"}),
        (URL, {"url", "yes"}),
        ({**URL, "url": "/"}, {"url", "yes"}),
        (BEARER, {"url", "yes"}),
        (AT_ROOT, {"yes"}),
        (NOBODY, {"yes"}),
        ({**NOBODY, "requestContext": {"authorizer": {}}}, {"yes"}),
        ({**NOBODY, "requestContext": {"authorizer": "me"}}, {"yes"}),
    ],
)
def test_who_shows_nobody_is_refused_unless_allowed(event, taken):
    """An authorizer's context counts, a header never; the URL is IAM's business."""
    for anonymous in Anonymous:
        answer = read(event, anonymous)
        if anonymous.value in taken:
            assert isinstance(answer, Call)
        else:
            assert (answer.status, answer.document["code"]) == (401, 16)
            assert "secret" not in repr(answer)


def test_a_stranger_learns_nothing():
    """Who is refused is not told what else is wrong."""
    assert error({"httpMethod": "GET", "url": "/x"}, Anonymous.REFUSED) == (401, 16)


@given(attachments)
def test_every_attachment_can_be_asked_for(attachment):
    """All fields of the API's body come through."""
    body = without(render_attachment(attachment), "instanceId")
    call = read(gateway_call(attachment.instance_id, body))
    assert call.request.attachment == attachment


PARTS = dict.fromkeys(GATEWAY, json_values)


@given(
    json_values | st.fixed_dictionaries({}, optional=PARTS), st.sampled_from(Anonymous)
)
def test_whatever_comes_is_answered(event, anonymous):
    """Nothing that JSON can say makes the reader fail."""
    assert isinstance(read(event, anonymous), Call | Answer)
    if isinstance(event, dict):
        assert isinstance(read({**GATEWAY, **event}), Call | Answer)


NAMES = st.text("a1-_.\r\n\0é: ", max_size=8) | st.sampled_from(
    [KEY, f"{KEY}\n", f"{KEY}\r\nSet-Cookie: a"]
)


@given(NAMES, NAMES, NAMES)
def test_no_header_is_put_into_an_answer(key, request_id, call_id):
    """The only header that a client has a say in is a plain name, or there is none."""
    event = keyed({**GATEWAY, "requestContext": {"requestId": call_id}}, key)
    body = json.dumps({**json.loads(GATEWAY["body"]), "requestId": request_id})
    found = read({**event, "body": body})
    answer = accepted(found.request.id) if isinstance(found, Call) else found
    headers = render_answer(answer)["headers"]
    assert set(headers) <= {"Content-Type", "X-Nic-Request-Id"}
    assert re.fullmatch(r"[\w./:-]*", headers.get("X-Nic-Request-Id", ""), re.ASCII)
