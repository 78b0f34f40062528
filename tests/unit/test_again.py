"""What a call could not do goes back alone, harmed only if it did harm."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from events.envelope import Broken, Delivery
from events.inbox import read_tasks
from events.request import Options
from events.sweep import render_sweep
from events.task import MOST_FAILURES, Step, render_task
from events.wish import render_wish
from functions._again import give_back
from functions._batch import OutOfTimeError
from functions._ports import QueueError, ThrottledError
from tests.unit.build import NOW, Mailbox, request, sample, sweep, task, wish

HOPELESS = NOW + timedelta(hours=3)
STOPPABLE = Options(stop_if_running=True)


@dataclass
class Desk:
    """What `give_back` needs of a follower."""

    time: object = NOW
    tasks: Mailbox = field(default_factory=Mailbox)
    results: Mailbox = field(default_factory=Mailbox)

    def now(self):
        return self.time

    def give_back(self, *failures):
        give_back(failures, lambda one: read_tasks(one, self.now()), self)
        return self

    @property
    def verdicts(self):
        return [one["body"]["data"]["verdict"] for one in self.results.sent]

    @property
    def states(self):
        return [one["body"].get("task") for one in self.tasks.sent]


def letter(body, name="message-1"):
    text = body if isinstance(body, str) else json.dumps(body)
    return Delivery(event_id=name, body=text, created=NOW)


def of(known):
    return letter(render_task(known))


def test_a_failing_function_gives_up_what_it_never_began():
    """The fifth failure over a task that has begun nothing is its end."""
    desk, known = Desk(), task()
    for count in range(1, MOST_FAILURES):
        desk.give_back((of(known), MemoryError()))
        state = desk.states[-1]
        assert (state["failures"], state["hurdles"]) == (count, 1)
        assert desk.tasks.sent[-1]["after"] > timedelta(0)
        known = replace(known, failures=count)
    desk.give_back((of(known), MemoryError()))
    assert desk.verdicts == ["unprocessed"]
    reason = desk.results.sent[0]["body"]["data"]["reason"]
    assert reason == "a function failed: MemoryError"


@pytest.mark.parametrize("begun", [{"noted": True}, {"step": Step.ATTACH}])
def test_a_failing_function_never_gives_up_what_was_begun(begun):
    """Its operation is followed, and its instance owed a start, while there is hope."""
    known = of(task(request=request(options=STOPPABLE), failures=99, **begun))
    desk = Desk().give_back((known, MemoryError()))
    assert (desk.verdicts, len(desk.tasks.sent)) == ([], 1)
    late = Desk(time=HOPELESS).give_back((known, MemoryError()))
    assert (late.verdicts, late.tasks.sent) == (["unprocessed"], [])


def test_a_sweep_that_is_given_up_leaves_the_other_folders():
    """They may well be swept."""
    known = sweep(folder_ids=("f", "g"), page_token="next", failures=4)
    desk = Desk().give_back((letter(render_sweep(known)), MemoryError()))
    assert desk.verdicts == ["unprocessed"]
    [rest] = desk.tasks.sent
    assert rest["body"]["sweep"]["folderIds"] == ["g"]


def several(**more):
    return [
        task(request=request(id=f"request-{place}"), looks=7, failures=3, **more)
        for place in range(20)
    ]


def test_what_there_was_no_time_for_goes_back_unharmed():
    """As it was, at once, with no failure and no hurdle counted."""
    known = several(hurdles=2)
    desk = Desk().give_back(*((of(one), OutOfTimeError()) for one in known))
    assert [one["body"] for one in desk.tasks.sent] == [
        json.loads(render_task(one)) for one in known
    ]
    assert {one["after"] for one in desk.tasks.sent} == {timedelta(0)}


@pytest.mark.parametrize("error", [QueueError("no answer"), ThrottledError("busy")])
def test_what_a_queue_did_not_take_comes_later_and_later(error):
    """Alone, each at a time of its own, and no function is blamed for it: whether
    it was taken all the same does not matter, for repeats do no harm.
    """
    waits = []
    for hurdles in (0, 4):
        known = several(hurdles=hurdles)
        desk = Desk().give_back(*((of(one), error) for one in known))
        assert {one["hurdles"] for one in desk.states} == {hurdles + 1}
        assert {one["failures"] for one in desk.states} == {3}
        assert {one["reason"] for one in desk.states} == {str(error)}
        waits.append({one["after"] for one in desk.tasks.sent})
    assert min(len(found) for found in waits) > 10
    assert max(waits[0]) < min(waits[1])


@pytest.mark.parametrize(
    "body",
    [render_task(task(step=Step.ATTACH)), render_wish(wish()), render_sweep(sweep())],
)
def test_what_no_queue_takes_until_it_is_too_late_is_left_to_the_queue(body):
    """Its own count of receptions brings it to the dead letters in the end."""
    with pytest.raises(QueueError):
        Desk(time=HOPELESS).give_back((letter(body), QueueError("gone")))


def test_a_request_keeps_the_id_it_would_have_had():
    """What had no name was named after its message, which is not the same any more."""
    request = sample("request.minimal")
    request.pop("requestId", None)
    desk = Desk().give_back((letter([request, request]), OutOfTimeError()))
    assert [one["body"]["requestId"] for one in desk.tasks.sent] == [
        "message-1/0",
        "message-1/1",
    ]


@pytest.mark.parametrize("body", [render_wish(wish()), render_sweep(sweep())])
def test_wishes_and_sweeps_go_back_too(body):
    """They go on as what they are."""
    desk = Desk().give_back((letter(body), OutOfTimeError()))
    assert [one["body"] for one in desk.tasks.sent] == [json.loads(body)]


@pytest.mark.parametrize("error", [OutOfTimeError(), QueueError()])
def test_what_is_no_request_is_answered_instead(error):
    """It needs no cloud to be known as broken."""
    broken = Broken(event_id="message-1", problem="is odd")
    desk = Desk().give_back((broken, error))
    assert (desk.verdicts, desk.tasks.sent) == (["invalid-request"], [])


def test_a_message_that_cannot_be_answered_comes_again():
    """What is no request has nothing to send on: the failure is passed on."""
    broken = Broken(event_id="message-1", problem="is odd")
    with pytest.raises(MemoryError):
        Desk().give_back((broken, MemoryError()))


def test_what_cannot_even_go_back_comes_again():
    """A queue that does not take it leaves it to the trigger."""
    with pytest.raises(QueueError, match="full"):
        Desk(tasks=Mailbox(full=True)).give_back((of(task()), OutOfTimeError()))
