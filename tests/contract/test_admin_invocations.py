"""The admin port tells what became of calls of functions, in JSON."""

import contextlib
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.serverless.instance import Code
from fakes.testing import CloudThread
from fakes.triggers.runner import FunctionError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PROGRAM = """
def tells(event, context):
    print("told", event)
def raises(event, context):
    raise ValueError(event)
"""


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(ManualClock(NOW), seed=1)) as thread:
        yield thread


@pytest.fixture
def invoke(thread, tmp_path):
    """Return what calls one of two functions."""
    thread.run(thread.cloud.clear())
    (tmp_path / "entry.py").write_text(PROGRAM)

    def deployed(name):
        place = Code(folder=tmp_path, entrypoint=f"entry.{name}", environment={})
        return thread.call(thread.cloud.functions.deploy, name, place, list)

    functions = {name: deployed(name) for name in ("tells", "raises")}

    def invoke(name, event):
        thread.cloud.clock.advance(timedelta(seconds=1))
        with contextlib.suppress(FunctionError):
            thread.run(functions[name].invoke(event, f"{name}-{event}"))

    return invoke


@pytest.fixture
def ask(thread):
    """Return what asks for invocations with a query; it returns status and JSON."""

    def ask(query=""):
        url = f"{thread.cloud.admin_url}/invocations{query}"
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - the local cloud
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    return ask


def names(told):
    status, content = told
    assert status == 200
    return [one["requestId"] for one in content["invocations"]]


@pytest.mark.usefixtures("invoke")
def test_nothing_was_called(ask):
    """Functions that were deployed have no calls yet."""
    assert ask() == (200, {"invocations": []})


def test_a_call_is_told_whole(thread, invoke, ask):
    """When, how long, for how much, how it ended, and its log."""
    invoke("tells", 1)
    [call] = ask()[1]["invocations"]
    assert 0 < call.pop("durationMs") <= call.pop("billedDurationMs")
    memory = call.pop("maxMemoryUsed")
    assert memory is None or memory > 1_000_000
    assert call == {
        "function": "tells",
        "requestId": "tells-1",
        "started": thread.cloud.clock.now().isoformat(),
        "cold": True,
        "error": "",
        "lines": ["told 1"],
    }


def test_calls_are_told_in_their_order(invoke, ask):
    """Those of all functions, or of one."""
    for name, event in (("tells", 1), ("raises", 1), ("tells", 2)):
        invoke(name, event)
    assert names(ask()) == ["tells-1", "raises-1", "tells-2"]
    assert names(ask("?function=tells")) == ["tells-1", "tells-2"]
    [raised] = ask("?function=raises")[1]["invocations"]
    assert (raised["error"], raised["lines"]) == ("raised", [])


def test_they_are_forgotten_with_their_functions(thread, invoke, ask):
    """When the cloud begins again."""
    invoke("tells", 1)
    thread.run(thread.cloud.clear())
    assert names(ask()) == []


@pytest.mark.usefixtures("invoke")
@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?function=tels", "?function must be one of tells, raises"),
        ("?function=", "?function must be one of tells, raises"),
        ("?name=tells", "?name is not a known parameter"),
    ],
)
def test_a_wrong_question_is_refused(ask, query, problem):
    """Rather than answered with nothing, or with everything."""
    assert ask(query) == (400, {"problems": [problem]})
