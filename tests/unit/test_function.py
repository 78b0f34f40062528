"""A function's instances, the calls that wait for one, and those that do not."""

import asyncio

import pytest

from fakes.chance import Chance
from fakes.serverless.calls import NO_TRACE
from fakes.serverless.errors import HandlerError, NoInstanceError, TooManyCallsError
from fakes.serverless.function import Function
from fakes.serverless.instance import InstanceDiedError, ThreadInstance

PATIENCE = 20


class Instance:
    """Answers once it is let go."""

    def __init__(self, go):
        self._go = go

    async def call(self, call):
        await self._go.wait()
        return {"result": call["event"]}

    def trace(self):
        return NO_TRACE

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


def threaded(handler):
    async def launch():
        return ThreadInstance(handler)

    return function(launch)


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def crowded(calls, **settings):
    """Make so many calls at once; return what came of each, and the instances."""

    async def story():
        go = asyncio.Event()

        async def launch():
            return Instance(go)

        busy = function(launch, **settings)
        under_way = [asyncio.create_task(busy.invoke(one)) for one in range(calls)]
        await asyncio.sleep(0)  # each of them begins
        go.set()
        found = await asyncio.gather(*under_way, return_exceptions=True)
        return found, len(busy.instances)

    return run(story())


def test_the_result_is_returned():
    """Whatever the handler returned."""
    assert run(threaded(lambda event, _: [event]).invoke("a")) == ["a"]


def test_the_call_has_the_name_it_was_given():
    """The handler sees it in its context; without one, it is made up."""
    named = threaded(lambda _event, context: context.request_id)
    assert run(named.invoke({}, "r1")) == "r1"
    assert len(run(named.invoke({}))) == 36


def test_what_was_raised_is_told():
    """Type, text and stack, as the platform shows them."""

    def fails(_event, _context):
        return {}["so bad"]

    with pytest.raises(HandlerError, match="f: KeyError: 'so bad'") as caught:
        run(threaded(fails).invoke({}))
    told = caught.value.told
    assert (told["errorType"], told["errorMessage"]) == ("KeyError", "'so bad'")
    assert "fails" in told["stackTrace"][-1]


def test_a_call_waits_for_an_instance():
    """There are never more instances than may be; every call is answered."""
    assert crowded(5, concurrency=2) == ([0, 1, 2, 3, 4], 2)


def test_too_many_calls_are_refused():
    """Those that run and those that wait count alike."""
    found, _ = crowded(5, concurrency=2, calls_in_progress=3)
    assert found[:3] == [0, 1, 2]
    assert [type(one) for one in found[3:]] == [TooManyCallsError] * 2


def test_room_is_there_again():
    """A call that ended, well or not, does not count any more."""

    async def story():
        go = asyncio.Event()
        go.set()

        async def launch():
            return Instance(go)

        busy = function(launch, calls_in_progress=1)
        return [await busy.invoke(number) for number in range(3)]

    assert run(story()) == [0, 1, 2]


def test_a_call_survives_the_end_of_its_function():
    """Whoever ends the instance under it, the call fails as any other."""

    class Dying:
        def __init__(self):
            self.stopped = asyncio.Event()

        async def call(self, _call):
            await self.stopped.wait()
            msg = "killed"
            raise InstanceDiedError(msg)

        def trace(self):
            return NO_TRACE

        async def stop(self):
            self.stopped.set()

    async def story():
        async def launch():
            return Dying()

        dying = function(launch)
        call = asyncio.create_task(dying.invoke({}))
        await asyncio.sleep(0)
        await dying.stop()
        with pytest.raises(NoInstanceError, match="f: killed"):
            await call
        return dying.instances

    assert run(story()) == []
