"""A task travels as its request's JSON with one more field."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from events.cause import Cause, Origin
from events.decision import Lateness, Verdict
from events.envelope import Broken, Delivery, deliveries
from events.inbox import read_tasks
from events.reading import Violation
from events.rejected import Rejected
from events.request import LARGEST_REQUEST, Options, render_request
from events.task import Step, Task, render_task
from tests.unit.build import (
    NOW,
    attachment,
    instance,
    interface,
    nested,
    request,
    sample,
    task,
)
from tests.unit.travelling import tasks

SENT = NOW - timedelta(seconds=10)
SECOND = timedelta(seconds=1)


def the_task(delivery, now):
    """Return what the one task of a message is."""
    [task] = read_tasks(delivery, now)
    return task


def delivery(body, created=SENT):
    return Delivery(event_id="message-1", body=body, created=created)


def with_state(**state):
    return json.dumps({**sample("request.minimal"), "task": state})


def problems(rejected):
    return [str(violation) for violation in rejected.violations]


def test_a_producers_request_is_a_task_nobody_has_looked_at():
    """A request without `task` is wanted by its producer since it was sent."""
    origin = Origin(cause=Cause.REQUESTED, event_id="message-1")
    assert the_task(delivery(json.dumps(sample("request.minimal"))), NOW) == Task(
        request=request(id="message-1"), origin=origin, created=SENT
    )


def test_the_queue_sample_is_a_task():
    """What the queue trigger's sample delivers is read with its own id."""
    (found,) = deliveries(sample("queue-trigger.request"))
    assert render_request(the_task(found, NOW).request) == sample("request")


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (None, NOW),
        (NOW + timedelta(days=9), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_request_counts_from_when_it_was_sent(created, expected):
    """Without a sending time, or with one to come, a request counts from now."""
    body = json.dumps(sample("request.minimal"))
    assert the_task(delivery(body, created), NOW).created == expected


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2999-01-01T00:00:00Z", SENT),
        ("soon", SENT),
        (None, SENT),
    ],
)
def test_a_task_is_never_younger_than_its_message(created, expected):
    """A forged date in the future would never be due; the message's own counts."""
    assert the_task(delivery(with_state(created=created)), NOW).created == expected


@given(tasks)
def test_what_is_written_is_read(sent):
    """Rendering any task and reading it gives the same task."""
    assert the_task(delivery(render_task(sent)), NOW) == sent


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "is not JSON: JSONDecodeError"),
        ("[" * 100_000, "is not JSON: RecursionError"),
        ("[]", "must have 1 to 100 items"),
        (json.dumps([1] * 101), "must have 1 to 100 items"),
        (None, "must be a JSON text"),
        (nested(50_000), "must be a JSON text"),
        ("x" * (LARGEST_REQUEST + 1), "has 131073 bytes; a request has at most 131072"),
    ],
    ids=["empty", "deep", "no list", "long list", "none", "deep value", "large"],
)
def test_a_body_that_is_no_request_is_rejected(body, problem):
    """What cannot be read at all is told at the root."""
    assert f"$ {problem}" in problems(the_task(delivery(body), NOW))


@pytest.mark.parametrize(
    ("more", "name"), [({}, "message-1"), ({"requestId": "mine"}, "mine")]
)
def test_a_rejected_request_keeps_its_own_name(more, name):
    """The answer goes out under the request's id, where that can be told."""
    found = the_task(delivery(json.dumps({"x": 1, **more})), NOW)
    assert (found.id, found.event_id, found.created) == (name, "message-1", SENT)


def test_a_broken_message_is_rejected_for_its_problem():
    """What the envelope already found broken is rejected under its name."""
    broken = Broken(event_id="message-1", problem="is odd")
    assert the_task(broken, NOW) == Rejected(
        id="message-1",
        event_id="message-1",
        created=NOW,
        violations=(Violation(path="$", problem="is odd"),),
    )


@pytest.mark.parametrize(
    ("after", "lateness"),
    [
        (timedelta(0), Lateness.IN_TIME),
        (timedelta(minutes=10) - SECOND, Lateness.IN_TIME),
        (timedelta(minutes=10), Lateness.OVERDUE),
        (timedelta(minutes=70) - SECOND, Lateness.OVERDUE),
        (timedelta(minutes=70), Lateness.HOPELESS),
    ],
)
def test_lateness_changes_at_the_due_time_and_an_hour_later(after, lateness):
    """Until due it is in time; for an hour of grace, overdue; then, hopeless."""
    patient = request(options=Options(timeout=timedelta(minutes=10)))
    assert task(request=patient).lateness(NOW + after) is lateness


