"""Each call of a function in a process of its own leaves its own log and memory."""

import asyncio
import contextlib
import os
import sys
from datetime import timedelta

import pytest

from fakes.chance import Chance
from fakes.serverless.function import Function
from fakes.serverless.instance import Code, ProcessInstance

PATIENCE = 20
LONG = timedelta(seconds=PATIENCE)
MUCH = 64 * 1024 * 1024
linux = pytest.mark.skipif(sys.platform != "linux", reason="others do not tell")
PROGRAM = """
import os, subprocess, sys, threading

print("imported")
ended, later = threading.Event(), threading.Event()
def prints(event, context):
    print(event)
    print("to stderr", file=sys.stderr)
    os.write(1, b"raw, ")
    subprocess.run(["echo", "a child"], check=True)
    print("no end", end="")
def behind():
    ended.wait()
    print("from behind", flush=True)
    later.set()
def leaves(event, context):
    if event == "begin":
        threading.Thread(target=behind, daemon=True).start()
    if event == "wait":
        ended.set()
        later.wait()
    print(event)
def raises(event, context):
    print("about to raise")
    raise ValueError(event)
def dies(event, context):
    print("about to die")
    os._exit(3)
def hangs(event, context):
    print("about to hang")
    threading.Event().wait()
def orphans(event, context):
    subprocess.Popen(["cat", event])
    print("about to leave")
    os._exit(3)
def grows(event, context):
    b"x" * event
def grows_and_hangs(event, context):
    b"x" * event
    threading.Event().wait()
def talks(event, context):
    for number in range(event):
        print(number, "x" * 100)
def meets(event, context):
    with open(*event):  # returns when somebody opened the other end
        return os.getpid()
"""


@pytest.fixture
def package(tmp_path):
    (tmp_path / "entry.py").write_text(PROGRAM)
    return tmp_path


@contextlib.asynccontextmanager
async def deployed(package, handler, **settings):
    """Yield a function and all that it printed; end it."""
    told = []
    code = Code(
        folder=package,
        entrypoint=f"entry.{handler}",
        environment={"PATH": os.environ["PATH"]},  # noqa: TID251 - to find a program
    )
    function = Function(
        name="f",
        launch=lambda: ProcessInstance.launch(code, told.append),
        token=lambda: ("t1.x", 60),
        chance=Chance(1),
        **{"timeout": LONG, **settings},
    )
    try:
        yield function, told
    finally:
        await function.stop()


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def called(package, handler, *events, **settings):
    """Make calls one after the other; return them, and all that was printed."""

    async def story():
        async with deployed(package, handler, **settings) as (function, told):
            for event in events:
                await asyncio.gather(function.invoke(event), return_exceptions=True)
            return list(function.calls), told

    return run(story())


def lines(calls):
    return [one.trace.lines for one in calls]


def test_a_call_has_its_own_lines(package):
    """Of both streams and of its children, in their order; what the import printed
    is the first call's, and a line without an end ends with the call.
    """
    calls, told = called(package, "prints", "a", "b")
    rest = ("to stderr", "raw, a child", "no end")
    assert lines(calls) == [("imported", "a", *rest), ("b", *rest)]
    assert told == [line for some in lines(calls) for line in some]


def test_what_comes_after_a_call_is_the_next_ones(package):
    """A thread that prints behind the answer's back does so in some call's time."""
    calls, _ = called(package, "leaves", "begin", "wait")
    assert lines(calls) == [("imported", "begin"), ("from behind", "wait")]


@pytest.mark.parametrize(
    ("handler", "last", "error"),
    [
        ("raises", "about to raise", "raised"),
        ("dies", "about to die", "crashed"),
        ("hangs", "about to hang", "timed-out"),
    ],
)
def test_a_failed_call_keeps_its_lines(package, handler, last, error):
    """All that it printed until then."""
    settings = {"timeout": timedelta(seconds=1)} if handler == "hangs" else {}
    [call], _ = called(package, handler, {}, **settings)
    assert (call.error, call.trace.lines) == (error, ("imported", last))


def test_nothing_of_much_is_lost(package):
    """More than a pipe holds is read while the call runs."""
    [call], told = called(package, "talks", 20_000)
    assert (len(told), len(call.trace.lines)) == (20_001, 1000)
    assert call.trace.lines[-1].startswith("19999 ")


def test_who_holds_the_pipe_holds_nobody_up(package):
    """A child that outlives its process may go on printing, to nobody."""
    fifo = package / "fifo"
    os.mkfifo(fifo)

    async def story():
        async with deployed(package, "orphans", timeout=LONG / 2) as (function, _):
            call = asyncio.create_task(function.invoke(str(fifo)))
            stream = await asyncio.to_thread(fifo.open, "w")
            with stream:
                await asyncio.gather(call, return_exceptions=True)
                return list(function.calls)

    [call] = run(story())
    assert (call.error, call.trace.lines[-1]) == ("crashed", "about to leave")


@linux
def test_memory_is_what_the_process_had_at_most(package):
    """It does not shrink again while the instance lives."""
    calls, _ = called(package, "grows", 1, MUCH, 1)
    first, second, third = [one.trace.max_memory for one in calls]
    assert first < MUCH < second <= third


@linux
def test_memory_of_what_was_ended_is_known(package):
    """A process that took too long is weighed before it is killed; one that died by
    itself has taken its memory with it.
    """
    [ended], _ = called(package, "grows_and_hangs", MUCH, timeout=timedelta(seconds=1))
    [died], _ = called(package, "dies", {})
    assert ended.trace.max_memory > MUCH
    assert died.trace.max_memory is None


def test_calls_at_once_have_processes_of_their_own(package):
    """As many as may be; each waits for the other within its handler."""
    fifo = str(package / "fifo")
    os.mkfifo(fifo)

    async def story():
        async with deployed(package, "meets", concurrency=2) as (function, _):
            both = [function.invoke([fifo, mode]) for mode in "rw"]
            pids = await asyncio.gather(*both)
            return pids, [one.pid for one in function.instances], function.calls

    pids, instances, calls = run(story())
    assert (len(set(pids)), set(pids)) == (2, set(instances))
    assert [one.cold for one in calls] == [True, True]
    assert lines(calls) == [("imported",)] * 2
