"""Whoever can write can write anything: it is refused, briefly, and never a crash."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cause import Confirmed, Occasion, Skipped, read_audit_event
from events.envelope import (
    LOG_BATCH,
    QUEUE_MESSAGE,
    TIMER,
    Broken,
    Delivery,
    Source,
    deliveries,
)
from events.inbox import read_tasks
from events.lost import lost_events
from events.policy import Policies, read_policies
from events.reading import InvalidDocumentError
from events.rejected import Rejected
from events.sweep import Sweep, render_sweep
from events.task import Task, render_task
from events.timer import begin
from events.wish import render_wish
from tests.growth import growth
from tests.unit.build import NOW, json_values, policy, sample, texts

# What is told of one thing may quote a name of 64 characters, escaped, or 100
# of what it is instead.
BRIEF = 1500
LONG = st.just("\U000e0001" * 50_000)
VALUES = json_values | LONG | st.dictionaries(LONG, json_values, max_size=1)
PREFIX = "yandex.cloud.audit.compute."


def event(**changes):
    return {**sample("event-router.stop-instance"), **changes}


def some(names, values=VALUES):
    """Generate objects with some of these fields."""
    return st.dictionaries(st.sampled_from(names), values)


REQUESTS = st.builds(
    lambda base, more: {**base, **more},
    st.sampled_from(
        [
            {},
            sample("request.minimal"),
            sample("request"),
            sample("request.policy"),
            {"policy": "mgmt", "instanceIds": ["fhm1", "fhm2"]},
            {"sweep": {"id": "a", "folderIds": ["f"], "room": 1}},
        ]
    ),
    some(["requestId", "instanceId", "instanceIds", "policy", "options", "subnetId"])
    | st.fixed_dictionaries(
        {
            "task": some(
                ["v", "cause", "created", "index", "step", "foreign", "policy"]
            )
            | some(["eventId", "hurdles", "reason", "operationId"])
        }
    )
    | st.fixed_dictionaries({"sweep": VALUES | some(["id", "folderIds", "pageToken"])}),
)
RENDER = {Task: render_task, Sweep: render_sweep}


@given(
    st.binary()
    | texts
    | VALUES
    | (VALUES | REQUESTS | st.lists(REQUESTS, max_size=3)).map(json.dumps)
)
def test_no_message_is_a_crash(body):
    """It is rejected in few words, or read, and the same again when it goes on."""
    for one in read_tasks(Delivery(event_id="m", body=body, created=NOW), NOW):
        if isinstance(one, Rejected):
            assert one.violations
            assert max(len(str(each)) for each in one.violations) < BRIEF
        else:
            sent = RENDER.get(type(one), render_wish)(one)
            assert read_tasks(Delivery(event_id="m", body=sent, created=NOW), NOW) == (
                one,
            )


MESSAGES = st.builds(
    lambda kind, event_id, details: {
        "event_metadata": {"event_id": event_id, "event_type": kind},
        "details": details,
    },
    st.sampled_from([QUEUE_MESSAGE, LOG_BATCH, TIMER]) | VALUES,
    texts | VALUES,
    some(["message", "messages", "payload"])
    | st.builds(
        lambda body, more: {"message": {"body": body, "attributes": more}},
        texts,
        VALUES,
    )
    | st.builds(
        lambda payloads: {"messages": [{"json_payload": one} for one in payloads]},
        st.lists(VALUES, max_size=3),
    ),
)
BARE = st.builds(
    event,
    event_type=st.sampled_from([f"{PREFIX}StopInstance", PREFIX]) | VALUES,
    event_id=VALUES,
    event_status=st.just("DONE") | VALUES,
    details=VALUES | some(["instance_id", "network_interface_index"]),
)
EVENTS = (
    VALUES
    | BARE
    | st.lists(BARE | VALUES, max_size=3)
    | st.fixed_dictionaries(
        {"messages": VALUES | st.lists(MESSAGES | BARE | VALUES, max_size=3)}
    )
)


@given(st.binary() | texts | EVENTS | EVENTS.map(json.dumps))
def test_no_event_is_a_crash(given_event):
    """It becomes deliveries and broken ones, each with a name, told in few words."""
    for one in deliveries(given_event):
        assert 0 < len(one.event_id) <= 100
        if isinstance(one, Broken):
            assert len(one.problem) < BRIEF
            continue
        found = read_audit_event(one.body)
        assert isinstance(found, Confirmed | Occasion | Skipped)
        assert len(getattr(found, "reason", "")) < BRIEF


@given(EVENTS.map(json.dumps) | st.binary() | texts)
def test_no_dead_letter_is_a_crash(body):
    """It is a trigger's, with its outcomes, or none of a trigger's."""
    for outcome in lost_events(body, NOW) or ():
        assert len(outcome.reason) < BRIEF


@given(
    VALUES
    | VALUES.map(json.dumps)
    | some(["policies", "dryRun", "x"]).map(json.dumps)
    | st.lists(texts | st.just("mgmt")).map(lambda some: {"policies": some})
)
def test_no_payload_of_a_timer_is_a_crash(payload):
    """It calls for a sweep, or is told in few words what is wrong with it."""
    delivery = Delivery(event_id="timer-1", body=payload, source=Source.TIMER)
    found = begin(delivery, Policies(policies=(policy(),)), "home", NOW)
    if isinstance(found, Rejected):
        assert max(len(str(each)) for each in found.violations) < BRIEF
    else:
        assert found.folder_ids == ("home",)


RULES = st.dictionaries(texts, VALUES | some(["in", "exists"]), max_size=3)
ENTRIES = st.builds(
    lambda whole, wanted, match: {
        **sample("policies")["policies"][0],
        **whole,
        "attachment": {**sample("policies")["policies"][0]["attachment"], **wanted},
        "match": match,
    },
    some(["name", "options", "x"]),
    some(["networkInterfaceIndex", "subnetIds", "securityGroupIds"]),
    VALUES
    | some(["folderIds", "zoneIds", "namePattern", "causes"])
    | st.fixed_dictionaries({"labels": RULES}),
)


def refused(text):
    """Return what is wrong with policies."""
    try:
        read_policies(text)
    except InvalidDocumentError as error:
        return error.violations
    return ()


LIMITS = VALUES | some(["folderIds", "instancesPerSweep", "optOutLabel"])


@given(
    st.binary()
    | texts
    | VALUES.map(json.dumps)
    | st.builds(
        lambda policies, limits: json.dumps({"policies": policies, "limits": limits}),
        st.lists(ENTRIES, max_size=3),
        LIMITS,
    )
)
def test_no_policies_are_a_crash(text):
    """They are read, or refused as a document, each violation in few words."""
    assert all(len(str(one)) < BRIEF for one in refused(text))


@pytest.mark.parametrize("depth", [100, 50_000])
@pytest.mark.parametrize("name", ["instanceId", "policy", "sweep", "task"])
def test_depth_is_no_crash(name, depth):
    """What is nested deeper than the stack is rejected like any other wrong value."""
    body = f'{{"{name}": {"[" * depth}{"]" * depth}}}'
    [found] = read_tasks(Delivery(event_id="m", body=body), NOW)
    assert isinstance(found, Rejected)


def test_memory_does_not_grow():
    """Of a thousand bad messages nothing stays that the next thousand would add to."""

    def messages(turn):
        for number in range(turn * 1000, (turn + 1) * 1000):
            odd = {f"field-{number}": [str(number)] * 50, "instanceId": f"fhm {number}"}
            text = json.dumps(odd)
            assert list(read_tasks(Delivery(event_id=f"m{number}", body=text), NOW))
            assert list(deliveries({"messages": [odd]}))
            assert refused(text)
            assert isinstance(read_audit_event(odd), Skipped)

    assert growth(messages) < 20_000
