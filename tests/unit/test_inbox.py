"""One message, many wishes."""

import json

import pytest

from events.envelope import Delivery
from events.inbox import read_tasks
from events.rejected import Rejected
from events.request import render_request
from events.task import Task
from tests.unit.build import NOW, sample

WISH = sample("request.minimal")


def read(value):
    body = json.dumps(value)
    return read_tasks(Delivery(event_id="message-1", body=body, created=NOW), NOW)


def several(*instance_ids, **changes):
    wish = {**WISH, "instanceIds": list(instance_ids), **changes}
    return {name: value for name, value in wish.items() if name != "instanceId"}


def problems(found):
    return [str(one) for one in found.violations]


def test_a_list_is_one_task_for_each_request():
    """Each keeps its own name, or is named after the message and its place."""
    found = read([{**WISH, "requestId": "a"}, WISH, {**WISH, "requestId": "c"}])
    assert [one.id for one in found] == ["a", "message-1/1", "c"]
    assert {type(one) for one in found} == {Task}


def test_one_bad_request_spoils_no_neighbour():
    """It is rejected by its own name and with its own path."""
    before, bad, after = read([WISH, {**WISH, "requestId": "b", "nic": 1}, WISH])
    assert isinstance(bad, Rejected)
    assert (bad.id, problems(bad)) == ("b", ["$[1].nic is not a known field"])
    assert (type(before), type(after)) == (Task, Task)


def test_a_message_stands_for_so_many_at_most():
    """Lists of lists grow: each of them has a message, or an outcome, of its own."""
    several = [f"fhm{place:03}" for place in range(100)]
    entry = {**WISH, "instanceId": None, "instanceIds": several, "nic": 1}
    assert len(read([entry] * 10)) == 1000
    [found] = read([entry] * 11)
    assert problems(found) == ["$ must stand for 1000 at most"]


def test_names_in_a_list_must_differ():
    """Two requests with one name would share one outcome."""
    [found] = read([{**WISH, "requestId": "a"}, {**WISH, "requestId": "a"}])
    assert problems(found) == ["$ has two requests with the same requestId"]


def test_several_instances_are_several_tasks():
    """The same wish for each, named after the request and the instance."""
    found = read(several("fhm1", "fhm2", requestId="order"))
    assert [render_request(one.request) for one in found] == [
        {**WISH, "requestId": f"order/{name}", "instanceId": name}
        for name in ("fhm1", "fhm2")
    ]


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (
            several("fhm1", instanceIds=["fhm1", "fhm1"]),
            "$.instanceIds[1] is there twice",
        ),
        (
            {**WISH, "instanceIds": ["fhm1"]},
            "$.instanceId must be absent where instanceIds is given",
        ),
        (
            several("fhm1", requestId="x" * 128),
            "$.requestId is too long together with the instances' ids",
        ),
        (
            several("fhm1", "fhm2", task={"v": 1}),
            "$.task must be absent where instanceIds is given",
        ),
    ],
)
def test_what_cannot_be_for_several_instances(wish, problem):
    """It is said by its path to each who waits, and nothing of it is done."""
    found = read(wish)
    assert {tuple(problems(one)) for one in found} == {(problem,)}


def test_who_waits_for_one_of_several_is_answered():
    """A request that is refused is refused for each instance, under its name."""
    wish = several("fhm1", "fhm2", requestId="order", subnetId="?")
    assert [one.id for one in read(wish)] == ["order/fhm1", "order/fhm2"]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("x", " must be an object"),
        ({"v": 2}, ".v must be 1 to 1"),
        ({"cause": "bored"}, ".cause is not known"),
        ({"step": "jump"}, ".step is not known"),
        ({"ending": "happy"}, ".ending is not known"),
        ({"looks": -1}, ".looks must be 0 to 1000000"),
        ({"generation": 6}, ".generation must be 0 to 5"),
        ({"operationId": "../x"}, ".operationId must be a resource's id"),
        ({"attachId": "../x"}, ".attachId must be a resource's id"),
        ({"noted": "yes"}, ".noted must be true or false"),
        ({"reason": "x" * 301}, ".reason is too long"),
        ({"eventId": "x" * 301}, ".eventId is too long"),
        ({"policy": "x" * 301}, ".policy is too long"),
        ({"colour": "red"}, ".colour is not a known field"),
    ],
)
def test_a_forged_state_is_rejected(state, problem):
    """What stands in `task` is as untrusted as the request, and told by its path."""
    [found] = read({**WISH, "task": state})
    assert problems(found) == [f"$.task{problem}"]
