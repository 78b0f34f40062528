"""A sweep goes on page by page, and finds what can be attached now."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from events.cause import Cause
from events.decision import FinalPower, Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.limits import Limits
from events.match import LabelRule, Match
from events.missing import missing
from events.policy import Policies
from events.request import Options
from events.sweep import outcome_of, render_sweep
from tests.unit.build import NOW, instance, interface, policy, sweep
from tests.unit.travelling import sweeps

LATER = NOW + timedelta(minutes=1)
FULL = tuple(interface(index=str(place), subnet_id="s") for place in range(8))
SOME = [instance(id=f"fhm{place}") for place in range(4)]


def lacking(*policies, there=None, limits=Limits(), **changes):
    """Return the ids of the instances that lack something, and their tasks."""
    found = Policies(policies=policies or (policy(),), limits=limits)
    page = [instance()] if there is None else there
    return missing(sweep(**changes), found, page, LATER)


@pytest.mark.parametrize(
    ("page_token", "folders"), [("next", ("f", "g")), ("", ("g",))]
)
def test_a_sweep_goes_on_in_its_folder_then_in_the_next(page_token, folders):
    """With room for what was not asked for yet, and no hurdle in its way."""
    before = sweep(folder_ids=("f", "g"), page_token="old", hurdles=3, reason="busy")
    assert before.onward(page_token, 40) == sweep(
        folder_ids=folders, page_token=page_token, room=60
    )


@pytest.mark.parametrize(
    ("folder_ids", "page_token", "asked"),
    [(("f",), "", 0), (("f",), "next", 100), (("f", "g"), "", 100)],
    ids=["last page", "no room on the page", "no room in a folder"],
)
def test_a_sweep_ends_with_its_last_page_or_its_room(folder_ids, page_token, asked):
    """Whichever comes first; the next one finds the rest."""
    assert sweep(folder_ids=folder_ids).onward(page_token, asked) is None


@pytest.mark.parametrize(
    ("hurdles", "size"), [(0, 1000), (1, 500), (4, 62), (5, 50), (999_999, 50)]
)
def test_each_hurdle_halves_the_page(hurdles, size):
    """It may have been too large, or taken too long."""
    assert sweep(hurdles=hurdles).page_size == size


@pytest.mark.parametrize(
    ("known", "room", "expected"),
    [
        (("f", "g"), 100, sweep(folder_ids=("f", "g"), page_token="t", room=100)),
        (("f", "g"), 5, sweep(folder_ids=("f", "g"), page_token="t", room=5)),
        (("g",), 100, sweep(folder_ids=("g",), page_token="", room=100)),
        (("h",), 100, None),
    ],
)
def test_whoever_wrote_a_sweep_is_bound_by_the_limits(known, room, expected):
    """It goes to no folder that no policy is about, and asks for no more."""
    forged = sweep(folder_ids=("f", "g"), page_token="t", room=100)
    assert forged.within(known, room) == expected


def test_a_hurdle_is_counted_with_its_reason():
    """One more in a row, and the reason in 300 characters."""
    met = sweep(hurdles=1, reason="was busy").hindered("x" * 999)
    assert met == sweep(hurdles=2, reason="x" * 300)


def test_a_sweep_is_given_up_after_an_hour():
    """Counted from when it began; the next one is near."""
    assert sweep(hurdles=9).due == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("reason", "told"), [("", "busy"), ("denied", "denied")])
def test_a_folder_that_could_not_be_swept_is_an_outcome(reason, told):
    """It names the folder and the timer's event; there is no instance to name."""
    stuck = sweep(folder_ids=("f", "g"), reason="busy")
    found = outcome_of(stuck, Verdict.UNRESOLVED, LATER, reason)
    assert (found.verdict, found.reason) == (
        Verdict.UNRESOLVED,
        f"sweep of folder f: {told}",
    )
    assert (found.subject, found.request, found.time, found.created) == (
        "",
        None,
        LATER,
        NOW,
    )
    assert found.origin == {"cause": "scheduled", "eventId": "timer-1"}
    other = outcome_of(replace(stuck, folder_ids=("g",)), Verdict.UNRESOLVED, LATER)
    assert found.id != other.id


@given(sweeps)
def test_what_is_written_is_read(sent):
    """Rendering any sweep and reading it gives the same sweep."""
    late = NOW.replace(year=2030)
    delivery = Delivery(event_id="m", body=render_sweep(sent), created=late)
    assert read_tasks(delivery, late) == (sent,)


