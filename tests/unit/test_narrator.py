"""The narrator tells a story: a line a step, with time and progress."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from cli.narrator import Narrator
from fakes.clock import ManualClock

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BEFORE = "   0.0 s       "


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def tell(clock):
    return Narrator(clock.now, 2)


def test_steps_are_counted_and_timed(tell, clock, capsys):
    """Each says which it is, of how many, and when since the beginning."""
    clock.advance(timedelta(seconds=1.25))
    tell.step("once")
    clock.advance(timedelta(seconds=100))
    tell.step("upon")
    assert capsys.readouterr().out == "   1.2 s [1/2] once\n 101.2 s [2/2] upon\n"


def test_a_detail_names_the_actor(tell, capsys):
    """What happens on the way is told under the step, with who did it."""
    tell.detail("on_task", "looked")
    assert capsys.readouterr().out == BEFORE + "on_task        looked\n"


def test_an_audit_event_is_told_briefly(tell, capsys):
    """The name of what happened, and how far it is."""
    tell.audit_event(
        {
            "event_type": "yandex.cloud.audit.compute.StopInstance",
            "event_status": "DONE",
        }
    )
    assert capsys.readouterr().out == BEFORE + "audit trail    StopInstance DONE\n"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"message": "asked", "index": "1", "instance_id": "fhm", "policy": "p"},
            "asked for interface 1 on fhm (policy p)",
        ),
        ({"message": "skipped", "reason": "gone"}, "skipped: gone"),
        (
            {
                "message": "decided",
                "look": 2,
                "status": "STOPPED",
                "slot": "free",
                "progress": "none",
                "action": "attach",
            },
            "look 2: instance STOPPED, slot free, operation none → attach",
        ),
        (
            {"message": "begun", "step": "attach", "operation_id": "op"},
            "began to attach: operation op",
        ),
        (
            {"message": "sent on", "after": 3.26},
            "sent the task on, to look again in 3.3 s",
        ),
        (
            {"message": "settled", "subject": "fhm/1", "verdict": "attached"},
            "settled fhm/1: attached",
        ),
    ],
    ids=lambda value: value["message"] if isinstance(value, dict) else "",
)
def test_a_line_of_a_log_is_told_in_words(tell, capsys, fields, told):
    """Facts that a function logged become a sentence; others are left out."""
    tell.log_line("f", json.dumps({**fields, "level": "INFO"}))
    assert capsys.readouterr().out == f"{BEFORE}f              {told}\n"


@pytest.mark.parametrize(
    "line",
    [
        "plain text",
        '{"message": "unknown"}',
        '{"message": "skipped"}',
        '{"message": "sent on", "after": "soon"}',
        '{"message": ["a"]}',
        '{"level": "INFO"}',
        '["a"]',
        "17",
        "",
    ],
)
def test_any_other_line_is_told_as_it_is(tell, capsys, line):
    """What the narrator does not understand is not lost."""
    tell.log_line("f", line)
    assert capsys.readouterr().out == f"{BEFORE}f              {line}\n"
