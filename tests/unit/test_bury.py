"""A dead letter becomes an outcome, so that nobody waits for ever."""

import json
from datetime import timedelta

import pytest

from events.envelope import Broken, Delivery
from events.request import Options
from events.sweep import render_sweep
from events.task import MOST_FAILURES, Step, render_task
from events.wish import render_wish
from functions._bury import Burier
from functions._ports import QueueError
from tests.unit.build import NOW, Mailbox, request, sample, sweep, task, wish

GIVEN_UP = "given up: it was delivered again and again without success"
LATER = NOW + timedelta(minutes=9)
HOPELESS = NOW + timedelta(hours=9)
STOPPABLE = request(options=Options(stop_if_running=True))


def letter(body):
    return Delivery(event_id="message-1", body=body, created=NOW)


def bury(delivery, now=LATER):
    """Return what was published, and what went back to the tasks."""
    results, tasks = Mailbox(), Mailbox()
    Burier(results=results, tasks=tasks, now=lambda: now).bury(delivery)
    return [one["body"] for one in results.sent], tasks.sent


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("", GIVEN_UP),
        ("UNAVAILABLE: busy", f"{GIVEN_UP}; last: UNAVAILABLE: busy"),
        (f"{GIVEN_UP}; last: busy", f"{GIVEN_UP}; last: busy"),
    ],
)
def test_what_died_time_and_again_is_given_up_with_its_last_reason(reason, expected):
    """The producer learns that it failed, and what stood in the way last."""
    dead = task(reason=reason, failures=MOST_FAILURES - 1)
    [outcome], back = bury(letter(render_task(dead)))
    assert (outcome["id"], outcome["data"]["verdict"], outcome["data"]["reason"]) == (
        "request-1",
        "unprocessed",
        expected,
    )
    assert back == []


@pytest.mark.parametrize(
    "body", [render_task(task()), render_wish(wish()), render_sweep(sweep())]
)
def test_what_died_for_the_first_time_lives_on(body):
    """A queue may have been throttled: it is tried again, later, a failure richer."""
    outcomes, [back] = bury(letter(body))
    assert outcomes == []
    state = back["body"].get("task") or back["body"]["sweep"]
    assert (state["failures"], state["reason"]) == (1, GIVEN_UP)
    assert back["after"] > timedelta(0)


def test_a_sweep_that_is_given_up_leaves_the_other_folders():
    """They may well be swept."""
    dead = sweep(folder_ids=("f", "g"), failures=MOST_FAILURES - 1)
    [outcome], [back] = bury(letter(render_sweep(dead)))
    assert outcome["data"]["verdict"] == "unprocessed"
    assert back["body"]["sweep"]["folderIds"] == ["g"]


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
    """Its operation is followed, its instance started, however often it dies."""
    known = task(request=STOPPABLE, failures=99, **begun)
    outcomes, [back] = bury(letter(render_task(known)))
    assert outcomes == []
    assert back["body"]["task"]["failures"] == 100


def test_a_task_without_hope_is_dead_whatever_it_has_begun():
    """An hour after its due time the last word is said."""
    known = render_task(task(request=STOPPABLE, noted=True))
    [outcome], back = bury(letter(known), HOPELESS)
    assert (outcome["data"]["verdict"], back) == ("unprocessed", [])


def test_several_requests_in_one_letter_live_on_singly():
    """The one that killed the list dies alone."""
    requests = [{**sample("request.minimal"), "requestId": name} for name in "ab"]
    _, back = bury(letter(json.dumps(requests)))
    assert [one["body"]["requestId"] for one in back] == ["a", "b"]


def test_a_dead_event_is_looked_at_after_all():
    """On the queue it waits as long as any request, whatever the trigger gave up."""
    event = sample("logging-trigger.stop-instance")
    payload = event["messages"][0]["details"]["messages"][0]["json_payload"]
    outcomes, [back] = bury(letter(json.dumps(event)))
    assert outcomes == []
    assert back["body"]["instanceId"] == payload["details"]["instance_id"]
    assert back["body"]["task"]["eventId"] == payload["event_id"]


def test_a_dead_timer_is_told():
    """The sweep that it called for was not begun; the next one is near."""
    [outcome], back = bury(letter(json.dumps(sample("timer-trigger"))))
    assert (outcome["data"]["verdict"], back) == ("unprocessed", [])


def test_a_dead_event_of_no_interest_is_dropped():
    """Nobody waits for an answer to what called for nothing."""
    event = sample("logging-trigger.other-events")
    assert bury(letter(json.dumps(event))) == ([], [])


def test_a_letter_whose_outcome_may_be_lost_comes_again():
    """Without its outcome published no letter is buried."""
    burier = Burier(results=Mailbox(full=True), tasks=Mailbox(), now=lambda: LATER)
    with pytest.raises(QueueError):
        burier.bury(letter("{"))
