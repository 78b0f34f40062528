"""Functions behind an API gateway, over a real socket."""

import json

import pytest

from tests.contract.invoking import invoking, shows

ATTACH = "/compute/v1/instances/{instanceId}:attachNetworkInterface"
PATH = "/compute/v1/instances/fhm1:attachNetworkInterface"
BEARER = ("Authorization", "Bearer of mine")


@pytest.fixture(scope="module")
def running():
    with invoking() as front:
        yield front


@pytest.fixture
def front(running):
    return running.clear()


def returns(result):
    return lambda _event, _context: result


def test_the_event_is_that_of_version_0_1(front):
    """The template, the path as sent, and the parameters the gateway knows."""
    front.route(ATTACH, shows, query=("dry",))
    status, event = front.ask(PATH + "?dry=1&dry=2&more=3")
    assert status == 200
    assert "version" not in event
    assert {name: event[name] for name in ("url", "path")} == {
        "url": PATH + "?dry=1&dry=2&more=3",
        "path": ATTACH,
    }
    assert event["pathParams"] == {"instanceId": "fhm1"}
    assert event["params"] == {"instanceId": "fhm1", "dry": "2"}
    assert event["multiValueParams"] == {"instanceId": ["fhm1"], "dry": ["1", "2"]}
    assert event["queryStringParameters"] == {"dry": "2", "more": "3"}


def test_the_event_is_that_of_version_1_0(front):
    """Where a route asks for it, with the operation's name."""
    front.route(ATTACH, shows, payload_version="1.0", operation_id="attach")
    _, event = front.ask(PATH)
    expected = {
        "version": "1.0",
        "resource": ATTACH,
        "path": PATH,
        "pathParameters": {"instanceId": "fhm1"},
        "parameters": {"instanceId": "fhm1"},
        "multiValueParameters": {"instanceId": ["fhm1"]},
        "operationId": "attach",
    }
    assert {name: event[name] for name in expected} == expected
    assert {"url", "params", "pathParams"}.isdisjoint(event)


def test_a_context_is_handed_on(front):
    """What the gateway's specification says of an operation; else nothing."""
    front.route("/a", shows, context={"name": "value"})
    front.route("/b", shows)
    contexts = [front.ask(path)[1]["requestContext"] for path in ("/a", "/b")]
    assert contexts[0]["apiGateway"] == {"operationContext": {"name": "value"}}
    assert "apiGateway" not in contexts[1]
    assert "authorizer" not in contexts[1]


def test_the_gateway_calls_private_functions_for_all(front):
    """It has an account of its own; what the client shows is its own business."""
    front.serve(shows, public=False)
    front.route("/a", shows)
    assert [front.ask(path)[0] for path in ("/f", "/a")] == [403, 200]
    status, event = front.ask("/a", headers=[BEARER])
    assert (status, "Authorization" in event["headers"]) == (200, False)


def test_a_route_wins_over_a_name(front):
    """And only with its method."""
    front.serve(returns({"body": '"name"'}))
    front.route("/f", returns({"body": '"route"'}), method="GET")
    assert front.ask("/f", method="GET") == (200, "route")
    assert front.ask("/f", method="POST") == (200, "name")


def test_an_authorizer_sees_all_and_its_context_is_handed_on(front):
    """The header that the function never sees, cookies and the path."""
    seen = []

    def allows(event, _context):
        seen.append(event)
        return {"isAuthorized": True, "context": {"user": "ann"}}

    front.route(ATTACH, shows, authorizer=allows)
    _, event = front.ask(PATH, headers=[BEARER, ("Cookie", "a=1; b=2")])
    assert event["requestContext"]["authorizer"] == {"user": "ann"}
    [asked] = seen
    assert asked["headers"]["Authorization"] == "Bearer of mine"
    assert asked["cookies"] == {"a": "1", "b": "2"}
    assert (asked["resource"], asked["path"]) == (ATTACH, PATH)
    assert "body" not in asked


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"isAuthorized": False}, 403),
        ({"isAuthorized": "yes"}, 500),
        ({}, 500),
        (None, 500),
    ],
)
def test_who_is_not_authorized_does_not_pass(front, result, status):
    """Nor does anybody where the authorizer makes no sense."""
    front.route("/a", shows, authorizer=returns(result))
    assert front.ask("/a", headers=[BEARER])[0] == status


def test_an_authorizer_that_fails_lets_nobody_pass(front):
    """The gateway is to blame, not the client."""
    front.route("/a", shows, authorizer=lambda _event, _context: len(None))
    assert front.ask("/a", headers=[BEARER])[0] == 500


def test_who_shows_nothing_is_not_even_asked_about(front):
    """The authorizer is not called."""
    asked = []
    front.route("/a", shows, authorizer=lambda event, _context: asked.append(event))
    assert front.ask("/a")[0] == 401
    assert asked == []


def test_cookies_that_are_none_are_none(front):
    """A broken header stops nothing."""
    seen = []

    def allows(event, _context):
        seen.append(event["cookies"])
        return {"isAuthorized": True}

    front.route("/a", shows, authorizer=allows)
    _, event = front.ask("/a", headers=[BEARER, ("Cookie", "a/b=1")])
    assert (seen, event["requestContext"]["authorizer"]) == ([{}], {})


def test_a_result_is_an_answer_here_too(front):
    """`integration=raw` means something to a function's URL alone."""
    front.route("/a", returns({"statusCode": 201, "body": json.dumps("b")}))
    assert front.ask("/a?integration=raw") == (201, "b")
