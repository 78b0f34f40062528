"""A function called by its URL, over a real socket."""

import base64
import json
from datetime import timedelta

import pytest

from fakes.endpoints import endpoints_of
from fakes.serverless.instance import Code
from tests.contract.invoking import invoking, shows

JSON_TYPE = ("Content-Type", "application/json")
MOST = 3_670_016
HANGS = """
import threading
def hangs(event, context):
    threading.Event().wait()
"""


@pytest.fixture(scope="module")
def running():
    with invoking() as front:
        yield front


@pytest.fixture
def front(running):
    return running.clear()


def returns(result):
    return lambda _event, _context: result


def echoes(event, _context):
    return event


def test_the_event_is_the_documented_one(front):
    """It has the keys of the sample, and what they hold is of the request."""
    front.serve(
        lambda event, context: {"body": json.dumps([event, context.request_id])}
    )
    status, (event, name) = front.ask(
        "/f?param=one", body=b'{"hello": "world"}', headers=[JSON_TYPE]
    )
    port = event["headers"]["X-Real-Remote-Address"].rpartition(":")[2]
    headers = {
        "Accept-Encoding": "identity",
        "Content-Length": "18",
        "Content-Type": "application/json",
        "Host": front.cloud.http.base_url.removeprefix("http://"),
        "X-Forwarded-For": "127.0.0.1",
        "X-Real-Remote-Address": f"[127.0.0.1]:{port}",
        "X-Request-Id": name,
        "X-Trace-Id": event["headers"]["X-Trace-Id"],
    }
    assert status == 200
    assert event == {
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {key: [value] for key, value in headers.items()},
        "queryStringParameters": {"param": "one"},
        "multiValueQueryStringParameters": {"param": ["one"]},
        "requestContext": {
            "identity": {"sourceIp": "127.0.0.1", "userAgent": ""},
            "httpMethod": "POST",
            "requestId": name,
            "requestTime": "13/Jul/2026:11:58:59 +0000",
            "requestTimeEpoch": 1783943939,
        },
        "body": '{"hello": "world"}',
        "isBase64Encoded": False,
        "params": {},
        "multiValueParams": {},
        "pathParams": {},
        "url": "",
    }


def test_the_last_of_several_values_counts(front):
    """All of them are in the lists."""
    front.serve(shows)
    _, event = front.ask("/f?a=1&a=2&b=", headers=[("X-A", "1"), ("X-A", "2")])
    assert event["queryStringParameters"] == {"a": "2", "b": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert event["headers"]["X-A"] == "2"
    assert event["multiValueHeaders"]["X-A"] == ["1", "2"]


@pytest.mark.parametrize(
    ("body", "kind", "encoded"),
    [
        (b"{}", "application/json; charset=utf-8", False),
        ("ы".encode(), "application/json", False),
        (b"hello, world!", "application/x-www-form-urlencoded", True),
        (b"\xff", "application/json", True),
        (b"", "text/plain", True),
    ],
)
def test_only_json_stays_as_it_is(front, body, kind, encoded):
    """Any other body is in Base64, also an empty one."""
    front.serve(shows)
    _, event = front.ask(body=body, headers=[("Content-Type", kind)])
    expected = base64.b64encode(body) if encoded else body
    assert (event["isBase64Encoded"], event["body"].encode()) == (encoded, expected)


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "Expect", "Content-Md5"])
def test_some_headers_never_arrive(front, name):
    """Above all, not what a client shows to be let in."""
    front.serve(shows)
    value = f"Bearer {front.token()}" if name == "Authorization" else "x"
    status, event = front.ask(headers=[(name, value)])
    assert (status, name in event["headers"]) == (200, False)
    assert name not in event["multiValueHeaders"]


def test_who_is_behind_a_proxy_is_told_too(front):
    """The addresses given, then the client's own."""
    front.serve(shows)
    _, event = front.ask(headers=[("X-Forwarded-For", "10.0.0.1, 10.0.0.2")])
    assert event["headers"]["X-Forwarded-For"] == "10.0.0.1, 10.0.0.2, 127.0.0.1"


def test_the_result_is_the_answer(front):
    """Status, headers and body arrive."""
    front.serve(returns({"statusCode": 202, "headers": {"X-A": "1"}, "body": "ы"}))
    status, headers, body = front.call(method="GET")
    assert (status, headers["X-A"], body.decode()) == (202, "1", "ы")


def test_a_malformed_result_is_a_bad_gateway(front):
    """The client sees what was returned."""
    front.serve(returns("hello"))
    status, told = front.ask()
    assert (status, told["errorType"]) == (502, "ProxyIntegrationError")
    assert told["payload"] == '"hello"'


def test_an_error_is_told_whole(front):
    """Type, text and stack; a header says whose fault it was."""
    front.serve(lambda _event, _context: len(None))
    status, headers, body = front.call()
    assert (status, headers["X-Function-Error"]) == (502, "true")
    assert set(json.loads(body)) == {"errorMessage", "errorType", "stackTrace"}


def test_what_takes_too_long_is_a_timeout(front, tmp_path):
    """The instance is ended, the client told."""
    (tmp_path / "entry.py").write_text(HANGS)
    code = Code(folder=tmp_path, entrypoint="entry.hangs", environment={})
    half = timedelta(seconds=0.5)
    function = front.thread.call(
        lambda: front.cloud.functions.deploy("f", code, timeout=half)
    )
    front.serve(function)
    assert front.ask()[0] == 504
    assert function.instances == []


def test_a_call_beyond_the_quota_is_refused(front):
    """It does not reach the function."""
    front.serve(front.function(shows, calls_in_progress=0))
    assert front.ask() == (
        429,
        {
            "errorCode": 429,
            "errorMessage": "TooManyRequests",
            "errorType": "ClientError",
        },
    )


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/f", MOST, 413),
        ("/f?integration=raw", MOST + 1, 413),
        ("/f?integration=raw", MOST, 200),
    ],
)
def test_a_request_has_a_longest_size(front, path, size, status):
    """The event is measured, or a raw body."""
    front.serve(lambda event, _context: len(event))
    assert front.call(path, body=b"x" * size)[0] == status


@pytest.mark.parametrize("path", ["/", "/g", "/f/more", "/f%2fmore"])
def test_other_paths_name_nothing(front, path):
    """A function has one URL."""
    front.serve(shows)
    assert front.ask(path)[0] == 404


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (b'{"messages": []}', {"messages": []}),
        (b"[1]", [1]),
        (b"", ""),
        (b"plain", "plain"),
        (b"[" * 100_000, "[" * 100_000),
    ],
)
def test_a_raw_call_is_what_a_trigger_makes(front, body, event):
    """The body is the event, and the result the body."""
    front.serve(echoes)
    assert front.ask("/f?integration=raw", body=body) == (200, event)


def test_a_raw_result_may_be_anything(front):
    """What would be an HTTP answer is none."""
    front.serve(returns({"statusCode": 500}))
    assert front.ask("/f?integration=raw") == (200, {"statusCode": 500})


def test_an_integration_that_is_not_there_is_a_bad_request(front):
    """Asynchronous calls are not imitated."""
    front.serve(shows)
    assert front.ask("/f?integration=async")[0] == 400


def test_the_url_is_among_the_endpoints(front, tmp_path):
    """Clients in other processes find it."""
    found = front.thread.call(endpoints_of, front.cloud, tmp_path)
    assert front.serve(shows) == found["functions"] + "/f"
