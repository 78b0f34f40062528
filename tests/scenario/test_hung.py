"""A call ends before the platform ends it, whoever does not answer."""

import time
from dataclasses import dataclass

import pytest

from fakes.faults import Fault
from tests.scenario.messages import queue_event

SHORT = 3  # seconds; an unhurried call waits for five


@dataclass
class Late:
    """A context of a call that has little time left: of every wait 0.2 s remain."""

    token: dict
    left: int = 4_200

    def get_remaining_time_in_millis(self):
        return self.left


@pytest.fixture
def context(stage):
    stage.deploy()
    return Late(token=stage.context().token)


@pytest.fixture
def hang(stage):
    def hang(method):
        stage.cloud.faults.add(Fault(method=method, hold=True))

    yield hang
    stage.cloud.faults.release()


@pytest.mark.parametrize(
    "method", ["InstanceService/Get", "SubnetService/Get", "AttachNetworkInterface"]
)
def test_an_api_that_hangs_is_left(stage, hang, context, method):
    """The task goes on by the queue, for which some of the time was kept."""
    hang(method)
    began = time.monotonic()
    stage.handlers["on_task"](queue_event(stage.request()), context)
    assert time.monotonic() - began < SHORT
    assert (stage.left(), stage.outcomes()) == (1, [])


def test_the_task_that_met_a_hung_api_is_done_later(stage, hang, context):
    """Once the API answers, the interface is attached once."""
    hang("AttachNetworkInterface")
    stage.handlers["on_task"](queue_event(stage.request()), context)
    stage.cloud.faults.release()
    stage.turn(times=6)
    assert [one["data"]["verdict"] for one in stage.outcomes()] == ["attached"]
    assert len(stage.attaches()) == 1
