"""The roles of the deployment suffice for its functions, and each one is needed."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from cli.deployment import QUEUE_USER, ROLES, account_of, bind, bind_timer
from fakes.caller import SubjectType
from tests.scenario.stage import Stage

DENIED = "PERMISSION_DENIED: Permission denied to resource-manager.folder"
PUBLIC = {"primaryV4AddressSpec": {"oneToOneNatSpec": {}}}
TURNS = 12


@pytest.fixture
def stage(tmp_path):
    with Stage(tmp_path) as stage:
        yield stage


def bind_all(cloud, queues, found):
    bind(cloud, queues, found)
    bind_timer(cloud, queues, found, "*/5 * * * ? *")


def give(stage, name, *roles):
    """Let the service account of a function have *roles*, and no others."""
    iam, account = stage.cloud.iam, account_of(stage.cloud, name)
    for role in ROLES[name]:
        stage.thread.call(iam.revoke, account, role)
    for role in roles:
        stage.thread.call(iam.grant, account, role)


def report(stage):
    """Return what each account of the deployment used, by the function's name."""
    accounts = {account_of(stage.cloud, name): name for name in ROLES}
    found = stage.thread.call(stage.cloud.iam.report)
    return {accounts[one.subject]: one for one in found if one.subject in accounts}


def end(stage, **changes):
    stage.ask(stage.request(**changes))
    stage.turn(times=TURNS)
    [outcome] = stage.outcomes()
    return outcome["data"]["verdict"], outcome["data"]["reason"]


def call_url(stage, *roles):
    """Ask `on_http` by its URL, as somebody with *roles*."""
    create = stage.cloud.iam.create_service_account
    somebody = stage.thread.call(create, "producer", roles)
    token = stage.thread.call(stage.cloud.token, somebody).value
    where = urlsplit(stage.cloud.http.base_url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    request = stage.request(requestId=None, instanceId=None)
    connection.request(
        "POST",
        f"/on_http?instanceId={stage.instance}",
        json.dumps(request),
        {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": "1f6b2b0e-3f0e-4a53-9f6b-6f6a3a6f9c11",
        },
    )
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_the_roles_suffice(stage):
    """An event, a request that stops and starts, a call and a sweep: nothing is
    denied to any function, and the key of the queues only ever sends.
    """
    stage.deploy(bound=bind_all)
    status, _ = call_url(stage, "functions.functionInvoker")
    stage.turn(times=TURNS)
    [asked] = stage.outcomes()
    running = stage.create("web-2", running=True, labels=())
    verdict, _ = end(stage, instanceId=running, options={"stopIfRunning": True})
    stage.create("web-3")
    stage.turn(times=TURNS)
    stage.turn(times=60)
    found = report(stage)
    assert (status, asked["data"]["verdict"], verdict) == (200, "attached", "attached")
    assert {one["data"]["verdict"] for one in stage.outcomes()} == {"attached"}
    assert not any(one.refused for one in found.values())
    assert {name: one.enough for name, one in found.items()} == {
        # The documentation gives even the auditor what a look shows.
        "on_event": ("compute.auditor",),
        "on_schedule": ("compute.auditor",),
        "on_http": ("compute.editor",),
        "on_task": ("compute.editor",),
        QUEUE_USER: ("ymq.writer",),
    }


def test_without_the_viewers_role_an_event_is_refused(stage):
    """`on_event` publishes that it may not look."""
    stage.deploy()
    give(stage, "on_event")
    stage.create("web-2")
    stage.turn(times=TURNS)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert outcome["data"]["reason"].startswith(DENIED)
    assert report(stage)["on_event"].refused == {"compute.instances.get": 1}


def test_without_the_viewers_role_a_sweep_is_refused(stage):
    """`on_schedule` publishes that it may not look."""
    stage.deploy(bound=bind_all)
    give(stage, "on_schedule")
    stage.turn(times=61)
    # As many as the timer fired.
    outcome, *_ = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert DENIED in outcome["data"]["reason"]


@pytest.mark.parametrize(
    ("roles", "lacking"),
    [
        ((), "compute.instances.get"),
        (("compute.viewer",), "compute.instances.update"),
        (("compute.viewer", "vpc.user"), "compute.instances.update"),
    ],
)
def test_without_the_editors_role_a_request_is_refused(stage, roles, lacking):
    """`on_task` publishes what the API says; nothing is begun."""
    stage.deploy()
    give(stage, "on_task", *roles)
    verdict, reason = end(stage)
    assert (verdict, reason.startswith(DENIED)) == ("refused", True)
    assert lacking in report(stage)["on_task"].refused
    assert stage.attaches() == []


def test_whoever_may_not_see_the_network_leaves_it_to_the_api(stage):
    """The guard is no reason to refuse: the attach is tried, and the API judges."""
    stage.deploy()
    give(stage, "on_task", "compute.operator")
    elsewhere = stage.cloud.world.subnet_in("ru-central1-b").id
    verdict, reason = end(stage, subnetId=elsewhere)
    refused = report(stage)["on_task"].refused
    assert (verdict, reason.startswith(DENIED)) == ("refused", True)
    assert refused == {"vpc.subnets.get": 1, "compute.instances.update": 1}


@pytest.mark.parametrize("allowed", [True, False])
def test_a_public_address_takes_a_role_of_its_own(stage, allowed):
    """`vpc.publicAdmin` beside the deployment's roles."""
    stage.deploy()
    if allowed:
        give(stage, "on_task", *ROLES["on_task"], "vpc.publicAdmin")
    verdict, reason = end(stage, **PUBLIC)
    assert verdict == ("attached" if allowed else "refused")
    assert reason.startswith(DENIED) is not allowed


def test_without_the_editors_role_a_call_is_denied(stage):
    """`on_http` answers with the API's own code, and begins nothing."""
    stage.deploy()
    give(stage, "on_http", "compute.viewer")
    status, error = call_url(stage, "functions.functionInvoker")
    assert (status, error["code"]) == (403, 7)
    assert stage.attaches() == []


def test_without_the_invokers_role_a_call_reaches_nobody(stage):
    """The platform refuses it, whatever else the caller may do."""
    stage.deploy()
    status, _ = call_url(stage, "compute.admin")
    assert status == 403
    assert report(stage)["on_http"].used == {}


def test_without_the_writers_role_nothing_is_lost(stage):
    """The functions fail, their messages come again, and what was begun is found."""
    stage.deploy()
    give(stage, QUEUE_USER)
    stage.ask(stage.request())
    stage.turn(times=3)
    assert (stage.outcomes(), stage.left()) == ([], 1)
    # The task itself, and that it be put back.
    assert report(stage)[QUEUE_USER].refused == {"ymq.messages.send": 2}
    give(stage, QUEUE_USER, *ROLES[QUEUE_USER])
    stage.turn(times=24)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"
    assert (len(stage.attaches()), stage.left()) == (1, 0)


def test_the_trail_names_the_function_that_did_it(stage):
    """Each has a service account of its own."""
    stage.deploy()
    end(stage)
    [*_, event] = stage.cloud.compute.audit.events
    account = account_of(stage.cloud, "on_task")
    assert event["authentication"] == {
        "authenticated": True,
        "subject_type": SubjectType.SERVICE_ACCOUNT.value,
        "subject_id": account.id,
        "subject_name": "nic-on-task",
    }
    assert stage.attaches()[0].created_by == account.id
