"""Policies times an instance, on an occasion: what is wanted of it."""

from dataclasses import replace

import pytest

from events.attachment import AddressSpec
from events.cause import Cause, Origin, Skipped
from events.decision import Verdict
from events.limits import Limits
from events.match import Match
from events.policy import Policies
from events.request import Options
from events.task import Task
from events.wanted import upheld, wanted
from tests.unit.build import NOW, attachment, instance, interface, occasion, policy

STOPPABLE = Options(stop_if_running=True)
ELSEWHERE = instance(zone_id="ru-central1-d")
BARE = instance(interfaces=())
OPTED_OUT = instance(labels={"nic-attach-opt-out": ""})


def call_for(*policies, there=None, limits=Limits(), **happened):
    return wanted(
        Policies(policies=policies, limits=limits),
        there or instance(),
        occasion(**happened),
        NOW,
    )


def test_no_matching_policy_calls_for_nothing():
    """An instance that no policy means is skipped, with the reason."""
    other = policy(match=Match(causes=(Cause.CRASHED,)))
    assert call_for(other) == (Skipped(reason="no policy matches"),)


def test_a_missing_interface_is_a_task():
    """The policy's attachment and options become a request from its event."""
    (found,) = call_for(policy(options=STOPPABLE), cause=Cause.PREEMPTED)
    assert found == Task(
        request=found.request,
        origin=Origin(cause=Cause.PREEMPTED, event_id="event-1", policy="mgmt"),
        created=NOW,
    )
    assert (found.request.attachment, found.request.options) == (
        attachment(address=AddressSpec()),
        replace(STOPPABLE, stop_if_running=False),
    )


def test_only_who_asks_can_permit_a_stop():
    """A stop of ours is an event: could it permit the next, there were no end."""
    for cause in Cause:
        (found,) = call_for(policy(options=STOPPABLE), cause=cause)
        permitted = found.request.options.stop_if_running
        assert permitted is (cause is Cause.REQUESTED)


@pytest.mark.parametrize("index", ["1", "auto"])
def test_an_interface_that_is_there_is_skipped(index):
    """What is attached already needs no task; if `auto`, at whatever index."""
    there = instance(interfaces=(interface(),))
    assert call_for(policy(index=index), there=there) == (
        Skipped(reason="policy mgmt: already attached"),
    )


def test_a_foreign_interface_is_still_a_task():
    """What stands in the way is for the task to find out, and to answer for."""
    there = instance(interfaces=(interface(subnet_id="other"),))
    assert isinstance(call_for(policy(), there=there)[0], Task)


def test_a_zone_without_a_subnet_is_refused_at_once():
    """What can never be is an outcome, with the reason and the instance as seen."""
    (found,) = call_for(policy(), there=ELSEWHERE)
    assert (found.verdict, found.reason, found.subject, found.instance_status) == (
        Verdict.REFUSED,
        "policy mgmt names no subnet for ru-central1-d",
        "fhm4k9v2c7t1x5n8w3qd/1",
        "STOPPED",
    )


def test_an_outcome_at_once_tells_its_origin():
    """The outcome names cause, event and policy as a task's would."""
    (found,) = call_for(policy(), there=ELSEWHERE, cause=Cause.PREEMPTED)
    assert found.origin == {
        "cause": "preempted",
        "eventId": "event-1",
        "policy": "mgmt",
    }


def test_every_matching_policy_is_heard():
    """Two policies ask for two interfaces, under names of their own."""
    first, second = call_for(policy(), policy(name="more", index="2"))
    assert (first.request.attachment.index, second.request.attachment.index) == (
        "1",
        "2",
    )
    assert first.id != second.id


def test_policies_that_leave_the_index_open_are_no_rivals():
    """Each gets an interface of its own."""
    found = call_for(*(policy(name=name, index="auto") for name in "ab"), there=BARE)
    assert [type(one) for one in found] == [Task, Task]


def test_who_has_no_subnet_in_the_zone_is_no_rival():
    """One index may be described by a policy for each zone."""
    other = policy(name="other", subnet_ids={"ru-central1-d": "fl8"})
    first, second = call_for(policy(), other)
    assert isinstance(first, Task)
    assert second.reason == "policy other names no subnet for ru-central1-a"


