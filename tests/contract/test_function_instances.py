"""Deployed functions run in processes of their own, as the platform runs them."""

import asyncio
import contextlib
import os
from datetime import timedelta

import pytest

from fakes.chance import Chance
from fakes.serverless.function import Function
from fakes.serverless.instance import Code, ProcessInstance, ThreadInstance
from fakes.triggers.runner import FunctionError

PATIENCE = 20
LONG = timedelta(seconds=PATIENCE)
CALL = {"event": {"a": [1, "ы"]}, "context": {"deadline_ms": 0, "request_id": "r"}}
PROGRAM = """
import os, threading

count = 0
def echoes(event, context):
    return {"event": event, "context": vars(context)}
def raises(event, context):
    raise ValueError("so bad")
def prints(event, context):
    print("printed")
    return "answered"
def shows(event, context):
    return dict(os.environ)
def counts(event, context):
    global count
    count += 1
    print(count)
def dies(event, context):
    print(os.getpid())
    os._exit(3)
def hangs(event, context):
    print("called")
    threading.Event().wait()
def talks(event, context):
    return "x" * 1_000_000
def remembers(event, context):
    print(context.token, context.function_name, context.memory_limit_in_mb)
    print(0 < context.get_remaining_time_in_millis() <= 20_000)
"""


@pytest.fixture
def package(tmp_path):
    (tmp_path / "entry.py").write_text(PROGRAM)
    return tmp_path


class Log(list):
    """The lines of a function's log, and a way to wait for the first one."""

    def __init__(self):
        super().__init__()
        self.written = asyncio.Event()

    def write(self, line):
        self.append(line)
        self.written.set()


def code(package, handler, **environment):
    return Code(folder=package, entrypoint=f"entry.{handler}", environment=environment)


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def answered(code, *calls):
    """Return the answers of a process to *calls*, and its log."""

    async def story():
        log = Log()
        instance = await ProcessInstance.launch(code, log.write)
        answers = [await instance.call(one) for one in calls]
        await instance.stop()
        return answers, list(log)

    return run(story())


@contextlib.asynccontextmanager
async def deployed(code, longest=LONG):
    """Yield a function and its log, and end it."""
    log = Log()
    function = Function(
        name="f",
        launch=lambda: ProcessInstance.launch(code, log.write),
        token=lambda: ("t1.x", 60),
        chance=Chance(1),
        timeout=longest,
    )
    try:
        yield function, log
    finally:
        await function.stop()


def invoked(code, times=1):
    """Call a function *times*; return its process ids, what it raised, its log."""

    async def story():
        pids, errors = [], []
        async with deployed(code) as (function, log):
            for _ in range(times):
                try:
                    await function.invoke({})
                except FunctionError as error:
                    errors.append(str(error))
                pids += [one.pid for one in function.instances]
        return pids, errors, list(log)

    return run(story())


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_call_is_answered(package):
    """Event and context arrive whole, and the result comes back."""
    [answer], _ = answered(code(package, "echoes"), CALL)
    assert answer == {"result": CALL}


def test_what_was_raised_is_the_answer(package):
    """Text and type are told, and the process goes on."""
    answers, _ = answered(code(package, "raises"), CALL, CALL)
    told = [(one["errorType"], one["errorMessage"]) for one in answers]
    assert told == [("ValueError", "so bad")] * 2


def test_what_is_printed_is_the_log(package):
    """It gets in the way of no answer, and nothing of it is lost."""
    answers, log = answered(code(package, "prints"), CALL, CALL)
    assert answers == [{"result": "answered"}] * 2
    assert log == ["printed"] * 2


def test_the_environment_is_what_was_declared(package):
    """Nothing is inherited; the interpreter itself may add its locale."""
    [answer], _ = answered(code(package, "shows", QUEUE="q", KEY="k"), CALL)
    answer["result"].pop("LC_CTYPE", None)
    assert answer["result"] == {"QUEUE": "q", "KEY": "k"}


def test_an_answer_may_be_long(package):
    """A pipe's buffer is no limit."""
    [answer], _ = answered(code(package, "talks"), CALL)
    assert answer == {"result": "x" * 1_000_000}


def test_a_warm_instance_keeps_its_state(package):
    """Calls one after the other find the same process with its globals."""
    pids, _, log = invoked(code(package, "counts"), times=3)
    assert (len(set(pids)), log) == (1, ["1", "2", "3"])


def test_an_error_keeps_the_instance(package):
    """A call that raised failed; the next one finds the process warm."""
    pids, errors, _ = invoked(code(package, "raises"), times=2)
    assert (len(set(pids)), errors) == (1, ["f: ValueError: so bad"] * 2)


def test_the_context_is_the_platforms(package):
    """It holds a token, names the function, and counts the time of the call."""
    _, _, log = invoked(code(package, "remembers"))
    token = {"access_token": "t1.x", "expires_in": 60, "token_type": "Bearer"}
    assert log == [f"{token} f 128", "True"]


def test_a_process_that_dies_is_replaced(package):
    """The call failed, and the next one has a process of its own."""
    _, errors, log = invoked(code(package, "dies"), times=2)
    assert errors == ["f: the process ended with 3"] * 2
    assert len(set(log)) == 2


def test_a_package_that_does_not_import_says_why(package):
    """The call fails; the reason is in the log."""
    (package / "entry.py").write_text("import no_such_module\n")
    _, errors, log = invoked(code(package, "echoes"))
    assert errors == ["f: the process ended with 1"]
    assert log[-1] == "ModuleNotFoundError: No module named 'no_such_module'"


def test_a_call_that_takes_too_long_is_ended(package):
    """Its process is killed: the platform ends the instance, too."""

    async def story():
        half = timedelta(seconds=0.5)
        async with deployed(code(package, "hangs"), half) as (function, log):
            call = asyncio.create_task(function.invoke({}))
            await log.written.wait()
            [instance] = function.instances
            with pytest.raises(FunctionError, match="f: timed out"):
                await call
            return is_alive(instance.pid), function.instances

    assert run(story()) == (False, [])


def test_a_call_that_is_cancelled_ends_the_process(package):
    """Nothing goes on behind the back of who gave up."""

    async def story():
        async with deployed(code(package, "hangs")) as (function, log):
            call = asyncio.create_task(function.invoke({}))
            await log.written.wait()
            [instance] = function.instances
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            return is_alive(instance.pid)

    assert run(story()) is False


def test_a_process_may_end_twice(package):
    """Stopping what has died already is no error."""

    async def story():
        instance = await ProcessInstance.launch(code(package, "echoes"), print)
        await instance.stop()
        await instance.stop()
        return is_alive(instance.pid)

    assert run(story()) is False


def test_a_thread_answers_as_a_process_does():
    """Where nothing can die, a thread of this process is enough."""

    async def story():
        instance = ThreadInstance(lambda event, _context: event)
        answer = await instance.call(CALL)
        await instance.stop()
        return answer

    assert run(story()) == {"result": CALL["event"]}
