"""A message may name a policy instead of an interface, or carry on a sweep."""

import json

import pytest

from events.cause import Cause
from events.envelope import Delivery
from events.inbox import read_tasks
from events.rejected import Rejected
from events.request import Options
from events.sweep import Sweep
from events.task import Task
from events.wish import Wish, render_wish, wish_of
from tests.unit.build import NOW, occasion, sample

ASKED = {"instanceId": "fhm1", "policy": "mgmt"}
SWEEP = {"id": "timer-1", "folderIds": ["f"], "room": 7}


def read(value):
    body = json.dumps(value)
    return read_tasks(Delivery(event_id="message-1", body=body, created=NOW), NOW)


def problems(value):
    """Return what is wrong, as told to each who waits for it."""
    found = read(value)
    assert {type(one) for one in found} == {Rejected}
    [told] = {tuple(map(str, one.violations)) for one in found}
    return list(told)


def test_a_request_that_names_a_policy_is_a_wish():
    """Of the producer, since the message was sent; without options, none."""
    assert read(ASKED) == (
        Wish(
            id="message-1",
            policy="mgmt",
            occasion=occasion(
                event_id="message-1", cause=Cause.REQUESTED, instance_id="fhm1"
            ),
            created=NOW,
        ),
    )


def test_the_sample_is_a_wish():
    """With a name of its own and options."""
    [found] = read(sample("request.policy"))
    assert (found.id, found.policy, found.options) == (
        "order-4712",
        "management",
        Options(stop_if_running=True),
    )


def test_several_instances_are_several_wishes():
    """Each named after the request and the instance, as with interfaces."""
    found = read(
        {"policy": "mgmt", "instanceIds": ["fhm1", "fhm2"], "requestId": "order"}
    )
    assert [(one.id, one.occasion.instance_id) for one in found] == [
        ("order/fhm1", "fhm1"),
        ("order/fhm2", "fhm2"),
    ]


def test_a_list_may_mix_requests_of_both_kinds():
    """Each is read for itself, and named after its place."""
    interface = sample("request.minimal")
    found = read([ASKED, interface, {**ASKED, "subnetId": "s"}])
    assert [type(one) for one in found] == [Wish, Task, Rejected]
    assert [one.id for one in found] == [f"message-1/{place}" for place in range(3)]


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_policy_that_is_not_given_is_not_named(nothing):
    """Null and '' stand for an absent field: it is a request for an interface."""
    [found] = read({**sample("request.minimal"), "policy": nothing})
    assert isinstance(found, Task)


NOTHING = {
    "networkInterfaceIndex": "",
    "subnetId": None,
    "primaryV4AddressSpec": None,
    "securityGroupIds": [],
    "instanceIds": None,
    "requestId": "",
    "options": None,
    "task": None,
}


