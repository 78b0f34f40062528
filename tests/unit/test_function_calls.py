"""What a function knows of its calls once they ended."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.clock import ManualClock
from fakes.serverless.calls import CALLS_KEPT, FinishedCall, Trace, ending
from fakes.serverless.errors import TooManyCallsError
from fakes.serverless.function import Function
from fakes.serverless.instance import InstanceDiedError, ThreadInstance
from fakes.triggers.runner import FunctionError

PATIENCE = 20
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ZERO = timedelta(0)
STEP = timedelta(milliseconds=100)
INSTANT = timedelta(microseconds=1)
LEFT = Trace(lines=("printed",), max_memory=1024)


class Leaving:
    """Dies of the event "die", answers to others in its own good time."""

    def __init__(self):
        self.go = asyncio.Event()

    async def call(self, call):
        if call["event"] == "die":
            msg = "dead"
            raise InstanceDiedError(msg)
        await self.go.wait()
        return {"result": None}

    def trace(self):
        return LEFT

    async def stop(self):
        pass


def function(launch, **settings):
    return Function(
        name="f",
        launch=launch,
        token=lambda: ("t1.x", 60),
        chance=Chance(1),
        **settings,
    )


def leaving(**settings):
    async def launch():
        return Leaving()

    return function(launch, **settings)


def threaded(handler, **settings):
    async def launch():
        return ThreadInstance(handler)

    return function(launch, **settings)


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def ended(function, *events):
    """Make calls one after the other; return what is known of them."""

    async def story():
        for event in events:
            await asyncio.gather(function.invoke(event, "r"), return_exceptions=True)
        return list(function.calls)

    return run(story())


def test_a_call_is_known_by_its_name():
    """The handler's, when it started by the cloud's clock, and how long it ran."""
    clock = ManualClock(NOW)

    def turns(_event, _context):
        clock.advance(timedelta(minutes=1))

    calls = ended(threaded(turns, now=clock.now), 1, 2)
    assert [(one.function, one.request_id) for one in calls] == [("f", "r")] * 2
    assert [one.started for one in calls] == [NOW, NOW + timedelta(minutes=1)]
    assert all(ZERO < one.duration < timedelta(minutes=1) for one in calls)


def test_only_the_first_call_is_cold():
    """The next one found an instance, for a failure of the handler keeps it."""
    calls = ended(threaded(lambda event, _context: 1 / event), 0, 1)
    assert [(one.cold, one.error) for one in calls] == [(True, "raised"), (False, "")]


def test_a_call_that_crashed_keeps_its_trace():
    """What its instance left until then; the next call is a cold one."""
    [first, second] = ended(leaving(), "die", "die")
    assert (first.error, first.trace, second.cold) == ("crashed", LEFT, True)


def test_a_call_that_took_too_long_lasted_its_timeout():
    """To end it takes a moment more, which is not its own."""
    [call] = ended(leaving(timeout=STEP), "wait")
    assert (call.error, call.duration, call.billed) == ("timed-out", STEP, STEP)


def test_a_call_that_cannot_be_started_took_no_time():
    """And nothing of it is billed."""

    async def launch():
        msg = "no room"
        raise OSError(msg)

    [call] = ended(function(launch), 1)
    assert (call.error, call.cold, call.billed) == ("crashed", True, ZERO)


def test_a_call_that_was_given_up_is_known():
    """Its trace, too."""

    async def story():
        given_up = leaving()
        call = asyncio.create_task(given_up.invoke("wait"))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return given_up.calls[0]

    call = run(story())
    assert (call.error, call.trace) == ("cancelled", LEFT)


def test_a_refused_call_is_known():
    """It has a name, and left nothing."""

    async def story():
        busy = leaving(calls_in_progress=1)
        first = asyncio.create_task(busy.invoke("wait"))
        await asyncio.sleep(0)
        with pytest.raises(TooManyCallsError):
            await busy.invoke("wait")
        busy.instances[0].go.set()
        await first
        return list(busy.calls)

    refused, answered = run(story())
    assert (refused.error, refused.duration) == ("too-many-calls", ZERO)
    assert len(refused.request_id) == 36
    assert answered.error == ""


def test_old_calls_are_forgotten():
    """The newest are kept."""

    async def story():
        echo = threaded(lambda event, _context: event)
        for number in range(CALLS_KEPT + 1):
            await echo.invoke(number, str(number))
        return echo.calls

    calls = run(story())
    assert (len(calls), calls[0].request_id) == (CALLS_KEPT, "1")


def test_what_nobody_foresaw_is_told_by_its_name():
    """Rather than as one of the known endings."""
    assert ending(FunctionError()) == "FunctionError"


@pytest.mark.parametrize(
    ("duration", "billed"),
    [
        (ZERO, ZERO),
        (INSTANT, STEP),
        (STEP, STEP),
        (STEP + INSTANT, 2 * STEP),
        (timedelta(seconds=3), timedelta(seconds=3)),
    ],
)
def test_time_is_billed_in_steps(duration, billed):
    """Of 100 ms, rounded up; what never ran is free."""
    call = FinishedCall(function="f", request_id="r", started=NOW, duration=duration)
    assert call.billed == billed
