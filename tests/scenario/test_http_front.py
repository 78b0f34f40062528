"""The API's own method, as a client calls it: HTTP in, HTTP out, over sockets."""

import http.client
import json
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from fakes.http.invoke_routes import HttpRoute

PATH = "/compute/v1/instances/{instanceId}:attachNetworkInterface"


class Authorizer:
    """Lets everybody pass, as somebody."""

    async def invoke(self, _event, request_id):
        return {"isAuthorized": True, "context": {"subject": request_id}}


@dataclass
class Front:
    """What a client sees of the deployment: a gateway and a function's URL."""

    stage: object
    url: str

    def post(self, path, body, **headers):
        """Return the status, the document and the headers of the answer."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        sent = {"Content-Type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body), sent)
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read()), answer.headers
        connection.close()
        return found

    @property
    def path(self):
        return PATH.format(instanceId=self.stage.instance)

    @property
    def body(self):
        return self.stage.request(requestId=None, instanceId=None)


@pytest.fixture
def front(stage, request):
    """Deploy the function behind a gateway that knows its callers, or does not."""
    found = stage.deploy()
    route = HttpRoute(
        method="POST", path=PATH, function=found["on_http"], authorizer=request.param
    )
    stage.thread.call(stage.cloud.http.add_route, route)
    return Front(stage, stage.cloud.http.base_url)


@pytest.mark.parametrize("front", [Authorizer()], indirect=True)
def test_behind_a_gateway_it_is_the_apis_method(stage, front):
    """Same path, same body: the Operation comes at once, a repeat of the key has the
    same one, and one outcome follows under the id that the answer told.
    """
    key = str(uuid.UUID(int=7, version=4))
    status, operation, headers = front.post(
        front.path, front.body, Authorization="me", **{"Idempotency-Key": key}
    )
    again = front.post(
        front.path, front.body, Authorization="me", **{"Idempotency-Key": key}
    )
    stage.turn(times=12)
    assert status == 200
    assert operation["metadata"]["instanceId"] == stage.instance
    assert again[1]["id"] == operation["id"]
    assert len(stage.attaches()) == 1
    outcomes = stage.outcomes()
    assert {one["id"] for one in outcomes} == {headers["X-Nic-Request-Id"]}
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert outcomes[0]["data"]["operation"]["id"] == operation["id"]


@pytest.mark.parametrize("front", [None], indirect=True)
def test_a_gateway_that_knows_nobody_is_refused(stage, front):
    """Who may call is its business, and it must have seen to it."""
    status, error, _ = front.post(front.path, front.body)
    assert (status, error["code"]) == (401, 16)
    assert stage.attaches() == []


@pytest.mark.parametrize("front", [None], indirect=True)
def test_a_private_url_has_its_callers_checked(stage, front):
    """Without a token the function is not even called; with one it attaches."""
    path = f"/on_http?instanceId={stage.instance}"
    assert front.post(path, front.body)[0] == 403
    token, _ = stage.thread.call(stage.cloud.fresh_token)
    status, operation, _ = front.post(path, front.body, Authorization=f"Bearer {token}")
    assert (status, operation["metadata"]["instanceId"]) == (200, stage.instance)


@pytest.mark.parametrize("front", [Authorizer()], indirect=True)
def test_an_error_is_the_apis_error(stage, front):
    """Code, message and details come as the API's JSON, with the API's status."""
    status, error, _ = front.post(
        front.path, {"subnetId": 1, "nic": 2}, Authorization="me"
    )
    fields = {one["field"] for one in error["details"][0]["fieldViolations"]}
    assert (status, error["code"]) == (400, 3)
    assert {"subnetId", "nic", "securityGroupIds", "networkInterfaceIndex"} <= fields
    assert stage.attaches() == []
