"""Every field there and back, and every ending, over sockets."""

import json
from datetime import timedelta

import pytest
from google.protobuf.json_format import ParseDict
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DeleteInstanceRequest,
    DetachInstanceNetworkInterfaceRequest,
)

from cli.deployment import bind
from events.decision import Verdict
from fakes.compute.fates import fails, never_ends
from fakes.compute.model import Mishap
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.faults import Fault
from tests.scenario.doubling import Doubling
from tests.scenario.stage import Stage

NAME = {"fqdn": "web.example.", "dnsZoneId": "dns1", "ttl": "600", "ptr": True}
MINUTE = timedelta(minutes=1)


def answer(stage, *, times=12, by=timedelta(seconds=5), **changes):
    stage.ask(stage.request(**changes))
    stage.turn(by, times=times)
    return stage.outcomes()[-1]


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {},
        {"address": "10.128.0.42"},
        {"oneToOneNatSpec": {}},
        {"oneToOneNatSpec": {"ipVersion": "IPV4"}},
        {"oneToOneNatSpec": {"address": "203.0.113.7"}},
        {"dnsRecordSpecs": [NAME]},
        {"dnsRecordSpecs": [{"fqdn": "web"}, {"fqdn": "mail", "ttl": "0"}]},
        {"oneToOneNatSpec": {"ipVersion": "IPV4", "dnsRecordSpecs": [NAME]}},
        {
            "address": "10.128.0.42",
            "dnsRecordSpecs": [NAME],
            "oneToOneNatSpec": {"address": "203.0.113.7", "dnsRecordSpecs": [NAME]},
        },
    ],
    ids=str,
)
def test_every_field_reaches_the_cloud(stage, spec):
    """What was asked for in JSON is what the API was asked for, field by field."""
    stage.deploy()
    stage.grant("on_task", "vpc.publicAdmin")
    wish = {} if spec is None else {"primaryV4AddressSpec": spec}
    assert answer(stage, **wish)["data"]["verdict"] == "attached"
    [*_, done] = stage.cloud.compute.audit.events
    told = {
        name: value
        for name, value in done["details"].items()
        if name not in ("instance_name", "network_interfaces")
    }
    asked = {
        name: value
        for name, value in stage.request(**wish).items()
        if name != "requestId"
    }
    message = AttachInstanceNetworkInterfaceRequest
    assert ParseDict(told, message()) == ParseDict(asked, message())


def test_the_operation_is_the_clouds_byte_for_byte(stage):
    """The JSON that leaves is protobuf's own mapping of what the cloud stored."""
    stage.deploy()
    outcome = answer(stage, primaryV4AddressSpec={"dnsRecordSpecs": [NAME]})
    [operation] = stage.attaches()
    assert json.dumps(outcome["data"]["operation"]) == json.dumps(
        stage.operation_json(operation.id)
    )


def test_a_failed_operation_is_the_clouds_byte_for_byte(stage):
    """So is one that ended in an error."""
    stage.deploy()
    stage.thread.call(
        stage.cloud.compute.script, Kind.ATTACH, fails(Code.INVALID_ARGUMENT, "no")
    )
    outcome = answer(stage)
    [operation] = stage.attaches()
    assert json.dumps(outcome["data"]["operation"]) == json.dumps(
        stage.operation_json(operation.id)
    )


def with_fault(method, code, times=99):
    def act(stage, **changes):
        stage.cloud.faults.add(Fault(method=method, code=code, times=times))
        return answer(stage, **changes)

    return act


def with_fate(*fates, **more):
    def act(stage):
        stage.thread.call(stage.cloud.compute.script, Kind.ATTACH, *fates)
        return answer(stage, **more)

    return act


def on_a_taken_index(stage):
    public = {"oneToOneNatSpec": {}}
    return answer(stage, networkInterfaceIndex="0", primaryV4AddressSpec=public)


def on_a_deleted_instance(stage):
    stage.begin(DeleteInstanceRequest(instance_id=stage.instance))
    stage.pass_compute()
    return answer(stage)


