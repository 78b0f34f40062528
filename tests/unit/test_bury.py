"""A dead letter becomes an outcome, so that nobody waits for ever."""

import json
from datetime import timedelta

import pytest

from events.decision import Verdict
from events.envelope import Broken, Delivery
from events.task import Step, render_task
from functions._bury import Burier
from functions._ports import QueueError
from tests.unit.build import NOW, Mailbox, sample, task

GIVEN_UP = "given up: it was delivered again and again without success"
LATER = NOW + timedelta(minutes=9)
HOPELESS = NOW + timedelta(hours=9)


def letter(body):
    return Delivery(event_id="message-1", body=body, created=NOW)


def bury(delivery, now=LATER):
    """Return what was published, and what went back to the tasks."""
    results, tasks = Mailbox(), Mailbox()
    Burier(results=results, tasks=tasks, now=lambda: now).bury(delivery)
    return [one["body"] for one in results.sent], tasks.sent


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", GIVEN_UP), ("UNAVAILABLE: busy", f"{GIVEN_UP}; last: UNAVAILABLE: busy")],
)
def test_a_task_is_given_up_with_its_last_reason(reason, expected):
    """The producer learns that it failed, and what stood in the way last."""
    [outcome], back = bury(letter(render_task(task(reason=reason))))
    assert (outcome["id"], outcome["data"]["verdict"], outcome["data"]["reason"]) == (
        "request-1",
        "unprocessed",
        expected,
    )
    assert back == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (letter("{"), "$ is not JSON: JSONDecodeError"),
        (Broken(event_id="message-1", problem="is odd"), "$ is odd"),
    ],
)
def test_what_was_never_a_task_is_an_invalid_request(body, reason):
    """A message that nobody can read is answered under its own id."""
    [outcome], _ = bury(body)
    assert (outcome["id"], outcome["data"]["verdict"], outcome["data"]["reason"]) == (
        "message-1",
        "invalid-request",
        reason,
    )


@pytest.mark.parametrize(
    "begun", [{"noted": True}, {"step": Step.ATTACH, "operation_id": "fhm1"}]
)
def test_a_task_that_has_begun_something_is_not_dead(begun):
    """It goes back to the others: its operation is followed, its instance started."""
    outcomes, [back] = bury(letter(render_task(task(**begun))))
    assert outcomes == []
    assert back["body"]["task"]["reason"] == GIVEN_UP
    assert back["after"] > timedelta(0)


def test_a_task_without_hope_is_dead_whatever_it_has_begun():
    """An hour after its due time the last word is said."""
    [outcome], back = bury(letter(render_task(task(noted=True))), HOPELESS)
    assert (outcome["data"]["verdict"], back) == ("unprocessed", [])


def test_several_requests_in_one_letter_are_answered_each():
    """A list that died as a whole leaves an outcome for every request in it."""
    requests = [{**sample("request.minimal"), "requestId": name} for name in "ab"]
    outcomes, _ = bury(letter(json.dumps(requests)))
    assert [one["id"] for one in outcomes] == ["a", "b"]


def test_a_dead_event_is_told_by_its_instance():
    """An audit event that nobody could handle is answered as unprocessed."""
    event = sample("logging-trigger.stop-instance")
    payload = event["messages"][0]["details"]["messages"][0]["json_payload"]
    [outcome], _ = bury(letter(json.dumps(event)))
    assert outcome["subject"] == payload["details"]["instance_id"]
    assert outcome["data"]["verdict"] == Verdict.UNPROCESSED.value
    assert outcome["data"]["origin"]["eventId"] == payload["event_id"]


def test_a_dead_event_of_no_interest_is_dropped():
    """Nobody waits for an answer to what called for nothing."""
    event = sample("logging-trigger.other-events")
    assert bury(letter(json.dumps(event))) == ([], [])


def test_a_letter_whose_outcome_may_be_lost_comes_again():
    """Without its outcome published no letter is buried."""
    burier = Burier(results=Mailbox(full=True), tasks=Mailbox(), now=lambda: LATER)
    with pytest.raises(QueueError):
        burier.bury(letter("{"))
