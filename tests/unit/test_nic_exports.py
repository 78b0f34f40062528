"""Exported audit events are read in every form they come in."""

import json

import pytest

from cli import exports
from cli.exports import read_export
from events.envelope import Broken
from tests.unit.build import sample

EVENT = {
    "event_id": "e1",
    "event_type": "yandex.cloud.audit.compute.StopInstance",
    "details": {"text": 'brackets ]}{[ and "quotes\\'},
}
ENTRY = {"uid": "u1", "timestamp": "2026-01-02T03:04:05Z", "json_payload": EVENT}
CAMEL = {"uid": "u1", "jsonPayload": EVENT}
TWO = [EVENT, EVENT]


def read(text):
    """Return what a file delivers: bodies, and the lines of what is broken."""
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_export(data.splitlines(keepends=True)))
    bodies = [one.body for _, one in found if not isinstance(one, Broken)]
    return bodies, [line for line, one in found if isinstance(one, Broken)]


def compact(*values):
    return "".join(json.dumps(one) + "\n" for one in values)


@pytest.mark.parametrize(
    "text",
    [
        compact(EVENT, EVENT),
        compact(ENTRY, CAMEL),
        compact(TWO),
        compact([ENTRY, CAMEL]),
        compact([TWO]),
        compact({"messages": TWO}),
        compact(EVENT) + "\r\n\n" + json.dumps(EVENT),
        "[" + json.dumps(EVENT) + ",\n" + json.dumps(EVENT) + "]",
        "[\n" + json.dumps(EVENT) + "\n," + json.dumps(EVENT) + "\n]\n",
        *(json.dumps(TWO, indent=indent) for indent in (0, 1, 2, "\t")),
        json.dumps([ENTRY, CAMEL], indent=2),
        json.dumps([ENTRY, ENTRY], indent=2).replace("\n", "\r\n"),
        json.dumps({"messages": TWO}, indent=2),
        json.dumps(EVENT, indent=4) + "\n" + json.dumps(EVENT, indent=4),
        json.dumps([EVENT], indent=2) + "\n" + json.dumps([EVENT], indent=2),
        "[\n]\n[]\n" + compact(TWO),
    ],
)
def test_every_form_brings_the_same_events(text):
    """A value a line or over several, in an array or not, in any export's wrapping."""
    assert read(text) == ([EVENT, EVENT], [])


@pytest.mark.parametrize("name", ["stop-instance", "preempt-instance"])
def test_what_a_trigger_brought_is_read(name):
    """The envelope, one message of it, in one line or more."""
    envelope = sample(f"logging-trigger.{name}")
    texts = [
        json.dumps(envelope),
        json.dumps(envelope, indent=2),
        compact(*envelope["messages"]),
    ]
    found = [read(text) for text in texts]
    [body, *_], broken = found[0]
    assert found == [found[0]] * 3
    assert ("event_type" in body, broken) == (True, [])


def test_the_first_line_of_a_value_is_told():
    """Also within an array over several lines."""
    text = json.dumps([EVENT, EVENT], indent=2)
    size = json.dumps(EVENT, indent=2).count("\n") + 1
    assert [line for line, _ in read_export(text.encode().splitlines())] == [
        2,
        2 + size,
    ]


@pytest.mark.parametrize(
    "text", ["7", '"text"', "null", "{}", '{"colour": 1}', "[[7]]"]
)
def test_what_is_no_event_is_broken(text):
    """Whatever else it may be."""
    assert read(f"{compact(EVENT)}{text}\n{compact(EVENT)}") == ([EVENT, EVENT], [2])


@pytest.mark.parametrize("text", [b'{"cut": "', b"\xff\xfe", b"}", b"]", b"{" * 9999])
def test_a_line_that_is_no_json_spoils_no_other(text):
    """It is named by its number."""
    lines = [json.dumps(EVENT).encode(), text, json.dumps(EVENT).encode()]
    assert read(b"\n".join(lines)) == ([EVENT, EVENT], [2])


def test_a_value_that_is_cut_spoils_no_other():
    """The next one begins as far to the left as it did."""
    whole = json.dumps([EVENT, EVENT, EVENT], indent=2).split("\n")
    size = (len(whole) - 2) // 3
    cut = [*whole[: 1 + size], *whole[1 + size : size + 4], *whole[1 + 2 * size :]]
    assert read("\n".join(cut)) == ([EVENT, EVENT], [2 + size])


def test_a_file_that_is_cut_is_told_of():
    """What came before counts."""
    whole = json.dumps([EVENT, EVENT], indent=2).split("\n")
    size = (len(whole) - 2) // 2
    assert read("\n".join(whole[:-4])) == ([EVENT], [2 + size])


def test_no_value_is_gathered_for_ever(monkeypatch):
    """What is longer than any event is broken, and reading goes on after it."""
    monkeypatch.setattr(exports, "_MOST_BYTES", 1000)
    text = "{\n" + '"a": {},\n' * 200 + compact(EVENT)
    bodies, broken = read(text)
    assert (bodies, broken[0]) == ([EVENT], 1)


def test_an_entry_tells_when_it_was_made():
    """For events that do not."""
    [(_, found)] = read_export([json.dumps(ENTRY).encode()])
    assert f"{found.created:%H:%M:%S}" == "03:04:05"
