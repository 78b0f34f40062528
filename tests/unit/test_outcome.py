"""An outcome is one CloudEvent that always fits into a message."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cause import Cause, Origin
from events.decision import Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.outcome import (
    Outcome,
    of_rejected,
    of_task,
    render_attributes,
    render_outcome,
)
from events.reading import Violation
from events.rejected import Rejected
from tests.unit.build import (
    NOW,
    json_values,
    request,
    sample,
    task,
    texts,
)

LATER = NOW + timedelta(minutes=5)
MESSAGE = 262_144
OPERATION = {"id": "fhm1", "done": True, "response": {"id": "fhm2"}}


def the_task(delivery, now):
    """Return what the one task of a message is."""
    [task] = read_tasks(delivery, now)
    return task


def rejected(**changes):
    fields = {"id": "request-1", "event_id": "message-1", "created": NOW}
    violations = (Violation(path="$.a", problem="is bad"),)
    return Rejected(**({"violations": violations} | fields | changes))


def outcome(**changes):
    return of_task(task(), Verdict.ATTACHED, LATER, **changes)


def rendered(settled):
    return json.loads(render_outcome(settled))


def test_an_outcome_is_a_cloud_event():
    """All of it is as CloudEvents 1.0 has it, and `data` tells what was done."""
    settled = of_task(
        task(looks=3, generation=1),
        Verdict.ATTACHED,
        LATER,
        instance_status="RUNNING",
        operation=OPERATION,
        warnings=("mind the gap",),
    )
    assert rendered(settled) == {
        "specversion": "1.0",
        "id": "request-1",
        "source": "/yc-nic-attach",
        "type": "yc-nic-attach.outcome.v1.attached",
        "subject": "fhm4k9v2c7t1x5n8w3qd/1",
        "time": "2026-01-02T03:09:05.000Z",
        "datacontenttype": "application/json",
        "data": {
            "verdict": "attached",
            "reason": "",
            "request": {"requestId": "request-1", **sample("request.minimal")},
            "origin": {"cause": "requested", "eventId": "event-1"},
            "created": "2026-01-02T03:04:05.000Z",
            "looks": 3,
            "generation": 1,
            "instanceStatus": "RUNNING",
            "warnings": ["mind the gap"],
            "operation": OPERATION,
        },
    }


@pytest.mark.parametrize("verdict", Verdict)
def test_the_type_ends_in_the_verdict(verdict):
    """Consumers can tell the verdict from the event's type alone."""
    kind = rendered(of_task(task(), verdict, LATER))["type"]
    assert kind == f"yc-nic-attach.outcome.v1.{verdict.value}"


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(Verdict.ATTACHED, ""), (Verdict.REFUSED, "was busy")],
)
def test_a_success_needs_no_reason(verdict, reason):
    """What stood in the way on the way to a success is not told."""
    assert of_task(task(reason="was busy"), verdict, LATER).reason == reason


def test_a_reason_given_goes_before_the_tasks():
    """Whoever settles may know better why."""
    settled = of_task(task(reason="old"), Verdict.PLANNED, LATER, reason="attach")
    assert settled.reason == "attach"


def test_a_rejected_message_has_an_outcome():
    """Every violation is told, under the name of the request or its message."""
    bad = rejected(
        violations=(
            Violation(path="$.a", problem="is bad"),
            Violation(path="$.b", problem="is off"),
        )
    )
    assert of_rejected(bad, LATER) == Outcome(
        subject="",
        id="request-1",
        verdict=Verdict.INVALID_REQUEST,
        reason="$.a is bad; $.b is off",
        time=LATER,
        created=NOW,
        request=None,
        origin={"eventId": "message-1"},
    )


def test_what_was_not_understood_has_no_subject():
    """A CloudEvent's subject may be absent, but not empty."""
    assert "subject" not in rendered(of_rejected(rejected(), LATER))


@pytest.mark.parametrize(
    ("settled", "attributes"),
    [
        (
            outcome(),
            {
                "id": "request-1",
                "verdict": "attached",
                "instanceId": "fhm4k9v2c7t1x5n8w3qd",
            },
        ),
        (
            of_rejected(rejected(), LATER),
            {"id": "request-1", "verdict": "invalid-request"},
        ),
    ],
)
def test_attributes_repeat_what_one_filters_by(settled, attributes):
    """Id, verdict and instance are attributes; an empty one is left out."""
    assert render_attributes(settled) == attributes


def test_a_large_operation_first_loses_its_response():
    """The instance within the operation is the least that a consumer needs."""
    large = {**OPERATION, "metadata": {}, "response": "x" * MESSAGE}
    data = rendered(outcome(operation=large))["data"]
    assert (data["operation"], data["warnings"]) == (
        {"id": "fhm1", "done": True, "metadata": {}},
        ["operation was cut: too large for a message"],
    )


def test_a_larger_operation_keeps_only_its_name():
    """Where even that is too large, only `id` and `done` are left."""
    larger = {**OPERATION, "metadata": "x" * MESSAGE}
    data = rendered(outcome(operation=larger, warnings=("first",)))["data"]
    assert (data["operation"], data["warnings"]) == (
        {"id": "fhm1", "done": True},
        ["first", "operation was cut: too large for a message"],
    )


def test_an_operation_without_a_name_can_be_cut():
    """An operation that lacks even `id` and `done` is cut to nothing."""
    data = rendered(outcome(operation={"error": "x" * MESSAGE}))["data"]
    assert data["operation"] == {}


WIDE = "\U0001f600" * 300  # each character is twelve bytes of ASCII JSON


SWELLING = st.sampled_from(["error", "metadata", "response"])


@given(
    known=st.builds(
        task,
        origin=st.builds(
            Origin,
            cause=st.sampled_from(Cause),
            event_id=texts | st.just(WIDE),
            policy=texts | st.just(WIDE),
        ),
        reason=texts | st.just(WIDE),
    ),
    verdict=st.sampled_from(Verdict),
    operation=st.dictionaries(SWELLING | st.just("done"), json_values),
    swollen=st.sets(SWELLING),
)
def test_an_outcome_fits_into_a_message(known, verdict, operation, swollen):
    """Whatever happened, the body is ASCII of at most 256 KiB and reads as JSON."""
    operation |= dict.fromkeys(swollen, "\u044f" * (MESSAGE // 6))
    settled = of_task(known, verdict, LATER, operation=operation)
    body = render_outcome(settled)
    assert body.isascii()
    assert len(body) <= MESSAGE
    assert json.loads(body)["id"] == settled.id


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"x" * 60 + str(i): 1 for i in range(1_500)}),
        json.dumps({"\U0001f600" * 60 + str(i): 1 for i in range(100)}),
        json.dumps(
            {**sample("request.minimal"), "task": {"reason": "\x7f" * 100_000}},
            ensure_ascii=False,
        ),
    ],
    ids=["many fields", "wide fields", "long reason"],
)
def test_what_a_hostile_message_says_fits_too(body):
    """A message made to swell is answered with an outcome that fits."""
    delivery = Delivery(event_id="message-1", body=body)
    settled = of_rejected(the_task(delivery, NOW), LATER)
    assert len(render_outcome(settled)) <= MESSAGE


def test_a_request_is_told_as_it_was_understood():
    """The request in the outcome is the one that was read, under its own name."""
    settled = of_task(task(request=request(id="mine")), Verdict.ATTACHED, LATER)
    assert settled.request["requestId"] == "mine"
