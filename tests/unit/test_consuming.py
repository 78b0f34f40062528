"""The consumer's kit reads what is published, strictly, and each id once."""

import contextlib
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.consuming import read_outcome
from events.decision import Verdict
from events.outcome import of_rejected, of_task, render_outcome
from events.reading import InvalidDocumentError, Violation
from events.rejected import Rejected
from events.wish import ANY, outcome_of
from tests.unit.build import (
    NOW,
    attachment,
    json_values,
    requests,
    task,
    wish,
)

LATER = NOW + timedelta(minutes=5)
OPERATION = {"id": "fhm-operation-1", "done": True}


def settled(verdict=Verdict.ATTACHED, **more):
    return render_outcome(of_task(task(looks=3), verdict, LATER, **more))


def event(**changes):
    """Return an outcome as JSON; None takes a field away."""
    changed = {**json.loads(settled()), **changes}
    return {name: value for name, value in changed.items() if value is not None}


def with_data(**changes):
    body = event()
    changed = {**body["data"], **changes}
    data = {name: value for name, value in changed.items() if value is not None}
    return {**body, "data": data}


def problems(body):
    """Return what is wrong, by its path."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    with pytest.raises(InvalidDocumentError) as caught:
        read_outcome(text)
    return {one.path: one.problem for one in caught.value.violations}


def test_all_that_was_published_is_read():
    """Every field of the event has its place and its type."""
    body = settled(
        Verdict.OPERATION_FAILED,
        reason="no",
        operation=OPERATION,
        instance_status="STOPPED",
        warnings=("mind the gap", "mind the gap"),
    )
    found = read_outcome(body)
    assert (found.id, found.verdict) == ("request-1", Verdict.OPERATION_FAILED)
    assert found.subject == f"{found.instance_id}/{found.index}"
    assert (found.instance_id, found.index) == ("fhm4k9v2c7t1x5n8w3qd", "1")
    assert (found.time, found.created) == (LATER, NOW)
    assert found.request["subnetId"] == attachment().subnet_id
    assert found.origin == {"cause": "requested", "eventId": "event-1"}
    assert (found.looks, found.reason) == (3, "no")
    assert found.warnings == ("mind the gap", "mind the gap")
    assert (found.operation, found.instance_status) == (OPERATION, "STOPPED")


def test_bytes_are_read_like_text():
    """As clients hand over either."""
    assert read_outcome(settled().encode()) == read_outcome(settled())


@given(wanted=requests, verdict=st.sampled_from(Verdict))
def test_whatever_is_published_is_understood(wanted, verdict):
    """For any request and any verdict, nothing is found wrong."""
    settled = of_task(task(request=wanted), verdict, LATER)
    found = read_outcome(render_outcome(settled))
    assert (found.id, found.verdict) == (wanted.id, verdict)
    assert found.subject == wanted.attachment.subject


def test_a_request_that_was_not_understood_has_no_subject():
    """Its outcome tells of no instance and of no request."""
    violation = Violation(path="$.a", problem="is bad")
    rejected = Rejected(
        id="message-1", event_id="message-1", created=NOW, violations=(violation,)
    )
    found = read_outcome(render_outcome(of_rejected(rejected, LATER)))
    assert (found.subject, found.instance_id, found.index) == ("", "", "")
    assert (found.request, found.operation) == (None, None)
    assert found.reason == "$.a is bad"


def test_an_event_that_came_to_nothing_has_an_instance_and_no_index():
    """For nobody came to know what was wanted there."""
    known = wish(policy=ANY)
    lost = outcome_of(known, Verdict.UNRESOLVED, LATER, "UNAVAILABLE: busy")
    found = read_outcome(render_outcome(lost))
    there = known.occasion.instance_id
    assert (found.subject, found.instance_id, found.index) == (there, there, "")


@pytest.mark.parametrize("subject", ["fhm4k9v2c7t1x5n8w3qd/3", None])
def test_the_index_that_was_chosen_counts(subject):
    """Where the request left it open, the event's subject has it."""
    subject = subject or "fhm4k9v2c7t1x5n8w3qd/auto"
    wanted = {**event()["data"]["request"], "networkInterfaceIndex": "auto"}
    body = {**with_data(request=wanted), "subject": subject}
    assert read_outcome(json.dumps(body)).index == subject.rpartition("/")[2]


