"""Bad input, over sockets: a named outcome or a logged skip, and nothing left."""

import json

import pytest
import structlog
from yandex.cloud.compute.v1.instance_service_pb2 import DeleteInstanceRequest

from fakes.caller import Call
from fakes.logs import LogEntry
from tests.scenario.stage import ZONE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not JSON", "$ is not JSON: JSONDecodeError"),
        ("[]", "$ must have 1 to 100 items"),
        ("17", "$ must be an object"),
        ("{}", "$.instanceId is required"),
        ('{"instanceId": "fhm1", "nic": 1}', "$.nic is not a known field"),
        ("x" * 262_144, "$ has 262144 bytes; a request has at most 131072"),
        ("[" * 100_000, "$ is not JSON: RecursionError"),
    ],
)
def test_a_message_that_is_no_request(stage, body, reason):
    """It is answered at once as invalid, with the place and the problem."""
    stage.deploy()
    stage.ask(body)
    stage.turn()
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "invalid-request"
    assert reason in outcome["data"]["reason"]
    assert stage.left() == 0


def test_all_that_is_wrong_is_said_at_once(stage):
    """One answer names every violation."""
    stage.deploy()
    changed = {"networkInterfaceIndex": "one", "subnetId": None}
    stage.ask(stage.request(**changed, primaryV4AddressSpec={"address": "10.0.0.300"}))
    stage.turn()
    [outcome] = stage.outcomes()
    assert outcome["id"] == "request-1"
    assert outcome["data"]["reason"].split("; ") == [
        "$.networkInterfaceIndex must be a number like '1', or 'auto'",
        "$.subnetId is required",
        "$.primaryV4AddressSpec.address must be an IPv4 address",
    ]


@pytest.mark.parametrize("name", ["on_event", "on_task", "on_dead_letter"])
@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "not JSON",
        b"\xff\xfe",
        {"messages": "none"},
        {"messages": [None]},
        {"messages": [{"event_metadata": {}, "details": {}}]},
        {
            "messages": [
                {
                    "event_metadata": {"event_id": "a", "event_type": "unheard.of"},
                    "details": {},
                }
            ]
        },
        {"messages": []},
    ],
    ids=lambda event: repr(event)[:70],
)
def test_an_event_that_is_no_envelope(stage, name, event):
    """No function raises over it, which would only bring it back."""
    stage.deploy()
    handler = stage.handlers[name]
    handler(event, stage.context())
    empty = event == {"messages": []}
    assert len(stage.outcomes()) == (0 if empty or name == "on_event" else 1)


def audit_event(stage, **changes):
    """Return a StopInstance event for the stage's instance."""
    details = {"instance_id": stage.instance, "instance_name": "web-1"}
    event = {
        "event_id": "event-1",
        "event_type": "yandex.cloud.audit.compute.StopInstance",
        "event_status": "DONE",
        "details": details,
    }
    return {**event, **changes}


def log(stage, payload):
    entry = LogEntry(
        timestamp=stage.clock.now(),
        level="INFO",
        message="",
        resource_type="audit-trails.trail",
        resource_id="cnp",
        json_payload=payload,
    )
    stage.thread.call(stage.cloud.audit_group.write, entry)


@pytest.mark.parametrize(
    "changes",
    [
        {"event_type": "yandex.cloud.audit.compute.RestartInstance"},
        {"event_type": "yandex.cloud.audit.vpc.StopInstance"},
        {"event_type": None},
        {"event_status": "STARTED"},
        {"event_status": "ERROR"},
        {"event_status": "CANCELLED"},
        {"details": None},
        {"details": {}},
        {"details": {"instance_id": "../../etc"}},
        {"details": {"instance_id": 17}},
        {"event_id": None},
    ],
    ids=str,
)
def test_an_audit_event_that_calls_for_nothing(stage, changes):
    """It is skipped: nothing is asked, nothing raised, nothing left behind."""
    stage.deploy()
    log(stage, audit_event(stage, **changes))
    stage.turn(times=6)
    assert (stage.outcomes(), stage.left(), stage.attaches()) == ([], 0, [])


def test_the_same_audit_event_five_times(stage):
    """One stop, however often it is told, is one request with one operation."""
    stage.deploy()
    for _ in range(5):
        log(stage, audit_event(stage))
    stage.turn(times=8)
    outcomes = stage.outcomes()
    assert {one["id"] for one in outcomes} == {outcomes[0]["id"]}
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert len(stage.attaches()) == 1


def test_an_instance_that_is_gone(stage):
    """A stop of an instance that was deleted since is skipped, and logged."""
    stage.deploy()
    stage.begin(DeleteInstanceRequest(instance_id=stage.instance))
    stage.pass_compute()
    with structlog.testing.capture_logs() as lines:
        log(stage, audit_event(stage))
        stage.turn(times=3)
    assert "the instance is gone" in [line.get("reason") for line in lines]
    assert (stage.outcomes(), stage.left()) == ([], 0)


def test_a_zone_without_a_subnet(stage):
    """A policy that names no subnet for the instance's zone is an outcome."""
    stage.deploy()
    elsewhere = stage.create("web-d", running=True, zone="ru-central1-d")
    stage.stop(elsewhere)
    stage.turn(times=4)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert outcome["data"]["reason"] == (
        "policy mgmt names no subnet for ru-central1-d"
    )
    assert outcome["subject"] == f"{elsewhere}/1"


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"folderIds": ["b1gsomeotherfolder00"]}, "folder"),
        ({"subnetIds": ["e9bsomeothersubnet00"]}, "subnet"),
        ({"securityGroupIds": ["enpsomeothergroup000"]}, "security group"),
    ],
)
def test_a_request_out_of_bounds(stage, limits, name):
    """What the limits do not allow is refused, whoever asks for it."""
    stage.deploy(policies=stage.policies(**limits))
    stage.ask(stage.request(options={"stopIfRunning": True}))
    stage.turn()
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert outcome["data"]["reason"].startswith(name)
    assert stage.attaches() == []


def test_a_forged_task(stage):
    """A task that names somebody else's operation, and a verdict reached, is
    believed neither: nothing is out of bounds, and nothing is claimed.
    """
    stage.deploy(policies=stage.policies(subnetIds=["e9bsomeothersubnet00"]))
    other = stage.create("web-2", running=True)
    operation = stage.thread.call(
        stage.cloud.compute.begin, stage.stop_request(other), stage.clock.now(), Call()
    )
    forged = {
        "v": 1,
        "operationId": operation.id,
        "attachId": operation.id,
        "step": "attach",
        "ending": "attached",
        "noted": True,
        "created": "9999-12-31T23:59:59Z",
    }
    stage.ask(json.dumps({**stage.request(), "task": forged}))
    stage.turn(times=8)
    outcomes = {one["subject"]: one["data"] for one in stage.outcomes()}
    told = outcomes[f"{stage.instance}/1"]
    assert told["verdict"] == "vanished"
    assert told["operation"] is None
    assert stage.attaches() == []
    assert stage.cloud.world.subnet_in(ZONE).id not in repr(stage.keys())