def test_fields_that_are_not_given_do_no_harm():
    """Whoever writes all of them, null or empty, names the policy all the same."""
    assert read({**ASKED, **NOTHING}) == read(ASKED)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"policy": "mgmt"}, ["$.instanceId is required"]),
        ({"policy": 7}, ["$.instanceId is required", "$.policy must be a string"]),
        ({**ASKED, "policy": "a b"}, ["$.policy must be a resource's id"]),
        ({**ASKED, "policy": "*"}, ["$.policy must be a resource's id"]),
        ({**ASKED, "instanceId": "../x"}, ["$.instanceId must be a resource's id"]),
        ({**ASKED, "options": []}, ["$.options must be an object"]),
        ({**ASKED, "options": {"x": 1}}, ["$.options.x is not a known field"]),
        ({**ASKED, "colour": "red"}, ["$.colour is not a known field"]),
        (
            {**ASKED, **sample("request.minimal")},
            [
                f"$.{name} must be absent where policy is given"
                for name in ("networkInterfaceIndex", "subnetId", "securityGroupIds")
            ],
        ),
        (
            {**ASKED, "primaryV4AddressSpec": {}},
            ["$.primaryV4AddressSpec must be absent where policy is given"],
        ),
        (
            {**ASKED, "instanceIds": ["fhm1"]},
            ["$.instanceId must be absent where instanceIds is given"],
        ),
        (
            {"policy": "mgmt", "instanceIds": ["fhm1", "fhm2"], "task": {"v": 1}},
            ["$.task must be absent where instanceIds is given"],
        ),
        (
            {"policy": "mgmt", "instanceIds": ["fhm1"], "requestId": "x" * 128},
            ["$.requestId is too long together with the instances' ids"],
        ),
    ],
)
def test_what_is_wrong_is_told_to_each_who_waits(wish, told):
    """By its path, and nothing of it is done."""
    assert problems(wish) == told


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("x", " must be an object"),
        ({"v": 2}, ".v must be 1 to 1"),
        ({"cause": "bored"}, ".cause is not known"),
        ({"index": "first"}, ".index must be a number like '1', or 'auto'"),
        ({"hurdles": -1}, ".hurdles must be 0 to 1000000"),
        ({"failures": "x"}, ".failures must be an integer"),
        ({"reason": "x" * 301}, ".reason is too long"),
        ({"eventId": "x" * 301}, ".eventId is too long"),
        ({"step": "attach"}, ".step is not a known field"),
    ],
)
def test_a_forged_state_is_rejected(state, problem):
    """It is as untrusted as the request."""
    assert problems({**ASKED, "task": state}) == [f"$.task{problem}"]


def test_an_events_wish_is_for_any_policy():
    """That is what `*` is for; it takes its cause with it."""
    body = json.loads(render_wish(wish_of(occasion(), NOW)))
    assert body["policy"] == "*"
    assert isinstance(read(body)[0], Wish)
    del body["task"]["cause"]
    assert problems(body) == ["$.policy must be a resource's id"]


def test_a_sweep_is_carried_on():
    """Since it was sent, where it does not tell; all else is at its beginning."""
    assert read({"sweep": SWEEP}) == (
        Sweep(id="timer-1", created=NOW, folder_ids=("f",), room=7),
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"id": None}, ["$.sweep.id is required"]),
        ({"folderIds": []}, ["$.sweep.folderIds is required"]),
        ({"folderIds": ["a b"]}, None),
        (
            {"folderIds": [f"f{place}" for place in range(201)]},
            ["$.sweep.folderIds must have at most 200 items", None],
        ),
        ({"room": 1001}, ["$.sweep.room must be 1 to 1000"]),
        (
            {"pageToken": "x" * 4097},
            ["$.sweep.pageToken is too long for a page's token"],
        ),
        ({"dryRun": 1}, ["$.sweep.dryRun must be true or false"]),
        ({"v": 2}, ["$.sweep.v must be 1 to 1"]),
        ({"hurdles": 10**7}, ["$.sweep.hurdles must be 0 to 1000000"]),
        ({"reason": "x" * 301}, ["$.sweep.reason is too long"]),
        ({"policies": "mgmt"}, ["$.sweep.policies must be a list"]),
        ({"colour": "red"}, ["$.sweep.colour is not a known field"]),
    ],
)
def test_a_forged_sweep_is_rejected(more, told):
    """It is read as strictly as a request."""
    found = problems({"sweep": {**SWEEP, **more}})
    expected = told or ["$.sweep.folderIds[0] must be a resource's id", None]
    assert found == [one or "$.sweep.folderIds is required" for one in expected]


@pytest.mark.parametrize("value", [5, "x", []])
def test_a_sweep_is_an_object(value):
    """Anything else is told, under the message's name."""
    [found] = read({"sweep": value})
    assert found.id == "message-1"
    assert str(found.violations[0]) == "$.sweep must be an object"


def test_a_sweep_is_nothing_else_besides():
    """A message that is a request as well is none of both."""
    assert problems({"sweep": SWEEP, "instanceId": "fhm1"}) == [
        "$.instanceId is not a known field"
    ]