@pytest.mark.parametrize(
    ("step", "kept"),
    [
        (Step.ATTACH, {"attach_id": "new", "stop_id": "old"}),
        (Step.STOP, {"attach_id": "old", "stop_id": "new"}),
        (Step.START, {"attach_id": "old", "stop_id": "old"}),
    ],
)
def test_an_operation_begun_puts_hurdles_behind(step, kept):
    """What is followed now is the new operation; an attach and a stop are kept too."""
    before = task(attach_id="old", stop_id="old", hurdles=3, reason="was busy")
    after = before.following(step, "new")
    assert after == task(step=step, operation_id="new", **kept)


def test_a_start_belongs_to_the_stop_that_it_makes_up_for():
    """Another copy's start, after another stop or none, is not this one's."""
    deeds = {
        task().deed(Step.START),
        task(stop_id="first").deed(Step.START),
        task(stop_id="second").deed(Step.START),
    }
    assert len(deeds) == 3
    assert task(stop_id="first").deed(Step.STOP) == task().deed(Step.STOP)


def test_a_stop_tried_again_leaves_the_key_of_the_attach_alone():
    """A copy that saw the stop succeed must not attach under another key."""
    before = task(step=Step.STOP, operation_id="old")
    after = before.next_generation()
    assert after == task(step=Step.STOP, stops=1, hurdles=1)
    assert (after.generation_of(Step.STOP), after.generation_of(Step.ATTACH)) == (1, 0)


def test_a_next_generation_forgets_the_operation():
    """Trying anew means another key, and no operation yet."""
    before = task(operation_id="old", attach_id="old", generation=1)
    after = task(attach_id="old", generation=2, hurdles=2)
    assert before.next_generation() == after


def test_starts_are_counted_apart():
    """A start that is tried again takes nothing from the attach's generations."""
    before = task(step=Step.START, operation_id="old", generation=1)
    after = before.next_generation()
    assert after == task(step=Step.START, generation=1, restarts=1, hurdles=1)
    assert (after.generation_of(Step.START), after.generation_of(Step.ATTACH)) == (1, 1)


@pytest.mark.parametrize(
    ("state", "begun"),
    [({}, False), ({"noted": True}, True), ({"step": Step.STOP}, True)],
)
def test_a_task_is_begun_with_the_first_effect_announced(state, begun):
    """From then on it is followed to an end, whatever happens."""
    assert task(**state).begun is begun


def test_a_hurdle_is_counted_with_its_reason():
    """One more hurdle in a row, and the last one's reason, cut to 300 characters."""
    met = task(hurdles=1, reason="was busy").hindered("x" * 999)
    assert met == task(hurdles=2, reason="x" * 300)


def test_the_reason_of_an_ending_stays():
    """What led to an ending is not overwritten by later hurdles."""
    ended = task(ending=Verdict.REFUSED, reason="quota")
    assert ended.hindered("was busy").reason == "quota"


@pytest.mark.parametrize(("policy", "shared"), [("", False), ("mgmt", True)])
def test_what_a_policy_wishes_for_may_be_anybodys(policy, shared):
    """A producer's own request is an order, which somebody else's never fills."""
    origin = Origin(cause=Cause.REQUESTED, event_id="event-1", policy=policy)
    assert task(origin=origin).shared is shared


@pytest.mark.parametrize(
    ("interfaces", "foreign", "index"),
    [
        ((), (), "0"),
        ((interface(index="0", subnet_id="s"), interface(index="2")), (), "2"),
        ((interface(index="0", subnet_id="s"), interface(index="2")), ("2",), "1"),
    ],
    ids=["the lowest free", "what looks like its own", "not what is others'"],
)
def test_an_index_that_was_left_open_is_chosen(interfaces, foreign, index):
    """A repeat takes what it may have made before, else the lowest free one."""
    left_open = request(attachment=attachment(index="auto"))
    before = task(request=left_open, foreign=foreign)
    after = before.choosing(instance(interfaces=interfaces))
    assert (after.index, after.attachment.index) == (index, index)
    assert after.giving_way() == replace(before, foreign=(*foreign, index))
