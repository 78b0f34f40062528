"""Stopping and starting on the way, over sockets."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.compute.creation import small_instance
from fakes.compute.fates import fails
from fakes.compute.settings import Kind
from fakes.errors import Code
from tests.scenario.client import Client


def run_to_the_end(stage, instance_id, **options):
    stage.deploy()
    stage.ask(stage.request(instanceId=instance_id, options=options))
    stage.turn(times=20)
    [outcome] = stage.outcomes()
    return outcome["data"], Instance.Status.Name(stage.see(instance_id).status)


@pytest.mark.parametrize(
    ("options", "verdict", "status"),
    [
        ({}, "not-stopped", "RUNNING"),
        ({"stopIfRunning": True}, "attached", "RUNNING"),
        ({"stopIfRunning": True, "finalPower": "running"}, "attached", "RUNNING"),
        ({"stopIfRunning": True, "finalPower": "stopped"}, "attached", "STOPPED"),
    ],
)
def test_a_running_instance(stage, options, verdict, status):
    """Without permission it is left alone; with it, it is stopped, gets its
    interface, and ends as it was found unless asked otherwise.
    """
    instance_id = stage.create("web-2", running=True, labels=())
    data, after = run_to_the_end(stage, instance_id, **options)
    assert (data["verdict"], after) == (verdict, status)


@pytest.mark.parametrize(
    ("final", "status"),
    [("as-found", "STOPPED"), ("stopped", "STOPPED"), ("running", "RUNNING")],
)
def test_a_stopped_instance(stage, final, status):
    """It is left stopped unless it is asked to run in the end."""
    data, after = run_to_the_end(stage, stage.instance, finalPower=final)
    assert (data["verdict"], after) == ("attached", status)


def test_what_was_stopped_is_started_again_after_a_failure(stage):
    """An instance that we stopped runs again also when the attach failed."""
    instance_id = stage.create("web-2", running=True, labels=())
    fate = fails(Code.INVALID_ARGUMENT, "no luck")
    stage.thread.call(stage.cloud.compute.script, Kind.ATTACH, fate)
    data, after = run_to_the_end(stage, instance_id, stopIfRunning=True)
    assert (data["verdict"], after) == ("operation-failed", "RUNNING")
    assert data["reason"] == "INVALID_ARGUMENT: no luck"
    assert data["operation"]["error"]["message"] == "no luck"


def test_what_was_stopped_is_started_again_after_a_refusal(stage):
    """An instance that we stopped runs again also when the attach was refused."""
    instance_id = stage.create("web-2", running=True, labels=())
    stage.deploy()
    elsewhere = stage.cloud.world.subnet_in("ru-central1-b").id
    stage.ask(
        stage.request(
            instanceId=instance_id,
            subnetId=elsewhere,
            options={"stopIfRunning": True},
        )
    )
    stage.turn(times=20)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "refused"
    assert elsewhere in outcome["data"]["reason"]
    assert stage.see(instance_id).status == Instance.Status.RUNNING


def test_it_says_so_if_the_instance_cannot_be_started_again(stage):
    """A start that fails for good is told as a warning beside the verdict."""
    instance_id = stage.create("web-2", running=True, labels=())
    fate = fails(Code.INVALID_ARGUMENT, "no host for it")
    stage.thread.call(stage.cloud.compute.script, Kind.START, fate)
    data, after = run_to_the_end(stage, instance_id, stopIfRunning=True)
    assert (data["verdict"], after) == ("attached", "STOPPED")
    assert (
        "the instance was stopped for this and is not running again"
        in (data["warnings"])
    )


def test_it_does_not_fight_over_the_power(stage):
    """An instance that others start again after our stop is left to them."""
    instance_id = stage.create("web-2", running=True, labels=())
    stage.deploy()
    stage.ask(stage.request(instanceId=instance_id, options={"stopIfRunning": True}))
    stage.turn()  # noted, and the stop begun
    stage.pass_compute()
    stage.start(instance_id)
    stage.turn(times=20)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "not-stopped"
    assert len(set(stage.keys("Stop"))) == 1
    assert stage.see(instance_id).status == Instance.Status.RUNNING


def test_an_automatic_address_comes_with_the_next_start(stage):
    """Attached to a stopped instance, the interface has no address yet: a warning."""
    data, _ = run_to_the_end(stage, stage.instance)
    assert "the interface has no address until the instance starts" in data["warnings"]


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ("stopping", "attached"),
        ("starting", "not-stopped"),
        ("creating", "not-stopped"),
    ],
)
def test_an_instance_on_the_move_is_waited_for(stage, before, verdict):
    """Nothing is said about an instance until it stands still."""
    stage.deploy()
    instance_id = stage.instance
    if before == "stopping":
        instance_id = stage.create("web-2", running=True, labels=())
        stage.stop(instance_id)
    elif before == "starting":
        stage.start(instance_id)
    else:
        request = small_instance(stage.cloud.world, name="web-2")
        instance_id = stage.begin(request).metadata.value.decode()[2:]
    stage.ask(stage.request(instanceId=instance_id))
    stage.turn(timedelta(seconds=1))
    assert stage.outcomes() == []
    stage.turn(times=8)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == verdict


def test_the_last_stop_is_whoevers_it_was(stage, tmp_path):
    """Of those that ended well: one that runs or failed has stopped nothing."""
    client = Client(stage, tmp_path)
    compute = client.warm.compute(stage.context())
    instance_id = stage.create("web-2", running=True)
    found = [compute.last_stop(instance_id)]
    for _ in range(2):
        stage.stop(instance_id)
        found.append(compute.last_stop(instance_id))
        stage.pass_compute()
        found.append(compute.last_stop(instance_id))
        stage.start(instance_id)
        stage.pass_compute()
    fate = fails(Code.INTERNAL, "no luck")
    stage.thread.call(stage.cloud.compute.script, Kind.STOP, fate)
    stage.stop(instance_id)
    stage.pass_compute()
    found.append(compute.last_stop(instance_id))
    client.close()
    never, running, first, second_runs, second, failed = found
    assert (never, running) == ("", "")
    assert first == second_runs != second == failed
