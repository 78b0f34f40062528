"""Whatever brings an event, and whatever it tells: over sockets."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DetachInstanceNetworkInterfaceRequest,
)

from fakes.errors import Code
from fakes.faults import Fault
from fakes.stream import Stream
from fakes.triggers.queue_trigger import QueueTrigger
from fakes.triggers.router_trigger import RouterTrigger
from fakes.triggers.stream_trigger import StreamTrigger
from tests.scenario.crowd import preempt
from tests.scenario.doubling import Twice

A_SECOND = timedelta(seconds=1)


def from_stream(cloud):
    stream = Stream()
    cloud.add_trail(stream)
    return StreamTrigger(stream, batch_size=65_536)


def from_router(cloud):
    return RouterTrigger(cloud.compute.audit)


def from_batching_router(cloud):
    return RouterTrigger(cloud.compute.audit, batch_size=10)


def deploy(stage, source, wrap):
    """Let events come from *source*, instead of a log group."""

    def bind(cloud, queues, found):
        tasks = QueueTrigger(queue=queues.tasks, place=cloud.place)
        cloud.runner.bind(wrap(source(cloud)), found["on_event"])
        cloud.runner.bind(tasks, found["on_task"])

    stage.deploy(bound=bind)


def stop_one(stage):
    instance_id = stage.create("web-2", running=True)
    stage.stop(instance_id)
    stage.turn(A_SECOND, times=60)
    return instance_id


@pytest.mark.parametrize("source", [from_stream, from_router, from_batching_router])
@pytest.mark.parametrize("wrap", [lambda one: one, Twice])
def test_an_event_from_anywhere_attaches_once(stage, source, wrap):
    """From a data stream or EventRouter, once or twice, bare or in a list: there is one
    operation and one outcome id.
    """
    deploy(stage, source, wrap)
    instance_id = stop_one(stage)
    outcomes = stage.outcomes()
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert len({one["id"] for one in outcomes}) == 1
    assert len(stage.attaches(instance_id)) == 1


def test_two_stops_are_two_requests(stage):
    """An instance that stopped, was started, lost its interface and stopped again is
    asked for twice, under two ids.
    """
    stage.deploy()
    instance_id = stop_one(stage)
    [first] = stage.outcomes()
    stage.begin(detach(instance_id))
    stage.turn(A_SECOND, times=40)
    [second] = stage.outcomes()
    assert first["id"] != second["id"]
    assert second["data"]["origin"]["cause"] == "detached"
    assert stage.interfaces(instance_id) == ["0", "1"]


def detach(instance_id, index="1"):
    return DetachInstanceNetworkInterfaceRequest(
        instance_id=instance_id, network_interface_index=index
    )


def test_whoever_opts_out_is_left_alone(stage):
    """Its label counts against every policy, not against a request by itself."""
    labels = (("nic", "mgmt"), ("nic-attach-opt-out", "yes"))
    instance_id = stage.create("web-2", running=True, labels=labels)
    stage.deploy()
    stage.stop(instance_id)
    stage.turn(A_SECOND, times=30)
    assert (stage.outcomes(), stage.attaches(instance_id)) == ([], [])
    stage.ask(stage.request(instanceId=instance_id))
    stage.turn(A_SECOND, times=30)
    assert [one["data"]["verdict"] for one in stage.outcomes()] == ["attached"]


def test_an_instance_that_cannot_be_looked_at_is_looked_at_later(stage):
    """The event goes on as a message of its own: longer than a trigger would try."""
    stage.deploy()
    instance_id = stage.create("web-2", running=True)
    stage.cloud.faults.add(
        Fault(method="InstanceService/Get", code=Code.UNAVAILABLE, times=8)
    )
    preempt(stage, [instance_id])
    stage.turn(timedelta(seconds=30), times=60)
    [outcome] = stage.outcomes()
    assert outcome["subject"] == f"{instance_id}/1"
    assert outcome["data"]["verdict"] == "attached"
    assert outcome["data"]["origin"]["cause"] == "preempted"


def test_an_instance_that_can_never_be_looked_at_is_told(stage):
    """What stands in the way is the reason of the event's outcome."""
    stage.deploy()
    instance_id = stage.create("web-2", running=True)
    stage.cloud.faults.add(
        Fault(method="InstanceService/Get", code=Code.PERMISSION_DENIED, times=9)
    )
    stage.stop(instance_id)
    stage.turn(A_SECOND, times=30)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert outcome["subject"] == instance_id
    assert "PERMISSION_DENIED" in outcome["data"]["reason"]


def two_policies(stage):
    found = stage.policies()
    [policy] = found["policies"]
    match = {"namePattern": "web-*"}
    return {**found, "policies": [policy, {**policy, "name": "web", "match": match}]}


def test_policies_that_meet_at_an_instance_are_refused(stage):
    """That two want one index only this instance shows: both are told, and nothing is
    attached.
    """
    instance_id = stage.create("web-2", running=True)
    stage.deploy(policies=two_policies)
    stage.stop(instance_id)
    stage.turn(A_SECOND, times=30)
    outcomes = stage.outcomes()
    assert {one["data"]["origin"]["policy"] for one in outcomes} == {"mgmt", "web"}
    assert {one["data"]["reason"] for one in outcomes} == {
        "policies mgmt and web want interface 1"
    }
    assert stage.attaches(instance_id) == []


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "attached"),
        ({"options": {"dryRun": True}}, "planned"),
        ({"policy": "none"}, "refused"),
        ({"instanceId": "fhmnone"}, "instance-missing"),
        ({"nic": 1}, "invalid-request"),
    ],
)
def test_a_policy_can_be_asked_for_by_name(stage, changes, verdict):
    """A request that names a policy has one outcome, under its own id."""
    stage.deploy()
    wish = {"requestId": "wish-1", "instanceId": stage.instance, "policy": "mgmt"}
    stage.ask({**wish, **changes})
    stage.turn(A_SECOND, times=40)
    [outcome] = stage.outcomes()
    assert (outcome["id"], outcome["data"]["verdict"]) == ("wish-1", verdict)
    assert stage.left() == 0


def test_our_attach_is_confirmed_by_its_event(stage, capsys):
    """The audit trail tells of it too, whatever became of the operation."""
    stage.deploy()
    stage.ask(stage.request())
    stage.turn(A_SECOND, times=30)
    lines = capsys.readouterr().out.splitlines()
    [told] = [line for line in lines if "confirmed" in line]
    assert f"{stage.instance}/1" in told
