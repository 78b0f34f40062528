"""What goes wrong again and again does no harm, over sockets."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance

from cli.deployment import bind_timer
from fakes.errors import Code
from fakes.faults import Fault
from tests.scenario.crowd import crowd

TEN_SECONDS = timedelta(seconds=10)
A_MINUTE = timedelta(minutes=1)


def stopping(stage):
    """Return policies that permit a stop for an attach that is refused."""
    found = stage.policies()
    found["policies"][0]["options"] = {"stopIfRunning": True}
    wanted = found["policies"][0]["attachment"]
    wanted["primaryV4AddressSpec"] = {"oneToOneNatSpec": {}}  # without the role
    return found


@pytest.fixture
def running(stage):
    """An instance that the policies mean."""
    return stage.create("web-2", running=True)


def stops(stage):
    return [one for one in stage.cloud.faults.seen if one.method.endswith("/Stop")]


def test_a_refused_attach_stops_an_instance_once(stage, running):
    """Our own stop is an event; what policies make of that stops nothing."""
    stage.deploy(policies=stopping)
    stage.ask({"requestId": "wish-1", "instanceId": running, "policy": "mgmt"})
    stage.turn(TEN_SECONDS, times=60)
    assert len(stops(stage)) == 1
    assert stage.see(running).status == Instance.RUNNING
    verdicts = {one["data"]["verdict"] for one in stage.outcomes()}
    assert verdicts == {"refused", "not-stopped"}


def test_neither_events_nor_sweeps_stop_an_instance(stage, running):
    """Only who asks can permit that."""
    found = stage.deploy(policies=stopping)
    stage.thread.call(bind_timer, stage.cloud, stage.queues, found, "* * ? * * *", "")
    stage.stop(running)
    stage.pass_compute()
    stage.start(running)
    stage.turn(TEN_SECONDS, times=30)
    assert stops(stage) == []


@pytest.mark.long
@pytest.mark.parametrize("code", [Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE])
def test_queues_that_take_nothing_for_minutes_cost_no_outcome(stage, code):
    """Whatever became dead letters meanwhile is attached all the same."""
    stage.deploy()
    faults = [
        Fault(method=f"MessageQueue/{action}", code=code, times=100_000)
        for action in ("SendMessage", "SendMessageBatch")
    ]
    for fault in faults:
        stage.cloud.faults.add(fault)
    stage.ask(stage.request())
    instance_id = stage.create("web-2", running=True)
    stage.stop(instance_id)
    stage.turn(TEN_SECONDS, times=40)
    stage.cloud.faults.call_off()
    stage.turn(TEN_SECONDS, times=90)
    found = {one["subject"]: one["data"]["verdict"] for one in stage.outcomes()}
    assert found == {
        f"{stage.instance}/1": "attached",
        f"{instance_id}/1": "attached",
    }
    assert len(stage.attaches()) == len(stage.attaches(instance_id)) == 1
    assert stage.left() == 0


def test_a_page_larger_than_usual_is_read(stage):
    """A thousand instances with all the labels there can be."""
    labels = [(f"key-{place}-{'x' * 40}", "v" * 60) for place in range(60)]
    crowd(stage, 1000, labels=labels)
    found = stage.deploy()
    stage.thread.call(bind_timer, stage.cloud, stage.queues, found, "*/5 * ? * * *", "")
    stage.turn(A_MINUTE, times=10)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"


def test_a_page_that_takes_too_long_is_asked_for_in_smaller_ones(stage):
    """Each hurdle halves it."""
    crowd(stage, 40, labels=())
    found = stage.deploy()
    fault = Fault(method="InstanceService/List", code=Code.DEADLINE_EXCEEDED, times=4)
    stage.cloud.faults.add(fault)
    stage.thread.call(bind_timer, stage.cloud, stage.queues, found, "*/5 * ? * * *", "")
    stage.turn(A_MINUTE, times=10)
    assert {one["data"]["verdict"] for one in stage.outcomes()} == {"attached"}


def test_a_connection_that_went_silent_is_replaced_at_once(stage):
    """A warm function that is called often meets it before it would be made anew; the
    call is made again, with the same key.
    """
    stage.deploy()
    stage.ask(stage.request(requestId="first"))
    stage.turn(times=12)
    stage.cloud.faults.add(Fault(method="InstanceService/Get", silent=True))
    stage.ask(stage.request(requestId="second"))
    stage.turn(times=1)
    assert [one["id"] for one in stage.outcomes()] == ["first", "second"]