def test_what_a_newer_version_adds_is_ignored():
    """Unknown fields are no error, wherever they are."""
    body = with_data(severity={"level": 1}, request={"priority": 1})
    body |= {"traceparent": "00-1-2-03", "dataschema": "https://example.com"}
    assert read_outcome(json.dumps(body)).verdict is Verdict.ATTACHED


def test_what_may_be_left_out_has_a_default():
    """CloudEvents does not ask for a content type, nor we for what is unknown."""
    bare = {"verdict": "attached", "created": "2026-01-02T03:04:05Z"}
    found = read_outcome(json.dumps(event(datacontenttype=None, data=bare)))
    assert (found.reason, found.looks, found.warnings) == ("", 0, ())
    assert (found.request, found.origin) == (None, {})


WRONG = {
    "version": (event(specversion="0.3"), "$.specversion", "must be 1.0"),
    "no version": (event(specversion=None), "$.specversion", "is required"),
    "no id": (event(id=None), "$.id", "is required"),
    "number as id": (event(id=1), "$.id", "must be a string"),
    "no source": (event(source=None), "$.source", "is required"),
    "no type": (event(type=None), "$.type", "is required"),
    "other type": (
        event(type="com.example.other"),
        "$.type",
        "must begin with yc-nic-attach.outcome.v1.",
    ),
    "newer type": (
        event(type="yc-nic-attach.outcome.v2.attached"),
        "$.type",
        "must begin with yc-nic-attach.outcome.v1.",
    ),
    "type of another verdict": (
        event(type="yc-nic-attach.outcome.v1.refused"),
        "$.type",
        "must end in the verdict",
    ),
    "newer verdict": (
        {
            **with_data(verdict="teleported"),
            "type": "yc-nic-attach.outcome.v1.teleported",
        },
        "$.data.verdict",
        "is not a verdict that this version knows",
    ),
    "no verdict": (with_data(verdict=None), "$.data.verdict", "is required"),
    "content type": (
        event(datacontenttype="text/xml"),
        "$.datacontenttype",
        "must be application/json",
    ),
    "no time": (event(time=None), "$.time", "is required"),
    "time": (event(time="yesterday"), "$.time", "must be a time as in RFC 3339"),
    "no acceptance": (with_data(created=None), "$.data.created", "is required"),
    "other instance": (
        event(subject="fhm9/1"),
        "$.data.request.instanceId",
        "is not that of the event",
    ),
    "other index": (
        event(subject="fhm4k9v2c7t1x5n8w3qd/2"),
        "$.data.request.networkInterfaceIndex",
        "is not that of the event",
    ),
    "other request": (
        event(id="request-2"),
        "$.data.request.requestId",
        "is not that of the event",
    ),
    "request": (with_data(request="x"), "$.data.request", "must be an object"),
    "origin": (with_data(origin=[]), "$.data.origin", "must be an object"),
    "operation": (with_data(operation=1), "$.data.operation", "must be an object"),
    "looks": (with_data(looks="many"), "$.data.looks", "must be an integer"),
    "warnings": (with_data(warnings="x"), "$.data.warnings", "must be a list"),
    "warning": (
        with_data(warnings=["x", 1]),
        "$.data.warnings",
        "must be a list of strings",
    ),
}


@pytest.mark.parametrize(("body", "path", "problem"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(body, path, problem):
    """By its path, and nothing else is."""
    assert problems(body) == {path: problem}


def test_everything_is_named_at_once():
    """All that is wrong is told by one error."""
    assert set(problems({})) == {
        *("$.specversion", "$.source", "$.id", "$.type", "$.time"),
        *("$.data.verdict", "$.data.created"),
    }


@pytest.mark.parametrize("body", ["{", b"\xff", "[" * 100_000], ids=repr)
def test_what_is_no_json_is_refused(body):
    """Whatever there is on the queue is one clear error."""
    [problem] = problems(body).values()
    assert problem.startswith("is not JSON")


@given(value=json_values, name=st.sampled_from(sorted(event()["data"])))
def test_nothing_but_one_error_comes_out(value, name):
    """Any JSON in any place is either read or refused."""
    for body in (value, {**event(), "data": value}, with_data(**{name: value})):
        with contextlib.suppress(InvalidDocumentError):
            assert read_outcome(json.dumps(body)).id
