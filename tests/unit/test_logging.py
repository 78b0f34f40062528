"""Log lines are what the platform reads, or what a person does."""

import io
import json

import pytest
import structlog

from functions._logging import configure

LONGEST = 8000


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self):
        return True


@pytest.fixture
def stream():
    return io.StringIO()


@pytest.fixture
def log(stream):
    configure(stream)
    yield structlog.get_logger()
    structlog.reset_defaults()


@pytest.fixture
def terminal_log():
    terminal = Terminal()
    configure(terminal)
    yield structlog.get_logger(), terminal
    structlog.reset_defaults()


def line(stream):
    (only,) = stream.getvalue().splitlines()
    return json.loads(only)


def test_a_step_is_one_line_of_json(log, stream):
    """Message, level and stream name stand beside the facts of the step."""
    log.info("looked", power="stopped", looks=3, after=4.5, again=True)
    assert line(stream) == {
        "message": "looked",
        "level": "INFO",
        "stream_name": "nic-attach",
        "power": "stopped",
        "looks": 3,
        "after": 4.5,
        "again": True,
    }


@pytest.mark.parametrize(
    ("method", "level"),
    [
        ("info", "INFO"),
        ("warning", "WARN"),
        ("error", "ERROR"),
        ("exception", "ERROR"),
        ("critical", "FATAL"),
    ],
)
def test_levels_have_the_platforms_names(log, stream, method, level):
    """Python's warning and critical are called otherwise there."""
    getattr(log, method)("looked")
    assert line(stream)["level"] == level


def test_what_only_a_developer_wants_is_not_written(log, stream):
    """Lines below INFO cost money and tell an operator nothing."""
    log.debug("looked")
    assert stream.getvalue() == ""


def test_what_is_bound_once_is_on_every_line(log, stream):
    """Context that a handler bound stands in the lines of its steps."""
    with structlog.contextvars.bound_contextvars(event_id="e", attempt=2):
        log.info("looked")
    assert (line(stream)["event_id"], line(stream)["attempt"]) == ("e", 2)


@pytest.mark.parametrize(
    "value",
    ["x" * 99_999, ["x" * 99_999], {"a": "x" * 99_999}],
    ids=["text", "list", "object"],
)
def test_long_values_are_cut(log, stream, value):
    """No value grows the line too long; its end, in a traceback the error, is kept."""
    log.info("looked", value=value)
    assert line(stream)["value"] == str(value)[-LONGEST:]


def test_any_text_stays_one_line_of_ascii(log, stream):
    """Line breaks, other scripts and lone surrogates cannot break a line up."""
    log.info("looked", value="a\nb\u2028\u044f\ud800")
    assert stream.getvalue().isascii()
    assert line(stream)["value"] == "a\nb\u2028\u044f\ud800"


def test_an_exception_is_told_as_text(log, stream):
    """What was raised stands in the line, with where it came from."""
    try:
        int("x")
    except ValueError:
        log.exception("failed")
    assert line(stream)["exception"].startswith("Traceback (most recent call last)")


def test_a_person_reads_plain_text(terminal_log):
    """On a terminal the line is for eyes: the event and its facts, no JSON."""
    log, terminal = terminal_log
    log.info("looked", power="stopped")
    text = terminal.getvalue()
    assert ("looked" in text, "stopped" in text, "message" in text) == (
        True,
        True,
        False,
    )