def test_the_same_interface_may_be_wanted_on_other_occasions():
    """Whichever happens, the policy for it asks; here, each in its own way."""
    stopped = policy(match=Match(causes=(Cause.STOPPED,)), options=STOPPABLE)
    crashed = policy(name="other", match=Match(causes=(Cause.CRASHED,)))
    assert not stopped.contradicts(crashed)
    for cause, name in ((Cause.STOPPED, "mgmt"), (Cause.CRASHED, "other")):
        (found,) = call_for(stopped, crashed, cause=cause)
        assert found.origin.policy == name


def test_one_stop_asks_once_however_often_delivered():
    """The same event gives the same request every time."""
    assert call_for(policy()) == call_for(policy())


def test_two_stops_ask_twice():
    """Another event of the same instance is another request."""
    (first,), (second,) = call_for(policy()), call_for(policy(), event_id="event-2")
    assert first.request.id != second.request.id


def test_a_task_and_an_early_outcome_share_their_name():
    """Whether it can be or not, the same stop and policy have the same id."""
    (task,) = call_for(policy())
    (outcome,) = call_for(policy(), there=ELSEWHERE)
    assert task.request.id == outcome.id


@pytest.mark.parametrize("value", ["", "true", "false"])
def test_an_instance_may_opt_out(value):
    """By the label alone, whatever its value; no policy is heard."""
    there = instance(labels={"nic-attach-opt-out": value})
    assert call_for(policy(), policy(name="more"), there=there) == (
        Skipped(reason="the instance opts out by its label"),
    )


def test_the_label_to_opt_out_can_be_chosen():
    """Then the usual one means nothing."""
    limits = Limits(opt_out_label="no-nic")
    there = instance(labels={"no-nic": ""})
    assert isinstance(call_for(policy(), there=there, limits=limits)[0], Skipped)
    assert isinstance(call_for(policy(), there=OPTED_OUT, limits=limits)[0], Task)


ALL = [
    policy(name="one"),
    policy(name="two", index="2"),
    policy(name="open", index="auto"),
]


@pytest.mark.parametrize(
    ("index", "concerned"),
    [
        ("1", ["one", "open"]),
        ("2", ["two", "open"]),
        ("3", ["open"]),
        ("", ["one", "two", "open"]),
    ],
)
def test_a_detach_concerns_the_policies_of_its_index(index, concerned):
    """And those that leave it open; all, if the event does not tell the index."""
    found = call_for(*ALL, there=BARE, cause=Cause.DETACHED, index=index)
    assert [one.origin.policy for one in found] == concerned


def test_a_detach_that_concerns_nobody_calls_for_nothing():
    """It was somebody's own interface."""
    assert call_for(policy(), cause=Cause.DETACHED, index="7") == (
        Skipped(reason="no policy matches"),
    )


def test_only_a_detach_is_about_one_interface():
    """All else concerns every policy of the instance."""
    for cause in set(Cause) - {Cause.DETACHED}:
        assert len(call_for(*ALL, cause=cause, index="7")) == len(ALL)


@pytest.mark.parametrize(
    ("interfaces", "index", "expected"),
    [
        ((interface(),), "1", {"one": True, "open": True}),
        ((interface(),), "2", {"two": False, "open": True}),
        ((interface(subnet_id="x"),), "1", {"one": False, "open": False}),
        ((interface(),), "", {"open": True}),
    ],
)
def test_an_attach_upholds_the_policies_of_its_index(interfaces, index, expected):
    """Each that wants the index, or any, has what it wants there, or has not."""
    there = instance(interfaces=interfaces)
    assert upheld(Policies(policies=tuple(ALL)), there, index) == expected


@pytest.mark.parametrize(
    ("policies", "there"),
    [
        ((policy(match=Match(name_pattern="db-*")),), instance()),
        ((policy(),), ELSEWHERE),
        ((policy(),), OPTED_OUT),
    ],
    ids=["another instance", "no subnet", "opted out"],
)
def test_who_wants_nothing_is_not_upheld(policies, there):
    """Nor contradicted."""
    assert upheld(Policies(policies=policies), there, "1") == {}


def test_a_policy_is_upheld_on_every_occasion():
    """Its causes tell when to ask, not what should be there."""
    crashed = policy(match=Match(causes=(Cause.CRASHED,)))
    assert upheld(Policies(policies=(crashed,)), instance(), "1") == {"mgmt": False}
