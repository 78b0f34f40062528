"""Faults are planned, used up and forgotten."""

import asyncio
from datetime import timedelta

import pytest

from fakes.errors import Code
from fakes.faults import Fault, Faults, SeenCall

SECONDS = timedelta(seconds=10)


@pytest.fixture
def faults():
    return Faults()


def test_faults_strike_in_the_order_they_were_added(faults):
    """Each is used up before the next of its method; others are left alone."""
    for code, times in ((Code.UNAVAILABLE, 2), (Code.INTERNAL, 1)):
        faults.add(Fault(method="Stop", code=code, times=times))
    assert faults.take("InstanceService", "Start") is None
    taken = [faults.take("InstanceService", "Stop") for _ in range(4)]
    codes = [fault.code if fault else None for fault in taken]
    assert codes == [Code.UNAVAILABLE, Code.UNAVAILABLE, Code.INTERNAL, None]


def test_a_service_may_be_named(faults):
    """Methods of one name in two services can be told apart."""
    faults.add(Fault(method="OperationService/Get"))
    assert faults.take("InstanceService", "Get") is None
    assert faults.take("OperationService", "Get")


def test_clear_forgets_plans_and_calls(faults):
    """Nothing of one test reaches the next."""
    faults.add(Fault(method="Stop"))
    faults.saw(SeenCall(method="x", idempotency_key=None, subject_id="y"))
    faults.clear()
    assert faults.take("InstanceService", "Stop") is None
    assert faults.seen == []


def test_the_record_is_bounded(faults):
    """The newest 10,000 calls are kept."""
    for at in range(10_001):
        faults.saw(SeenCall(method="x", idempotency_key=str(at), subject_id="y"))
    assert len(faults.seen) == 10_000
    assert faults.seen[0].idempotency_key == "1"


def test_waiting_for_a_held_call_may_be_in_vain(faults):
    """Nobody is held: after the time given, the answer is no."""
    assert not faults.wait_until_held(timedelta(0))


def test_release_survives_a_loop_that_is_gone(faults):
    """What is held in a loop that was closed is no concern of the release."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(faults.hold())
    loop.run_until_complete(asyncio.sleep(0))
    assert faults.wait_until_held(SECONDS)
    loop.close()
    faults.release()
    assert not faults.wait_until_held(timedelta(0))
    task._log_destroy_pending = False
