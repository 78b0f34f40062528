"""What runs in a function's process: loads the entry point, answers calls."""

import io
import json
import os
import runpy
import sys
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import SystemClock
from fakes.serverless import bootstrap

CONTEXT = {"deadline_ms": 0, "request_id": "r", "token": {"access_token": "t1.x"}}


def call(event, **context):
    return {"event": event, "context": {**CONTEXT, **context}}


def in_ms(by):
    return round((SystemClock().now() + by).timestamp() * 1000)


def fails(_event, _context):
    msg = "so bad"
    raise LookupError(msg)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A folder with one file, current and importable for the test's time."""
    code = "def handle(event, context):\n    return [event, context.request_id]\n"
    (tmp_path / "root_level_entry.py").write_text(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    yield
    sys.modules.pop("root_level_entry", None)


@pytest.mark.parametrize("result", [None, 0, "x", [1], {"a": {"b": 1}}])
def test_a_result_is_the_answer(result):
    """Whatever the handler returns is handed back."""
    found = bootstrap.answer(lambda *_: result, call({}))
    assert found == {"result": result}


def test_the_handler_gets_event_and_context():
    """The context's fields are attributes, the token among them is a mapping."""
    found = bootstrap.answer(
        lambda event, context: (event, context.token["access_token"]), call("e")
    )
    assert found == {"result": ("e", "t1.x")}


def test_an_error_has_the_documented_shape():
    """Message, type, and a stack that leads to the line that raised."""
    found = bootstrap.answer(fails, call({}))
    stack = found.pop("stackTrace")
    assert found == {"errorMessage": "so bad", "errorType": "LookupError"}
    assert "raise LookupError" in stack[-1]


@pytest.mark.parametrize(
    ("by", "least", "most"),
    [(timedelta(minutes=1), 50_000, 60_000), (timedelta(minutes=-1), 0, 0)],
    ids=["ahead", "past"],
)
def test_the_context_counts_down(by, least, most):
    """The time left is in milliseconds, and never negative."""
    context = bootstrap.Context({"deadline_ms": in_ms(by)})
    assert least <= context.get_remaining_time_in_millis() <= most


def test_an_entry_point_is_loaded_by_name():
    """`<file>.<function>` names it."""
    assert bootstrap.load("json.loads") is json.loads


@pytest.mark.parametrize(
    ("entrypoint", "error"),
    [
        ("no_such_file.handle", ImportError),
        ("json.no_such_function", AttributeError),
    ],
)
def test_a_missing_entry_point_is_an_error(entrypoint, error):
    """Neither a file nor a function is invented."""
    with pytest.raises(error, match="no_such"):
        bootstrap.load(entrypoint)


def test_calls_are_answered_line_by_line():
    """One line each, in order; an error ends nothing."""

    def handle(event, context):
        return fails(event, context) if event == "bad" else event

    events = ["a", "bad", "line\nbreak"]
    calls = io.StringIO("".join(json.dumps(call(one)) + "\n" for one in events))
    answers = io.StringIO()
    bootstrap.serve(handle, calls, answers)
    found = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [one.get("result", one.get("errorType")) for one in found] == [
        "a",
        "LookupError",
        "line\nbreak",
    ]


def test_a_result_that_is_not_json_is_told_as_text():
    """A result that nobody reads cannot break the conversation."""
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    answers = io.StringIO()
    calls = io.StringIO(json.dumps(call("")) + "\n")
    bootstrap.serve(lambda *_: moment, calls, answers)
    assert json.loads(answers.getvalue()) == {"result": str(moment)}


@pytest.mark.usefixtures("package")
def test_the_script_serves_the_current_folder(monkeypatch):
    """Started with an entry point and two pipes, it answers until calls end."""
    calls, asking = os.pipe()
    answering, answers = os.pipe()
    arguments = ["", "root_level_entry.handle", str(calls), str(answers)]
    monkeypatch.setattr(sys, "argv", arguments)
    with os.fdopen(asking, "w") as stream:
        stream.write(json.dumps(call("e")) + "\n")
    runpy.run_path(bootstrap.__file__, run_name="__main__")
    with os.fdopen(answering) as stream:
        assert json.loads(stream.read()) == {"result": ["e", "r"]}