def test_each_instance_that_lacks_something_is_told_with_its_tasks():
    """By the sweep's cause and event, under names that a repeat gives again."""
    whole = instance(id="fhm9", interfaces=(interface(),))
    more = policy(name="more", index="2", match=Match(labels={"x": LabelRule()}))
    labelled = instance(id="fhm1", labels={"x": ""})
    there = [instance(id="fhm0"), whole, labelled]
    found = lacking(policy(), more, there=there)
    assert [
        [(one.attachment.subject, one.origin.policy) for one in tasks]
        for tasks in found
    ] == [[("fhm0/1", "mgmt")], [("fhm1/1", "mgmt"), ("fhm1/2", "more")]]
    origins = {(one.origin.cause, one.origin.event_id) for [one, *_] in found}
    assert origins == {(Cause.SCHEDULED, "timer-1")}
    assert found == lacking(policy(), more, there=there)


def test_a_sweep_asks_for_no_more_instances_than_it_has_room():
    """The rest is left to the next sweep, which may choose others; a repeat does
    not.
    """

    def chosen(name):
        found = lacking(there=SOME, room=2, id=name)
        return tuple(tasks[0].attachment.instance_id for tasks in found)

    names = [f"sweep-{number}" for number in range(20)]
    assert {len(set(chosen(name))) for name in names} == {2}
    assert {one for name in names for one in chosen(name)} == {one.id for one in SOME}
    assert [chosen(name) for name in names] == [chosen(name) for name in names]


@pytest.mark.parametrize(
    ("folders", "page_token", "share"),
    [(("f",), "", 5), (("f",), "next", 3), (("f", "g"), "", 3)],
)
def test_pages_that_follow_keep_half_of_the_room(folders, page_token, share):
    """Whoever is refused each time on one page keeps nobody out on the next."""
    assert sweep(folder_ids=folders, room=5).share(page_token) == share


def test_only_the_policies_named_count():
    """None named are all."""
    both = (policy(), policy(name="more", index="2"))
    for names, indexes in ((("more",), ["2"]), ((), ["1", "2"])):
        [tasks] = lacking(*both, policies=names)
        assert [one.attachment.index for one in tasks] == indexes


def test_a_dry_run_asks_for_dry_runs():
    """All else is as the policy wants it."""
    own = Options(final_power=FinalPower.RUNNING)
    [[found]] = lacking(policy(options=own), dry_run=True)
    assert found.request.options == replace(own, dry_run=True)


STOPPABLE = Options(stop_if_running=True)


@pytest.mark.parametrize(
    ("wanting", "there", "possible"),
    [
        (policy(), instance(), True),
        (policy(index="auto"), instance(), False),
        (policy(index="auto"), instance(interfaces=FULL[:1]), True),
        (policy(), instance(status="RUNNING"), False),
        (policy(options=STOPPABLE), instance(status="RUNNING"), False),
        (policy(options=STOPPABLE), instance(), True),
        (policy(), instance(status="CRASHED"), False),
        (policy(), instance(status="DELETING"), False),
        (policy(), instance(interfaces=FULL[:2]), False),
        (policy(index="auto"), instance(interfaces=FULL[:2]), True),
        (policy(index="auto"), instance(interfaces=FULL), False),
        (policy(), instance(disks=13), False),
        (policy(), instance(zone_id="ru-central1-d"), False),
        (policy(), instance(labels={"nic-attach-opt-out": ""}), False),
        (policy(match=Match(causes=(Cause.STOPPED,))), instance(), False),
        (policy(match=Match(causes=(Cause.SCHEDULED,))), instance(), True),
    ],
)
def test_only_what_is_possible_now_is_asked_for(wanting, there, possible):
    """The rest is left to the event that changes it, or told by none at all."""
    assert bool(lacking(wanting, there=[there])) is possible


@pytest.mark.parametrize(
    ("limits", "possible"),
    [
        (Limits(folder_ids=("b1gf3k8s6n1w5r9j2h7c",)), True),
        (Limits(folder_ids=("other",)), False),
        (Limits(subnet_ids=("other",)), False),
        (Limits(security_group_ids=("other",)), False),
    ],
)
def test_what_the_limits_forbid_is_not_asked_for(limits, possible):
    """It would be refused every time."""
    assert bool(lacking(limits=limits)) is possible


def test_policies_that_stand_in_each_others_way_ask_for_nothing():
    """An event's outcome tells that, once."""
    rivals = (policy(match=Match(name_pattern="web-*")), policy(name="other"))
    assert lacking(*rivals) == []
