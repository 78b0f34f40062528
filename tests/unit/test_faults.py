"""Faults are planned, strike whom they should, are used up and forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.clock import ManualClock
from fakes.errors import ApiError, Code
from fakes.faults import Fault, Faults, SeenCall, Strike, When

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECONDS = timedelta(seconds=10)


@pytest.fixture
def faults():
    return Faults(Chance(1))


def take(faults, method="InstanceService/Stop", *resources, at=0.0):
    """Return the fault that strikes a call made so many seconds later."""
    now = NOW + timedelta(seconds=at)
    return faults.take(*method.split("/"), now, lambda: resources)


def story(faults, calls=200):
    return [take(faults) is not None for _ in range(calls)]


def test_faults_strike_in_the_order_they_were_added(faults):
    """Each is used up before the next of its method; others are left alone."""
    for code, times in ((Code.UNAVAILABLE, 2), (Code.INTERNAL, 1)):
        faults.add(Fault(method="Stop", code=code, times=times))
    assert take(faults, "InstanceService/Start") is None
    taken = [take(faults) for _ in range(4)]
    codes = [fault.code if fault else None for fault in taken]
    assert codes == [Code.UNAVAILABLE, Code.UNAVAILABLE, Code.INTERNAL, None]


@pytest.mark.parametrize(
    ("method", "struck"),
    [
        ("Get", ["InstanceService/Get", "OperationService/Get"]),
        ("OperationService/Get", ["OperationService/Get"]),
        ("InstanceService/*", ["InstanceService/Get", "InstanceService/Stop"]),
        ("S*", ["InstanceService/Stop"]),
        ("*", ["InstanceService/Get", "InstanceService/Stop", "OperationService/Get"]),
        ("get", []),
    ],
)
def test_methods_are_named_or_matched(faults, method, struck):
    """By name, with the service or without, or with the wildcards of a shell."""
    faults.add(Fault(method=method, times=9))
    calls = ["InstanceService/Get", "InstanceService/Stop", "OperationService/Get"]
    assert [one for one in calls if take(faults, one)] == struck


def test_a_resource_may_be_named(faults):
    """Calls about others go by."""
    faults.add(Fault(method="*", resource="web-1"))
    assert take(faults, "InstanceService/Stop", "web-2", "x") is None
    assert take(faults, "InstanceService/Stop", "y", "web-1")


def test_a_probability_strikes_about_as_often_for_ever(faults):
    """No number of times uses it up, unless one is given."""
    faults.add(Fault(method="Stop", probability=0.25))
    assert 30 < sum(story(faults)) < 70
    faults.clear()
    faults.add(Fault(method="Stop", probability=0.25, times=3))
    assert sum(story(faults)) == 3


def test_a_seed_repeats_the_story():
    """The same calls are struck, and others under another seed."""
    stories = []
    for seed in (1, 1, 2):
        faults = Faults(Chance(seed))
        faults.add(Fault(method="Stop", probability=0.5))
        stories.append(story(faults))
    assert stories[0] == stories[1] != stories[2]


def test_certainty_strikes_every_call(faults):
    """A probability of 1 has no end: the service is down."""
    faults.add(Fault(method="Stop", probability=1))
    assert story(faults) == [True] * 200


def test_a_quota_strikes_what_is_beyond_it(faults):
    """So many calls pass in any second; what was struck does not count."""
    faults.add(Fault(method="Stop", above=2, code=Code.RESOURCE_EXHAUSTED))
    moments = [0, 0.5, 0.6, 0.9, 1.0, 1.2, 1.5, 3]
    struck = [take(faults, at=at) is not None for at in moments]
    assert struck == [False, False, True, True, False, True, False, False]


def test_what_does_not_strike_leaves_the_call_to_the_next(faults):
    """One that lets a call through does not protect it from others."""
    faults.add(Fault(method="Stop", above=1), Fault(method="*", code=Code.INTERNAL))
    assert take(faults).code is Code.INTERNAL


def test_what_is_planned_can_be_told(faults):
    """With the times that are left, and without what is used up."""
    faults.add(Fault(method="Stop", times=2), Fault(method="Get"))
    take(faults)
    take(faults, "InstanceService/Get")
    assert faults.planned == [Fault(method="Stop", times=1)]


def test_what_struck_is_recorded(faults):
    """The fault as it was planned, the call and the time."""
    fault = Fault(method="St*", times=2)
    faults.add(fault)
    take(faults, at=1)
    expected = Strike(
        fault=fault, method="InstanceService/Stop", at=NOW + timedelta(seconds=1)
    )
    assert faults.struck == [expected]


@pytest.mark.parametrize(
    "wrong",
    [
        {"times": 0},
        {"probability": 0},
        {"probability": 1.1},
        {"probability": float("nan")},
        {"above": -1},
        {"latency": -SECONDS},
        {"jitter": -SECONDS},
        {"silent": True, "hold": True},
        {"silent": True, "code": Code.INTERNAL},
    ],
)
def test_what_makes_no_sense_is_no_fault(wrong):
    """Numbers have bounds, and silence has no answer."""
    with pytest.raises(ValueError, match=r"must be|time|silent"):
        Fault(method="Stop", **wrong)


def test_jitter_follows_the_seed():
    """A call takes its latency, and up to so much more."""

    def pause(seed):
        clock, faults = ManualClock(NOW), Faults(Chance(seed))
        fault = Fault(method="Stop", latency=SECONDS, jitter=SECONDS)

        async def suffer():
            async with faults.around(fault, clock):
                pass

        async def passed():
            suffering = asyncio.create_task(suffer())
            while not suffering.done():
                await asyncio.sleep(0)
                clock.advance(timedelta(milliseconds=10))
            return clock.now() - NOW

        return asyncio.run(passed())

    assert pause(1) == pause(1) != pause(2)
    assert SECONDS < pause(1) < SECONDS * 2


def test_a_struck_call_fails_on_its_side_of_the_effect(faults):
    """Before it, the body is not run; after it, it was."""
    done = []

    async def suffer(when):
        fault = Fault(method="Stop", code=Code.INTERNAL, when=when)
        async with faults.around(fault, ManualClock(NOW)):
            done.append(when)

    for when in When:
        with pytest.raises(ApiError):
            asyncio.run(suffer(when))
    assert done == [When.AFTER]


def test_clear_forgets_plans_and_calls(faults):
    """Nothing of one test reaches the next."""
    faults.add(Fault(method="Stop", times=2))
    faults.repeats = 1.0
    take(faults)
    faults.saw(SeenCall(method="x", idempotency_key=None, subject_id="y"))
    faults.clear()
    assert take(faults) is None
    assert (faults.seen, faults.struck, faults.delivers_again()) == ([], [], False)


def test_calling_off_forgets_no_calls(faults):
    """What was seen and what struck is still told."""
    faults.add(Fault(method="Stop", times=2))
    take(faults)
    faults.saw(SeenCall(method="x", idempotency_key=None, subject_id="y"))
    faults.call_off()
    assert (len(faults.planned), len(faults.seen), len(faults.struck)) == (0, 1, 1)


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
