"""A wish comes to what a policy wants of an instance, once that was looked at."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from events.attachment import AddressSpec
from events.cause import Cause, Origin, Skipped
from events.decision import Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.limits import Limits
from events.match import Match
from events.outcome import Outcome
from events.policy import Policies
from events.request import Options, Request
from events.task import Task
from events.wish import ANY, Wish, grant, outcome_of, render_wish, wish_of
from tests.unit.build import (
    NOW,
    attachment,
    instance,
    interface,
    occasion,
    policy,
    wish,
)
from tests.unit.travelling import wishes

LATER = NOW + timedelta(minutes=1)
OWN = Options(stop_if_running=True)
BY_EVENT = wish_of(occasion(), NOW)


def granted(asked, *policies, there=None, limits=Limits()):
    found = Policies(policies=policies or (policy(options=OWN),), limits=limits)
    return grant(asked, found, there or instance(), LATER)


@pytest.mark.parametrize(
    ("options", "expected"),
    [(None, OWN), (Options(), Options()), (Options(dry_run=True),) * 2],
    ids=["its own", "defaults", "others"],
)
def test_who_names_a_policy_gets_its_interface(options, expected):
    """As a task of the wish's name and time, with the options given or the policy's."""
    assert granted(wish(options=options)) == (
        Task(
            request=Request(
                id="request-1",
                attachment=attachment(address=AddressSpec()),
                options=expected,
            ),
            origin=Origin(cause=Cause.REQUESTED, event_id="event-1", policy="mgmt"),
            created=NOW,
        ),
    )


def test_an_interface_that_is_there_is_asked_for_all_the_same():
    """A producer waits for an outcome: the task finds it attached."""
    [found] = granted(wish(), there=instance(interfaces=(interface(),)))
    assert isinstance(found, Task)
    assert found.shared


def test_two_policies_that_want_the_same_are_refused_by_either_name():
    """As they are after an event: which one is right, nobody can tell."""
    [found] = granted(wish(), policy(name="other"), policy())
    assert found.verdict is Verdict.REFUSED
    assert found.reason == "policies other and mgmt want interface 1"


CRASHED = policy(match=Match(causes=(Cause.CRASHED,)))
ELSEWHERE = instance(zone_id="ru-central1-d")


@pytest.mark.parametrize(
    ("policies", "there", "reason"),
    [
        ([policy(name="x")], instance(), "there is no policy mgmt"),
        (
            [CRASHED],
            instance(),
            "policy mgmt does not mean the instance: the cause is requested",
        ),
        (
            [policy(match=Match(zone_ids=("ru-central1-b",)))],
            instance(),
            "policy mgmt does not mean the instance: its zone is ru-central1-a",
        ),
        (
            [policy()],
            instance(labels={"nic-attach-opt-out": "1"}),
            "the instance opts out by its label",
        ),
        ([policy()], ELSEWHERE, "policy mgmt names no subnet for ru-central1-d"),
    ],
)
@pytest.mark.parametrize("options", [None, OWN], ids=["plain", "with options"])
def test_what_cannot_be_granted_is_refused(policies, there, reason, options):
    """With the reason, under the name of the request, now; as it was asked for."""
    [found] = granted(wish(options=options), *policies, there=there)
    asked = {
        "requestId": "request-1",
        "instanceId": "fhm4k9v2c7t1x5n8w3qd",
        "policy": "mgmt",
    }
    assert found == Outcome(
        id="request-1",
        verdict=Verdict.REFUSED,
        reason=reason,
        time=LATER,
        created=NOW,
        subject="fhm4k9v2c7t1x5n8w3qd",
        request={**asked, "options": {"stopIfRunning": True}} if options else asked,
        origin={"cause": "requested", "eventId": "event-1", "policy": "mgmt"},
        instance_status="STOPPED",
    )


def test_a_policy_may_be_for_requests():
    """Where it names causes, `requested` must be among them."""
    asked = policy(match=Match(causes=(Cause.REQUESTED,)))
    assert isinstance(granted(wish(), asked)[0], Task)


def test_an_instance_that_is_gone_is_told_to_who_asked():
    """It has its verdict."""
    [found] = grant(wish(), Policies(policies=(policy(),)), None, LATER)
    assert (found.verdict, found.reason) == (Verdict.INSTANCE_MISSING, "")


def test_an_event_is_for_all_policies():
    """What it comes to is what it would have come to at once."""
    first, second = granted(BY_EVENT, policy(), policy(name="more", index="2"))
    assert (first.origin.policy, second.origin.policy) == ("mgmt", "more")
    assert first.created == LATER


def test_an_event_of_an_instance_that_is_gone_calls_for_nothing():
    """Nobody waits for it."""
    found = grant(BY_EVENT, Policies(policies=(policy(),)), None, LATER)
    assert found == (Skipped(reason="the instance is gone"),)


def test_the_same_event_is_the_same_wish():
    """However often it is delivered; that of another instance is another."""
    other = occasion(instance_id="fhm2")
    assert wish_of(occasion(), LATER).id == BY_EVENT.id != wish_of(other, NOW).id
    assert (BY_EVENT.policy, BY_EVENT.occasion) == (ANY, occasion())


def test_the_outcome_of_an_event_names_no_request():
    """Nobody made one; the instance is what is known."""
    found = outcome_of(BY_EVENT, Verdict.UNRESOLVED, LATER, "UNAVAILABLE: later")
    assert (found.request, found.origin) == (
        {"instanceId": "fhm4k9v2c7t1x5n8w3qd"},
        {"cause": "stopped", "eventId": "event-1"},
    )


def test_a_hurdle_is_counted_with_its_reason():
    """One more in a row, and the reason in 300 characters."""
    met = wish(hurdles=1, reason="was busy").hindered("x" * 999)
    assert met == wish(hurdles=2, reason="x" * 300)


def test_a_wish_is_given_up_after_an_hour():
    """Counted from when it was accepted."""
    assert wish(hurdles=9).due == NOW + timedelta(hours=1)


def read(body):
    sent = LATER.replace(year=2030)
    return read_tasks(Delivery(event_id="message-1", body=body, created=sent), sent)


@given(wishes)
def test_what_is_written_is_read(sent):
    """Rendering any wish and reading it gives the same wish."""
    assert read(render_wish(sent)) == (sent,)


@pytest.mark.parametrize("options", [None, Options(), OWN], ids=str)
def test_no_options_are_not_the_default_ones(options):
    """None leaves it to the policy, and is written as nothing."""
    sent = wish(options=options)
    assert ("options" in json.loads(render_wish(sent))) is (options is not None)
    assert read(render_wish(sent)) == (sent,)


def test_a_producers_wish_keeps_its_message_on_its_way():
    """The id of the first message stays, whatever message it travels in."""
    body = json.dumps({"instanceId": "fhm1", "policy": "mgmt"})
    [first] = read(body)
    [second] = read_tasks(Delivery(event_id="m-2", body=render_wish(first)), LATER)
    assert isinstance(second, Wish)
    assert second == replace(first, created=second.created)
    assert second.occasion.event_id == "message-1"
