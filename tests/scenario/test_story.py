"""The main job, over sockets: from an event to an outcome."""

from datetime import timedelta

import pytest

from cli.deployment import bind
from fakes.compute.model import Mishap
from tests.scenario.doubling import Doubling
from tests.scenario.stage import Stage


@pytest.fixture
def slow(tmp_path):
    """A stage on which an attach still runs at the second and the third look."""
    with Stage(tmp_path, attach=timedelta(seconds=12)) as stage:
        yield stage


def stop_an_instance(stage):
    instance_id = stage.create("web-2", running=True)
    stage.stop(instance_id)
    return instance_id


def test_a_stopped_instance_gets_its_interface(slow):
    """An audit event ends in an attached interface and an outcome with the
    operation exactly as the cloud shows it; while the operation ran, nothing
    was settled.
    """
    slow.deploy()
    instance_id = stop_an_instance(slow)
    slow.turn(timedelta(seconds=1), times=60)

    [outcome] = slow.outcomes()
    [operation] = slow.attaches(instance_id)
    data = outcome["data"]
    assert outcome["type"] == "yc-nic-attach.outcome.v1.attached"
    assert outcome["subject"] == f"{instance_id}/1"
    assert data["operation"] == slow.operation_json(operation.id)
    assert data["origin"]["cause"] == "stopped"
    assert data["looks"] == 4
    assert slow.interfaces(instance_id) == ["0", "1"]
    assert slow.left() == 0


def test_everything_delivered_twice_attaches_once(slow):
    """However often messages are delivered, there is one attach operation and
    one distinct outcome.
    """
    slow.deploy(bound=lambda cloud, *rest: bind(Doubling(cloud), *rest))
    instance_id = stop_an_instance(slow)
    slow.turn(timedelta(seconds=2), times=40)

    outcomes = slow.outcomes()
    assert len(slow.attaches(instance_id)) == 1
    assert len(outcomes) > 1
    assert {one["id"] for one in outcomes} == {outcomes[0]["id"]}
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert len(set(slow.keys())) == 1
    assert slow.left() == 0


def test_a_producer_gets_an_answer(stage):
    """A request on the tasks queue is answered with an outcome of its name."""
    stage.deploy()
    stage.ask(stage.request(primaryV4AddressSpec={"address": "10.128.0.77"}))
    stage.turn(times=6)

    [outcome] = stage.outcomes()
    assert outcome["id"] == "request-1"
    assert outcome["data"]["verdict"] == "attached"
    interface = stage.see().network_interfaces[1]
    assert interface.primary_v4_address.address == "10.128.0.77"


def test_a_request_without_a_name_is_named_after_its_message(stage):
    """Without `requestId`, the outcome's id is the id that the queue gave."""
    stage.deploy()
    stage.ask(stage.request(requestId=None))
    stage.turn(times=6)
    [outcome] = stage.outcomes()
    assert outcome["id"] == outcome["data"]["origin"]["eventId"]


def test_a_dead_task_becomes_an_outcome(stage):
    """A task over which the function always dies comes back from the dead letters
    four times, and is then answered as unprocessed, with the request it was.
    """

    def dies(_event, _context):
        raise MemoryError

    stage.deploy(on_task=dies)
    stage.ask(stage.request())
    stage.turn(timedelta(seconds=61), times=50)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "unprocessed"
    assert outcome["data"]["request"] == stage.request()
    assert stage.left() == 0


@pytest.mark.parametrize("mishap", ["GUEST_STOP", "PREEMPT"])
def test_other_ways_to_stop_count_too(stage, mishap):
    """An instance that stops from within, or is preempted, gets its interface."""
    stage.deploy()
    instance_id = stage.create("web-2", running=True)
    stage.thread.call(
        stage.cloud.compute.happen, Mishap[mishap], instance_id, stage.clock.now()
    )
    stage.turn(times=6)
    [outcome] = stage.outcomes()
    assert (outcome["subject"], outcome["data"]["verdict"]) == (
        f"{instance_id}/1",
        "attached",
    )


def test_a_crashed_instance_is_reported_as_broken(stage):
    """CRASHED is not STOPPED: the platform restarts such an instance by itself."""
    stage.deploy()
    instance_id = stage.create("web-2", running=True)
    stage.thread.call(
        stage.cloud.compute.happen, Mishap.CRASH, instance_id, stage.clock.now()
    )
    stage.turn(times=6)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "instance-broken"


def test_an_attached_instance_is_left_in_silence(stage):
    """Stopping an instance that has its interface calls for nothing."""
    stage.deploy()
    stage.ask(stage.request())
    stage.turn(times=6)
    stage.outcomes()
    stage.start(stage.instance)
    stage.turn(times=2)
    stage.stop(stage.instance)
    stage.turn(times=6)
    assert (stage.outcomes(), stage.left()) == ([], 0)
