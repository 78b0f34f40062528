"""The producer's kit asks for what a policy describes, as strictly as for the rest."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.envelope import Delivery
from events.inbox import read_tasks
from events.producing import build_policy_request, outcome_ids, send_policy_request
from events.reading import InvalidDocumentError
from events.request import Options
from tests.unit.build import NOW, ids, names, options, sample

ASKED = {"policy": "management", "instance_id": "fhm4k9v2c7t1x5n8w3qd"}


def problems(build, *arguments, **fields):
    """Return what is wrong, by its path."""
    with pytest.raises(InvalidDocumentError) as caught:
        build(*arguments, **fields)
    return {one.path: one.problem for one in caught.value.violations}


def test_the_sample_is_built():
    """With a name, an instance, a policy and options."""
    body = build_policy_request(
        request_id="order-4712", **ASKED, options=Options(stop_if_running=True)
    )
    assert json.loads(body) == sample("request.policy")


@given(names, ids, ids, st.none() | options)
def test_what_is_built_is_what_is_read(name, policy, instance_id, given_ones):
    """No options leave it to the policy, and are not the defaults."""
    body = build_policy_request(
        request_id=name, policy=policy, instance_id=instance_id, options=given_ones
    )
    [wish] = read_tasks(Delivery(event_id="message-1", body=body), NOW)
    assert (wish.id, wish.policy, wish.occasion.instance_id, wish.options) == (
        name,
        policy,
        instance_id,
        given_ones,
    )


def test_several_instances_are_one_message():
    """Each has an outcome of its own, named after both."""
    body = build_policy_request(
        request_id="order-1", policy="mgmt", instance_ids=("fhm1", "fhm2")
    )
    assert json.loads(body)["instanceIds"] == ["fhm1", "fhm2"]
    assert outcome_ids(body) == ("order-1/fhm1", "order-1/fhm2")


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"policy": ""}, {"$.policy"}),
        ({"policy": "*"}, {"$.policy"}),
        ({"policy": 7}, {"$.policy"}),
        ({"instance_id": ""}, {"$.instanceId"}),
        ({"instance_ids": ["fhm1"]}, {"$.instanceId"}),
        ({"instance_id": "", "instance_ids": "abc"}, {"$.instanceIds", "$.instanceId"}),
        (
            {"policy": "a b", "instance_id": "?", "request_id": "?"},
            {"$.policy", "$.instanceId", "$.requestId"},
        ),
        ({"options": Options(timeout=timedelta(days=2))}, {"$.options.timeout"}),
    ],
)
def test_all_that_is_wrong_is_told_at_once(fields, paths):
    """By paths of the JSON that would have been sent, and nothing is."""
    sent = []
    whole = {"request_id": "order-1", **ASKED, **fields}
    assert set(problems(build_policy_request, **whole)) == paths
    assert set(problems(send_policy_request, sent.append, **whole)) == paths
    assert sent == []


@pytest.mark.parametrize(
    "fields", [{"instance_id": "fhm1"}, {**ASKED, "index": "1"}, {**ASKED, "speed": 1}]
)
def test_arguments_are_those_of_a_function(fields):
    """A policy must be named, and says which interface: mistakes in the program."""
    with pytest.raises(TypeError):
        build_policy_request(**fields)


def test_a_request_is_sent_in_one_call():
    """The id comes back, under which the outcome will come."""
    sent = []
    found = send_policy_request(sent.append, request_id="order-1", **ASKED)
    assert found == "order-1"
    assert sent == [build_policy_request(request_id="order-1", **ASKED)]


def test_what_is_sent_has_a_name():
    """Else nobody could wait for its outcome."""
    sent = []
    told = problems(send_policy_request, sent.append, request_id="", **ASKED)
    assert (told, sent) == ({"$.requestId": "is required"}, [])
