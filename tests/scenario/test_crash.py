"""The worker dies between two effects, in a process of its own."""

import os
import signal
from datetime import timedelta

import pytest

from cli.deployment import deploy
from fakes.faults import Fault, When

PATIENCE = timedelta(seconds=20)


@pytest.fixture
def deployed(stage, tmp_path):
    """Deploy the functions as processes; return them by name."""
    lines = []
    functions = stage.thread.call(
        deploy,
        stage.cloud,
        tmp_path,
        stage.queues,
        stage.policies(),
        lambda name, line: lines.append((name, line)),
    )
    return functions, lines


def kill_in_the_middle(stage, function, fault):
    """Let a call of the cloud hang, and kill the function that waits for it."""
    stage.cloud.faults.add(fault)
    stage.clock.advance(timedelta(seconds=1))
    turning = stage.thread.begin(stage.cloud.pass_time())
    assert stage.cloud.faults.wait_until_held(PATIENCE)
    [instance] = function.instances
    os.kill(instance.pid, signal.SIGKILL)
    turning.result(PATIENCE.total_seconds())
    stage.cloud.faults.release()


@pytest.mark.parametrize("when", When)
def test_a_worker_killed_around_the_attach(stage, deployed, when):
    """Killed before the attach or between attach and follow-up, then started
    again: one operation, one outcome, and no request lost.
    """
    functions, _ = deployed
    stage.ask(stage.request())
    fault = Fault(method="AttachNetworkInterface", when=when, hold=True)
    kill_in_the_middle(stage, functions["on_task"], fault)
    assert stage.outcomes() == []

    stage.turn(timedelta(seconds=20), times=8)

    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"
    assert len(stage.attaches()) == 1
    assert len(set(stage.keys())) == 1
    assert stage.left() == 0


def test_the_functions_tell_no_secret(stage, deployed):
    """Neither the logs nor an outcome hold a token, a key or its secret."""
    _, lines = deployed
    stage.ask(stage.request())
    stage.ask("no JSON")
    stage.turn(times=6)
    outcomes = stage.outcomes()
    assert len(outcomes) == 2
    said = repr(lines) + repr(outcomes)
    assert "t1." not in said
    for key in stage.cloud.iam.access_keys:
        assert key.secret not in said
        assert key.id not in said
