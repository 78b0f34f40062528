"""Refused before anything is begun, over sockets; and the index left open."""

from datetime import timedelta

import pytest
from google.protobuf.json_format import ParseDict
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
)

from cli.deployment import bind
from fakes.errors import Code
from fakes.faults import Fault, When
from tests.scenario.doubling import Doubling
from tests.scenario.messages import queue_event
from tests.scenario.stage import ZONE


def end(stage, times=12, **changes):
    stage.ask(stage.request(**changes))
    stage.turn(times=times)
    [outcome] = stage.outcomes()
    return outcome


def fill(stage, count):
    """Attach interfaces until the instance has *count*."""
    for index in range(1, count):
        end(stage, times=3, requestId=f"fill-{index}", networkInterfaceIndex=str(index))


def test_a_running_instance_is_not_stopped_in_vain(stage):
    """What cannot be attached is found out before the instance is stopped."""
    stage.deploy()
    instance_id = stage.create("web-2", running=True, labels=())
    elsewhere = stage.cloud.world.subnet_in("ru-central1-b").id
    outcome = end(
        stage,
        instanceId=instance_id,
        subnetId=elsewhere,
        options={"stopIfRunning": True},
    )
    assert outcome["data"]["verdict"] == "refused"
    assert "is in zone ru-central1-b" in outcome["data"]["reason"]
    assert stage.keys("Stop") == []
    assert stage.see(instance_id).status == Instance.Status.RUNNING


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subnetId": "e9bnosuchsubnet00000"}, "there is no subnet"),
        ({"securityGroupIds": ["enpnosuchgroup000000"]}, "there is no security group"),
    ],
)
def test_what_does_not_exist_is_refused(stage, changes, reason):
    """Before any call that would have an effect."""
    stage.deploy()
    outcome = end(stage, times=1, **changes)
    assert outcome["data"]["verdict"] == "refused"
    assert outcome["data"]["reason"].startswith(reason)
    assert stage.keys() == []


def test_a_group_of_another_network_is_refused(stage):
    """A security group must be of the subnet's network."""
    stage.deploy()
    foreign = stage.cloud.world.security_groups[1]
    outcome = end(stage, times=1, securityGroupIds=[foreign.id])
    assert foreign.network_id in outcome["data"]["reason"]
    assert stage.keys() == []


def test_a_ninth_interface_is_refused(stage):
    """An instance has eight interfaces at most."""
    stage.deploy()
    fill(stage, 8)
    outcome = end(stage, times=1, networkInterfaceIndex="auto")
    assert outcome["data"]["reason"] == "an instance has at most 8 interfaces"


@pytest.mark.parametrize("method", ["SubnetService/Get", "SecurityGroupService/Get"])
@pytest.mark.parametrize("code", [Code.UNAVAILABLE, Code.PERMISSION_DENIED])
def test_a_network_that_cannot_be_seen(stage, method, code):
    """For now, it is looked at later; without the role, the API judges alone."""
    stage.deploy()
    stage.cloud.faults.add(Fault(method=method, code=code))
    assert end(stage)["data"]["verdict"] == "attached"


def test_an_open_index_is_the_lowest_free_one(stage):
    """`auto` takes the lowest free index, and the outcome tells which."""
    stage.deploy()
    fill(stage, 2)
    outcome = end(stage, networkInterfaceIndex="auto")
    assert outcome["subject"] == f"{stage.instance}/2"
    assert outcome["data"]["verdict"] == "attached"
    assert stage.interfaces() == ["0", "1", "2"]


def test_a_repeat_takes_no_second_index(stage):
    """The same request again is answered with the same interface."""
    stage.deploy()
    for _ in range(2):
        outcome = end(stage, networkInterfaceIndex="auto")
        assert outcome["data"]["verdict"] == "attached"
        assert outcome["subject"] == f"{stage.instance}/1"
    assert stage.interfaces() == ["0", "1"]
    assert len(stage.attaches()) == 1


def test_an_open_index_delivered_twice(stage):
    """However often such a request is delivered, it has one interface, and says so."""
    stage.deploy(bound=lambda cloud, *rest: bind(Doubling(cloud), *rest))
    stage.ask(stage.request(networkInterfaceIndex="auto"))
    stage.turn(timedelta(seconds=2), times=40)
    outcomes = stage.outcomes()
    assert len(outcomes) > 1
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert {one["subject"] for one in outcomes} == {f"{stage.instance}/1"}
    assert stage.interfaces() == ["0", "1"]
    assert len(stage.attaches()) == 1


def test_two_open_indexes_are_two_interfaces(stage):
    """Two requests get an interface each, also at the same time."""
    stage.deploy()
    for name in "ab":
        stage.ask(stage.request(requestId=name, networkInterfaceIndex="auto"))
    stage.turn(times=30)
    verdicts = {one["id"]: one["data"]["verdict"] for one in stage.outcomes()}
    assert verdicts == {"a": "attached", "b": "attached"}
    assert stage.interfaces() == ["0", "1", "2"]


@pytest.mark.parametrize("when", When)
def test_an_open_index_survives_a_lost_answer(stage, when):
    """Whether or not the call took effect, there is one interface, and it is told."""
    stage.deploy()
    fault = Fault(
        method="AttachNetworkInterface", when=when, code=Code.UNAVAILABLE, times=2
    )
    stage.cloud.faults.add(fault)
    outcome = end(stage, times=20, networkInterfaceIndex="auto")
    assert outcome["data"]["verdict"] == "attached"
    assert outcome["data"]["operation"]["done"]
    assert stage.interfaces() == ["0", "1"]


@pytest.mark.parametrize("public", [True, False])
def test_an_index_that_others_took_is_chosen_anew(stage, public):
    """An open index is not held against a request: the next free one is taken,
    also where what others attached looks just like what was asked for.
    """
    stage.deploy()
    request = stage.request(networkInterfaceIndex="auto")
    stage.handlers["on_task"](queue_event(request), stage.context())
    assert stage.attaches() == []  # chosen, not begun
    theirs = ParseDict(
        {
            "instanceId": stage.instance,
            "networkInterfaceIndex": "1",
            "subnetId": stage.cloud.world.subnet_in(ZONE).id,
            "securityGroupIds": [stage.cloud.world.security_groups[0].id],
            "primaryV4AddressSpec": {"oneToOneNatSpec": {}} if public else {},
        },
        AttachInstanceNetworkInterfaceRequest(),
    )
    stage.begin(theirs)
    stage.turn(times=20)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"
    assert outcome["subject"] == f"{stage.instance}/2"
    assert stage.interfaces() == ["0", "1", "2"]


def test_several_instances_in_one_request(stage):
    """Each instance has an outcome of its own."""
    stage.deploy()
    other = stage.create("web-2", labels=())
    stage.ask(
        stage.request(instanceId=None, instanceIds=[stage.instance, other]),
    )
    stage.turn(times=8)
    outcomes = stage.outcomes()
    assert {one["id"] for one in outcomes} == {
        f"request-1/{stage.instance}",
        f"request-1/{other}",
    }
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert stage.see(other).zone_id == ZONE
