"""Policies times an instance that stopped: what is wanted of it."""

from events.attachment import AddressSpec
from events.cause import Cause, Origin, Skipped, Stopped
from events.decision import Verdict
from events.policy import Match, Policies, Policy
from events.request import Options
from events.task import Task
from events.wanted import wanted
from tests.unit.build import NOW, attachment, instance, interface

STOPPED = Stopped(
    event_id="event-1", cause=Cause.PREEMPTED, instance_id="fhm4k9v2c7t1x5n8w3qd"
)


def policy(**changes):
    fields = {
        "name": "mgmt",
        "match": Match(),
        "index": "1",
        "subnet_ids": {"ru-central1-a": "e9b2w6k9c4x1t7v5n3qd"},
        "security_group_ids": ("enp5k1c8x3t6w9v2n4qd",),
        "options": Options(stop_if_running=True),
    }
    return Policy(**(fields | changes))


def call_for(*policies, there=None, stopped=STOPPED):
    return wanted(Policies(policies=policies), there or instance(), stopped, NOW)


def test_no_matching_policy_calls_for_nothing():
    """An instance that no policy means is skipped, with the reason."""
    other = policy(match=Match(causes=(Cause.CRASHED,)))
    assert call_for(other) == (Skipped(reason="no policy matches"),)


def test_a_missing_interface_is_a_task():
    """The policy's attachment and options become a request from its event."""
    (found,) = call_for(policy())
    assert found == Task(
        request=found.request,
        origin=Origin(cause=Cause.PREEMPTED, event_id="event-1", policy="mgmt"),
        created=NOW,
    )
    assert (found.request.attachment, found.request.options) == (
        attachment(address=AddressSpec()),
        Options(stop_if_running=True),
    )


def test_an_interface_that_is_there_is_skipped():
    """What is attached already needs no task."""
    there = instance(interfaces=(interface(),))
    assert call_for(policy(), there=there) == (
        Skipped(reason="policy mgmt: already attached"),
    )


def test_a_foreign_interface_is_still_a_task():
    """What stands in the way is for the task to find out, and to answer for."""
    there = instance(interfaces=(interface(subnet_id="other"),))
    assert isinstance(call_for(policy(), there=there)[0], Task)


def test_a_zone_without_a_subnet_is_refused_at_once():
    """What can never be is an outcome, with the reason and the instance as seen."""
    (found,) = call_for(policy(), there=instance(zone_id="ru-central1-d"))
    assert (found.verdict, found.reason, found.subject, found.instance_status) == (
        Verdict.REFUSED,
        "policy mgmt names no subnet for ru-central1-d",
        "fhm4k9v2c7t1x5n8w3qd/1",
        "STOPPED",
    )


def test_an_outcome_at_once_tells_its_origin():
    """The outcome names cause, event and policy as a task's would."""
    (found,) = call_for(policy(), there=instance(zone_id="ru-central1-d"))
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


def test_one_stop_asks_once_however_often_delivered():
    """The same event gives the same request every time."""
    assert call_for(policy()) == call_for(policy())


def test_two_stops_ask_twice():
    """Another event of the same instance is another request."""
    again = Stopped(
        event_id="event-2", cause=Cause.PREEMPTED, instance_id=STOPPED.instance_id
    )
    (first,), (second,) = call_for(policy()), call_for(policy(), stopped=again)
    assert first.request.id != second.request.id


def test_a_task_and_an_early_outcome_share_their_name():
    """Whether it can be or not, the same stop and policy have the same id."""
    (task,) = call_for(policy())
    (outcome,) = call_for(policy(), there=instance(zone_id="ru-central1-d"))
    assert task.request.id == outcome.id
