"""The admin port: what goes wrong and what was done, over plain HTTP."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.errors import Code
from fakes.faults import Fault
from fakes.testing import CloudThread
from tests.contract.rest_client import INSTANCES, RestClient

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PATIENCE = timedelta(seconds=20)
FAULT = {"method": "InstanceService/List", "code": "UNAVAILABLE", "times": 2}
GOOD = {
    "unordered": False,
    "duplicates": 0.0,
    "emptyPolls": 0.0,
    "rates": False,
    "settling": "0s",
}


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(ManualClock(NOW), seed=1)) as thread:
        yield thread


@pytest.fixture
def cloud(thread):
    thread.run(thread.cloud.clear())
    thread.call(thread.cloud.calm)
    return thread.cloud


@pytest.fixture
def ask(cloud):
    """Return what sends JSON, or bytes as they are; it returns status and JSON."""
    connection = http.client.HTTPConnection(urlsplit(cloud.admin_url).netloc)

    def ask(method, path, content=None, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content)
        body = None if content is None else body
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        assert response.headers["content-type"] == "application/json"
        return response.status, json.loads(response.read())

    with closing(connection):
        yield ask


@pytest.fixture
def look(thread, cloud):
    """Return what lists instances over REST, and tells the status."""
    rest = RestClient(cloud.rest_url, thread.call(cloud.token).value)
    path = f"{INSTANCES}?folderId={cloud.world.folder_id}"
    with closing(rest.connection):
        yield lambda: rest.ask("GET", path)[0]


def test_faults_are_planned_and_told(ask, look):
    """What is left, what struck, and the manners; then nothing goes wrong again."""
    status, planned = ask("POST", "/faults", {"faults": [FAULT]})
    assert (status, planned["faults"]) == (200, [{"when": "before", **FAULT}])
    assert look() == 503
    struck = {"at": "2026-03-01T00:00:00+00:00", "method": "InstanceService/List"}
    assert ask("GET", "/faults") == (
        200,
        {
            "faults": [{"when": "before", **FAULT, "times": 1}],
            "manners": GOOD,
            "triggers": {"duplicates": 0.0},
            "struck": [{**struck, "fault": {"when": "before", **FAULT}}],
        },
    )
    assert ask("DELETE", "/faults") == (200, {})
    assert (look(), ask("GET", "/faults")[1]["faults"]) == (200, [])


def test_manners_are_changed_and_given_back(ask, cloud):
    """Message Queue and triggers misbehave until the faults are deleted."""
    ask(
        "POST", "/faults", {"manners": {"duplicates": 1}, "triggers": {"duplicates": 1}}
    )
    assert (cloud.queues.manners.duplicates, cloud.faults.repeats) == (1, 1)
    _, told = ask("GET", "/faults")
    assert told["manners"] == {**GOOD, "duplicates": 1}
    ask("DELETE", "/faults")
    assert (cloud.queues.manners.duplicates, cloud.faults.repeats) == (0, 0)


def test_a_wrong_plan_changes_nothing(ask, cloud):
    """All its problems are told, and what is right in it is not done either."""
    plan = {"faults": [FAULT, {"code": "BUSY"}], "manners": {"rates": True}, "more": 1}
    status, told = ask("POST", "/faults", plan)
    assert status == 400
    assert [one.split()[0] for one in told["problems"]] == [
        "$.faults[1].method",
        "$.faults[1].code",
        "$.more",
    ]
    assert (cloud.faults.planned, cloud.queues.manners.rates) == ([], False)


def test_who_waits_is_released(ask, cloud, look):
    """The call goes on, and what is planned stays so."""
    cloud.faults.add(Fault(method="List", hold=True), Fault(method="Get"))
    with ThreadPoolExecutor() as pool:
        looking = pool.submit(look)
        assert cloud.faults.wait_until_held(PATIENCE)
        assert ask("POST", "/release") == (200, {})
        assert looking.result() == 200
    assert [one.method for one in cloud.faults.planned] == ["Get"]


def test_tokens_expire(ask, look):
    """Those that were issued so far, at once."""
    assert look() == 200
    assert ask("POST", "/tokens/expire") == (200, {})
    assert look() == 401


def test_calls_are_told(ask, look, cloud):
    """Each with its method, key and caller, oldest first."""
    look()
    call = {"method": "InstanceService/List", "idempotencyKey": None}
    assert ask("GET", "/calls") == (
        200,
        {"calls": [{**call, "subjectId": cloud.account.id}]},
    )


def test_permissions_are_told(thread, ask, cloud):
    """What each account used, what it lacked, and what would have been enough."""
    robot = thread.call(cloud.iam.create_service_account, "robot", ["compute.viewer"])
    rest = RestClient(cloud.rest_url, thread.call(cloud.token, robot).value)
    with closing(rest.connection):
        rest.ask("GET", f"{INSTANCES}?folderId={cloud.world.folder_id}")
        rest.ask("POST", f"{INSTANCES}/epd1:stop", {})
    status, told = ask("GET", "/permissions")
    assert status == 200
    [found] = [one for one in told["subjects"] if one["name"] == "robot"]
    assert found == {
        "id": robot.id,
        "name": "robot",
        "roles": [{"role": "compute.viewer", "resourceId": cloud.world.folder_id}],
        "used": {"compute.instances.list": 1},
        "refused": {"compute.instances.stop": 1},
        "enough": ["compute.auditor"],
    }


def test_the_cloud_begins_again(ask, look, cloud):
    """With its first ids, without faults; the admin port goes on."""
    folder, tokens = cloud.world.folder_id, cloud.iam
    cloud.faults.add(Fault(method="List", code=Code.INTERNAL))
    assert ask("POST", "/clear") == (200, {})
    assert (cloud.world.folder_id, cloud.faults.planned) == (folder, [])
    assert cloud.iam is not tokens
    assert look() == 401
    assert ask("GET", "/calls") == (200, {"calls": []})


def test_time_is_turned(ask, cloud):
    """What is due by then is done before the answer comes."""
    before = cloud.clock.now()
    status, told = ask("POST", "/time", {"seconds": 90})
    assert (status, datetime.fromisoformat(told["now"])) == (200, cloud.clock.now())
    assert cloud.clock.now() - before == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, ["$.seconds is required"]),
        (
            {"seconds": -1, "minutes": 1},
            [
                "$.seconds must be a whole number, 0 or more",
                "$.minutes is not a known field",
            ],
        ),
        (b"90", ["$ must be an object"]),
        (b"", ["$ is not JSON: JSONDecodeError"]),
    ],
)
def test_time_is_asked_for_rightly(ask, cloud, body, problems):
    """Otherwise it stands still."""
    before = cloud.clock.now()
    assert ask("POST", "/time", body) == (400, {"problems": problems})
    assert cloud.clock.now() == before
