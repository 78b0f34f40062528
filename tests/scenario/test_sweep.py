"""A timer heals what events missed, over sockets."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    OneToOneNatSpec,
    PrimaryAddressSpec,
)

from cli.deployment import bind_timer
from fakes.errors import Code
from fakes.faults import Fault
from tests.scenario.crowd import crowd

EVERY_FIVE_MINUTES = "*/5 * ? * * *"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def swept(stage):
    """Return what deploys a timer; nobody has noticed that the instance stopped."""

    def deploy(payload="", cron=EVERY_FIVE_MINUTES, *, times=1, **how):
        found = stage.deploy(**how)
        for _ in range(times):
            stage.thread.call(
                bind_timer, stage.cloud, stage.queues, found, cron, payload
            )
        return stage

    return deploy


def endings(stage, times=12):
    """Return the verdicts after a while, by the instance."""
    stage.turn(A_MINUTE, times=times)
    found = {}
    for one in stage.outcomes():
        found.setdefault(one.get("subject", "").split("/")[0], []).append(
            one["data"]["verdict"]
        )
    return found


def test_what_an_event_missed_is_attached(swept):
    """An instance that stopped unnoticed has its interface after the next sweep; the
    sweeps after it ask for nothing.
    """
    stage = swept()
    stage.turn(A_MINUTE, times=16)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"
    assert outcome["data"]["origin"]["cause"] == "scheduled"
    assert outcome["data"]["origin"]["policy"] == "mgmt"
    assert stage.interfaces() == ["0", "1"]
    assert stage.left() == 0


def test_two_sweeps_at_once_attach_once(swept):
    """Both ask, and both hear that it is attached, by one operation."""
    stage = swept(times=2)
    assert endings(stage) == {stage.instance: ["attached", "attached"]}
    assert len(stage.attaches()) == 1


@pytest.mark.parametrize("index", ["1", "auto"])
def test_a_sweep_and_an_event_attach_once(swept, index):
    """Whoever comes second finds what the policy wants, even at an open index."""
    stage = swept(policies=wanting(index))
    stage.grant("on_task", "vpc.publicAdmin")
    instance_id = stage.create("web-2", running=True)
    stage.stop(instance_id)
    found = endings(stage)
    assert set(found[instance_id]) == {"attached"}
    assert len(stage.attaches(instance_id)) == 1
    assert stage.interfaces(instance_id) == ["0", "1"]


def wanting(index):
    """Return a change of the stage's policies: another index, a public address.

    At an open index, an interface 0 that is alike would be what is wanted.
    """

    def policies(stage):
        found = stage.policies()
        wanted = found["policies"][0]["attachment"]
        wanted["networkInterfaceIndex"] = index
        wanted["primaryV4AddressSpec"] = {"oneToOneNatSpec": {}}
        return found

    return policies


def test_only_what_is_possible_now_is_asked_for(stage, swept):
    """Running instances, taken indexes and those who opt out are left in silence."""
    stage.create("runs", running=True)
    world = stage.cloud.world
    taken = stage.create("taken")
    stage.begin(
        AttachInstanceNetworkInterfaceRequest(
            instance_id=taken,
            network_interface_index="1",
            subnet_id=world.subnets[0].id,
            security_group_ids=[world.security_groups[0].id],
            primary_v4_address_spec=PrimaryAddressSpec(
                one_to_one_nat_spec=OneToOneNatSpec()
            ),
        )
    )
    stage.create("apart", labels=(("nic", "mgmt"), ("nic-attach-opt-out", "")))
    stage.create("other", labels=())
    swept()
    assert endings(stage) == {stage.instance: ["attached"]}


def test_a_dry_sweep_has_no_effect(swept):
    """Every instance that lacks something has the outcome `planned`."""
    stage = swept('{"dryRun": true}')
    assert set(endings(stage, times=6)[stage.instance]) == {"planned"}
    assert stage.attaches() == []


def test_a_wrong_payload_is_told(swept):
    """The outcome names all that is wrong, and nothing is asked for."""
    stage = swept('{"policies": ["mgmt", "none"], "dry": 1}')
    stage.turn(A_MINUTE, times=5)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "invalid-request"
    assert outcome["data"]["reason"] == (
        "$.policies[1] is no policy's name; $.dry is not a known field"
    )


def test_a_busy_api_is_waited_out(swept):
    """A page that cannot be had now is asked for later, from where it was."""
    stage = swept()
    stage.cloud.faults.add(
        Fault(method="InstanceService/List", code=Code.UNAVAILABLE, times=3)
    )
    assert endings(stage)[stage.instance] == ["attached"]


def test_a_folder_that_may_not_be_listed_is_told(swept):
    """Its outcome says so, and the next folder is swept all the same."""
    stage = swept()
    stage.cloud.faults.add(
        Fault(method="InstanceService/List", code=Code.PERMISSION_DENIED)
    )
    stage.turn(A_MINUTE, times=5)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert stage.cloud.world.folder_id in outcome["data"]["reason"]


def test_a_sweep_asks_for_so_many_and_no_more(swept):
    """What is beyond the cap is left to the next sweep, until all are attached."""
    stage = swept(policies=lambda stage: stage.policies(instancesPerSweep=4))
    crowd(stage, 9)
    stage.turn(A_MINUTE, times=6)
    first = stage.outcomes()
    stage.turn(A_MINUTE, times=14)
    rest = stage.outcomes()
    assert len(first) <= 8
    assert len({one["subject"] for one in first + rest}) == 10
    assert {one["data"]["verdict"] for one in first + rest} == {"attached"}