def on_a_crashed_instance(stage):
    crashed = stage.create("web-2", running=True, labels=())
    stage.thread.call(
        stage.cloud.compute.happen, Mishap.CRASH, crashed, stage.clock.now()
    )
    return answer(stage, instanceId=crashed)


def on_a_running_instance(stage):
    return answer(stage, instanceId=stage.create("web-2", running=True, labels=()))


def after_a_detach(stage):
    answer(stage)
    stage.begin(
        DetachInstanceNetworkInterfaceRequest(
            instance_id=stage.instance, network_interface_index="1"
        )
    )
    stage.pass_compute()
    return answer(stage)


def from_a_dead_letter(stage):
    stage.thread.call(
        stage.queues.dead.send,
        # It died before.
        stage.message(stage.request(task={"v": 1, "failures": 4})),
        stage.clock.now(),
    )
    stage.turn()
    return stage.outcomes()[-1]


ENDINGS = {
    Verdict.ATTACHED: answer,
    Verdict.INDEX_TAKEN: on_a_taken_index,
    Verdict.INSTANCE_MISSING: on_a_deleted_instance,
    Verdict.INSTANCE_BROKEN: on_a_crashed_instance,
    Verdict.NOT_STOPPED: on_a_running_instance,
    Verdict.OPERATION_FAILED: with_fate(fails(Code.INVALID_ARGUMENT, "no")),
    Verdict.REFUSED: with_fault("AttachNetworkInterface", Code.PERMISSION_DENIED),
    Verdict.TIMED_OUT: lambda stage: with_fault(
        "AttachNetworkInterface", Code.UNAVAILABLE
    )(stage, options={"timeout": "20s"}),
    Verdict.VANISHED: after_a_detach,
    Verdict.UNRESOLVED: with_fate(
        never_ends(), times=75, by=MINUTE, options={"timeout": "90s"}
    ),
    Verdict.INVALID_REQUEST: lambda stage: answer(stage, subnetId=None),
    Verdict.UNPROCESSED: from_a_dead_letter,
    Verdict.PLANNED: lambda stage: answer(stage, options={"dryRun": True}),
}


@pytest.mark.parametrize("verdict", Verdict)
def test_every_ending(stage, verdict):
    """Each verdict is what its story ends in, in `type`, in `data` and by name."""
    # To a policy, the detach would be a reason to ask again.
    stage.deploy(policies={"policies": []})
    outcome = ENDINGS[verdict](stage)
    assert outcome["type"] == f"yc-nic-attach.outcome.v1.{verdict.value}"
    assert outcome["data"]["verdict"] == verdict.value
    assert outcome["id"] == "request-1"


def test_a_cancelled_operation_is_not_begun_again(stage):
    """What somebody cancelled is reported, not repeated."""
    stage.deploy()
    act = with_fate(fails(Code.CANCELLED, "by the operator"))
    data = act(stage)["data"]
    assert (data["verdict"], data["generation"]) == ("operation-failed", 0)
    assert data["reason"] == "CANCELLED: by the operator"
    assert len(stage.attaches()) == 1


def test_an_operation_that_is_not_found_is_found_by_its_key(stage):
    """An operation that the service does not find is asked for by the same key."""
    stage.deploy()
    fault = Fault(method="OperationService/Get", code=Code.NOT_FOUND, times=1)
    stage.cloud.faults.add(fault)
    assert answer(stage)["data"]["verdict"] == "attached"
    assert len(stage.attaches()) == 1


def test_a_fifo_queue_drops_repeats(tmp_path):
    """With a results queue whose name ends in `.fifo`, one outcome arrives for a
    request of which every message was delivered twice, in its instance's group.
    """
    with Stage(tmp_path, results="nic-results.fifo") as stage:
        stage.deploy(bound=lambda cloud, *rest: bind(Doubling(cloud), *rest))
        stage.ask(stage.request())
        stage.turn(timedelta(seconds=2), times=20)
        [message] = stage.thread.call(
            stage.queues.results.receive, stage.clock.now(), 10
        )
    assert message.group_id == stage.instance
    assert message.deduplication_id == "request-1"
