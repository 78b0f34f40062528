"""A function's result as an HTTP response, and what failed as another one."""

import json

import pytest

from fakes.http.invoke_answer import Answer, answer_of, failure, raw_answer, refusal
from fakes.serverless.errors import (
    HandlerError,
    NoInstanceError,
    TimedOutError,
    TooManyCallsError,
)

TOLD = {"errorMessage": "so bad", "errorType": "ValueError", "stackTrace": ["a"]}
MOST = 3_670_016


def seen(answer):
    return answer.status, dict(answer.headers), json.loads(answer.body)


def test_a_result_is_the_response():
    """Status, headers and body are taken over."""
    result = {"statusCode": 201, "headers": {"X-A": "1"}, "body": "ы"}
    expected = Answer(status=201, headers=(("X-A", "1"),), body="ы".encode())
    assert answer_of(result) == expected


@pytest.mark.parametrize("result", [{}, {"body": None}, {"headers": None, "body": ""}])
def test_everything_may_be_left_out(result):
    """What is missing is a 200 without anything."""
    assert answer_of(result) == Answer(status=200)


def test_base64_is_decoded():
    """Any bytes can be returned."""
    assert answer_of({"body": "/wA=", "isBase64Encoded": True}).body == b"\xff\x00"


def test_a_list_of_values_wins():
    """Of a header in both dictionaries, the list is sent, one by one."""
    result = {
        "headers": {"x-a": "0", "X-B": "3"},
        "multiValueHeaders": {"X-A": ["1", "2"]},
    }
    headers = (("X-B", "3"), ("X-A", "1"), ("X-A", "2"))
    assert answer_of(result).headers == headers


@pytest.mark.parametrize("name", ["Host", "Authorization", "Cookie", "content-length"])
def test_some_headers_are_removed(name):
    """The rest of the response is sent."""
    result = {"headers": {name: "x"}, "body": "b"}
    assert answer_of(result) == Answer(status=200, body=b"b")


@pytest.mark.parametrize("name", ["Date", "Server", "Www-Authenticate", "Content-Md5"])
def test_some_headers_are_renamed(name):
    """What the platform says itself gets a prefix."""
    [(found, _)] = answer_of({"headers": {name: "x"}}).headers
    assert found == f"X-Yf-Remapped-{name}"


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_no_body(status):
    """Or the client would take it for the next response."""
    assert answer_of({"statusCode": status, "body": "x"}).body == b""


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (None, "not a valid json"),
        ("text", "not a valid json"),
        ([1], "not a valid json"),
        ({"statusCode": "200"}, "statusCode '200'"),
        ({"statusCode": True}, "statusCode True"),
        ({"statusCode": 199}, "statusCode 199"),
        ({"statusCode": 600}, "statusCode 600"),
        ({"body": {"a": 1}}, "body is no text"),
        ({"body": "!", "isBase64Encoded": True}, "body is no Base64"),
        ({"headers": ["a"]}, "headers is no dictionary"),
        ({"headers": {"X-A": 1}}, "header 'X-A'"),
        ({"headers": {"X A": "1"}}, "header 'X A'"),
        ({"headers": {"X-A": "1\r\nX-B: 2"}}, "header 'X-A'"),
        ({"headers": {"X-A": "ы"}}, "header 'X-A'"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "header 'Transfer-Encoding'"),
        ({"headers": {"Via": "x"}}, "header 'Via'"),
        ({"multiValueHeaders": {"X-A": "1"}}, "multiValueHeaders: 'X-A' is no list"),
        ({"body": "x" * MOST}, "it is longer than 3.5 MB"),
    ],
)
def test_a_malformed_result_is_a_bad_gateway(result, why):
    """The client gets what was returned, and the developer why it is no response."""
    status, headers, told = seen(answer_of(result))
    assert (status, headers["X-Function-Error"]) == (502, "true")
    assert told == {
        "errorMessage": f"Malformed serverless function response: {why}",
        "errorType": "ProxyIntegrationError",
        "payload": json.dumps(result)[:MOST],
    }


@pytest.mark.parametrize("result", [None, "text", {"statusCode": 500}, [1]])
def test_a_raw_result_is_the_body(result):
    """Nobody looks at its structure."""
    assert seen(raw_answer(result)) == (
        200,
        {"Content-Type": "application/json"},
        result,
    )


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (HandlerError("f", TOLD), 502, "ValueError"),
        (NoInstanceError("f: died"), 502, "InstanceError"),
        (TimedOutError("f: timed out"), 504, "TimeoutError"),
    ],
)
def test_a_failed_call_is_the_functions_fault(error, status, kind):
    """The header says so, the body what it was."""
    found, headers, told = seen(failure(error))
    assert (found, headers["X-Function-Error"]) == (status, "true")
    assert told["errorType"] == kind


def test_what_a_handler_raised_is_told_whole():
    """With its stack, as documented."""
    assert seen(failure(HandlerError("f", TOLD)))[2] == TOLD


def test_too_many_calls_are_the_clients_fault():
    """The function is not to blame: it was not called."""
    assert failure(TooManyCallsError("f")) == refusal(429, "TooManyRequests")
    assert "X-Function-Error" not in dict(refusal(429, "").headers)
