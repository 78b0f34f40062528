"""What the REST method refuses, it refuses with the API's errors; nothing is begun."""

import io

import pytest
import structlog

from cli.deployment import environment
from fakes.errors import Code
from fakes.faults import Fault
from fakes.serverless.bootstrap import load
from functions import on_http
from functions._logging import configure
from functions._settings import SettingsError
from functions._wiring import warm
from tests.scenario.client import Client, refusal
from tests.scenario.stage import ZONE
from tests.unit.http_events import told, url_call


@pytest.fixture
def client(stage, tmp_path):
    """A client on a stage where nothing follows what was begun."""
    client = Client(stage, tmp_path)
    yield client
    client.close()


@pytest.fixture
def strict(stage, tmp_path):
    """A client of a function that takes no call from nobody knows whom."""
    client = Client(stage, tmp_path, ALLOW_ANONYMOUS="no")
    yield client
    client.close()


def untouched(stage):
    """Tell whether nothing was begun, and nothing waits to be."""
    return (stage.keys(), stage.left()) == ([], 0)


def test_a_missing_instance_is_not_found(stage, client):
    """404, and the id is told."""
    status, error = client.ask(instance_id="fhm00000000000000000")
    assert (status, error["code"]) == (404, 5)
    assert "fhm00000000000000000" in error["message"]
    assert untouched(stage)


@pytest.mark.parametrize("begin", ["start", None])
def test_an_instance_that_is_not_stopped_is_never_touched(stage, client, begin):
    """Running or on its way there: on such a one the interface might stay down."""
    instance = stage.create("web-2", running=begin is None)
    if begin:
        stage.start(instance)
    status, error = client.ask(instance_id=instance)
    assert (status, error["code"]) == (400, 9)
    assert "must be STOPPED" in error["message"]
    assert untouched(stage)


def test_a_broken_body_is_told_in_full(stage, client):
    """400 with every violation, before the cloud is asked anything."""
    status, error = client.ask(subnetId=None, securityGroupIds=["a b"], colour="red")
    assert (status, error["code"]) == (400, 3)
    [details] = error["details"]
    assert {one["field"] for one in details["fieldViolations"]} == {
        "subnetId",
        "securityGroupIds",
        "securityGroupIds[0]",
        "colour",
    }
    assert stage.cloud.faults.seen == []


def test_the_limits_hold_here_too(stage, tmp_path):
    """403 outside of the folders, subnets and groups that may be touched."""
    client = Client(stage, tmp_path, policies=stage.policies(subnetIds=["other"]))
    assert refusal(client.ask()) == (403, 7)
    assert untouched(stage)
    client.close()


def test_the_guard_holds_here_too(stage, client):
    """400 for a subnet that is not in the instance's zone."""
    elsewhere = next(one.id for one in stage.cloud.world.subnets if one.zone_id != ZONE)
    assert refusal(client.ask(subnetId=elsewhere)) == (400, 9)
    assert untouched(stage)


def test_who_is_not_known_is_refused(stage, strict):
    """401 at a URL that may be public, unless the deployment says otherwise; and a
    header that anybody can write changes nothing, and appears nowhere.
    """
    event = url_call(stage.instance, strict.body())
    event["headers"]["Authorization"] = "Bearer t1.secret"
    answer = strict.post(event=event)
    assert refusal(told(answer)) == (401, 16)
    assert "secret" not in repr(answer)
    assert stage.cloud.faults.seen == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (Code.UNAVAILABLE, (503, 14)),
        (Code.RESOURCE_EXHAUSTED, (429, 8)),
        (Code.PERMISSION_DENIED, (403, 7)),
    ],
)
def test_a_look_that_fails_begins_nothing(stage, client, code, expected):
    """The error is the answer: the client asks again."""
    stage.cloud.faults.add(Fault(method="InstanceService/Get", code=code))
    assert refusal(client.ask()) == expected
    assert untouched(stage)


def test_a_token_of_ours_that_is_refused_is_no_401(stage, client):
    """The client's credentials are not at fault."""
    context = stage.context()
    context.token = {"access_token": "t1.stale"}
    answer = client.post(context=context)
    assert refusal(told(answer)) == (503, 14)
    assert "t1.stale" not in repr(answer)


def test_a_fault_of_ours_is_told_to_nobody(stage, client):
    """500 without a word of what happened; that is in the log, without the header."""
    event = url_call(stage.instance, client.body())
    event["headers"]["Authorization"] = "Bearer t1.secret"

    def broken():
        msg = "POLICIES: $ is not JSON"
        raise SettingsError(msg)

    stream = io.StringIO()
    configure(stream)
    answer = on_http.answer(event, None, broken)
    structlog.reset_defaults()

    assert told(answer) == (
        500,
        {"code": 13, "message": "Internal error", "details": []},
    )
    assert "POLICIES: $ is not JSON" in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_the_entry_point_answers(stage, tmp_path, monkeypatch):
    """`on_http.handle` is built from the environment; without a service account it
    answers too.
    """
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(stage.cloud.rpc.ca_pem)
    variables = environment(stage.cloud, stage.queues, stage.policies(), ca_file)
    for name, value in {**variables, "ALLOW_ANONYMOUS": "url"}.items():
        monkeypatch.setenv(name, value)
    warm.cache_clear()
    handle = load("functions.on_http.handle")
    event = url_call(stage.instance, stage.request(requestId=None))
    nobody = stage.context()
    del nobody.token
    try:
        assert refusal(told(handle(event, nobody))) == (500, 13)
        assert told(handle(event, stage.context()))[0] == 200
    finally:
        warm().close()
        warm.cache_clear()
    assert len(stage.attaches()) == 1
