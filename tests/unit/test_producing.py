"""The producer's kit sends what the functions' reader accepts, and nothing else."""

import json
from datetime import timedelta

import pytest
from hypothesis import given

from events.attachment import AddressSpec, Nat
from events.decision import FinalPower
from events.envelope import Delivery
from events.inbox import read_tasks
from events.producing import build_request, outcome_ids, send_request
from events.reading import InvalidDocumentError
from events.request import Options
from tests.unit.build import NOW, requests, sample

MINIMAL = {
    "instance_id": "fhm4k9v2c7t1x5n8w3qd",
    "index": "1",
    "subnet_id": "e9b2w6k9c4x1t7v5n3qd",
    "security_group_ids": ["enp5k1c8x3t6w9v2n4qd"],
}


def wish(**changes):
    changed = {**MINIMAL, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def problems(build, *arguments, **fields):
    """Return what is wrong, by its path."""
    with pytest.raises(InvalidDocumentError) as caught:
        build(*arguments, **fields)
    return {one.path: one.problem for one in caught.value.violations}


def test_the_least_is_the_sample():
    """Four fields make a request; what has a default is left out."""
    assert json.loads(build_request(**MINIMAL)) == sample("request.minimal")


@given(wanted=requests)
def test_what_is_built_is_what_is_read(wanted):
    """The functions understand the very request that was described."""
    found = wanted.attachment
    body = build_request(
        request_id=wanted.id,
        instance_id=found.instance_id,
        index=found.index,
        subnet_id=found.subnet_id,
        security_group_ids=found.security_group_ids,
        address=found.address,
        options=wanted.options,
    )
    [task] = read_tasks(Delivery(event_id="message-1", body=body), NOW)
    assert task.request == wanted


def test_several_instances_are_one_message():
    """Each has an outcome of its own, named after both."""
    fields = wish(instance_id=None, instance_ids=("fhm1", "fhm2"))
    body = build_request(request_id="order-1", **fields)
    assert json.loads(body)["instanceIds"] == ["fhm1", "fhm2"]
    assert outcome_ids(body) == ("order-1/fhm1", "order-1/fhm2")


def test_all_that_is_wrong_is_told_at_once():
    """By paths of the JSON that would have been sent."""
    fields = wish(
        instance_id="",
        index="first",
        subnet_id="",
        security_group_ids=[],
        address=AddressSpec(address="10.1.2.300", nat=Nat(ip_version="IPV6")),
        options=Options(timeout=timedelta(days=2)),
    )
    assert set(problems(build_request, request_id="ы", **fields)) == {
        "$.requestId",
        "$.instanceId",
        "$.networkInterfaceIndex",
        "$.subnetId",
        "$.securityGroupIds",
        "$.primaryV4AddressSpec.address",
        "$.primaryV4AddressSpec.oneToOneNatSpec.ipVersion",
        "$.options.timeout",
    }


def test_a_text_is_not_a_list_of_its_letters():
    """The usual mistake is refused, even where every letter could be an id."""
    several = {"instance_ids": "abc", "security_group_ids": "enp"}
    with pytest.raises(InvalidDocumentError) as caught:
        build_request(**wish(instance_id=None, **several))
    told = [str(one) for one in caught.value.violations]
    assert {
        "$.instanceIds must be a list",
        "$.securityGroupIds must be a list",
    } <= set(told)


def test_one_instance_and_several_exclude_each_other():
    """Neither of them is silently dropped."""
    assert problems(build_request, **wish(instance_ids=["fhm1"])) == {
        "$.instanceId": "must be absent where instanceIds is given"
    }


@pytest.mark.parametrize("fields", [{"speed": 1}, {"index": None}])
def test_arguments_are_those_of_a_function(fields):
    """An unknown one and a missing one are mistakes in the program."""
    with pytest.raises(TypeError):
        build_request(**wish(**fields))


def test_a_request_is_sent_in_one_call():
    """The id comes back, under which the outcome will come."""
    sent = []
    options = Options(stop_if_running=True, final_power=FinalPower.RUNNING)
    found = send_request(sent.append, request_id="order-1", **wish(options=options))
    assert found == "order-1"
    [body] = sent
    assert json.loads(body) == {
        "requestId": "order-1",
        **sample("request.minimal"),
        "options": {"stopIfRunning": True, "finalPower": "running"},
    }


@pytest.mark.parametrize(
    ("name", "fields", "path"),
    [
        ("", {}, "$.requestId"),
        ("order 1", {}, "$.requestId"),
        ("order-1", {"index": "x"}, "$.networkInterfaceIndex"),
    ],
)
def test_what_is_wrong_is_not_sent(name, fields, path):
    """The sender is not even called."""
    sent = []
    found = problems(send_request, sent.append, request_id=name, **wish(**fields))
    assert (set(found), sent) == ({path}, [])


def test_what_the_sender_raises_is_raised():
    """Whether it was sent is for the sender to say."""

    def refuse(body):
        raise ConnectionError(len(body))

    with pytest.raises(ConnectionError, match=r"\d+"):
        send_request(refuse, request_id="order-1", **MINIMAL)


def test_the_message_names_what_does_not_name_itself():
    """As the functions do: a request alone, and one in a list by its place."""
    alone = build_request(**MINIMAL)
    listed = json.dumps(
        [{**sample("request.minimal"), "requestId": "a"}, json.loads(alone)]
    )
    assert outcome_ids(alone, "message-1") == ("message-1",)
    assert outcome_ids(listed, "message-1") == ("a", "message-1/1")


def test_every_request_of_a_list_is_checked():
    """What is wrong with any of them is told with its place."""
    good = sample("request.minimal")
    listed = json.dumps([{**good, "subnetId": 1}, good, {**good, "colour": "red"}])
    assert problems(outcome_ids, listed) == {
        "$[0].subnetId": "must be a string",
        "$[2].colour": "is not a known field",
    }


def test_a_request_that_is_too_large_is_told_of():
    """Before the queue or a function finds out."""
    [problem] = problems(outcome_ids, " " * 200_000).values()
    assert "at most" in problem
