"""A look is folded into the few values that decide."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.attachment import AddressSpec
from events.decision import FinalPower, Lateness, Progress, Sighting, Verdict
from events.instance import Power, Slot
from events.request import Options
from events.sighting import READ_LAG, confine, fold, warnings
from events.task import MOST_GENERATIONS, Step
from tests.unit.build import NOW, instance, interface, operation, request, task

PERMITTED = request(
    options=Options(stop_if_running=True, final_power=FinalPower.STOPPED)
)
SEEN = Sighting(
    power=Power.STOPPED,
    slot=Slot.FREE,
    progress=Progress.NONE,
    lateness=Lateness.IN_TIME,
    may_stop=True,
    noted=True,
    final=FinalPower.RUNNING,
)


@pytest.mark.parametrize(
    ("seen_operation", "step", "belongs"),
    [
        (operation(), Step.ATTACH, True),
        (operation(index="2"), Step.ATTACH, False),
        (operation(index=""), Step.STOP, True),
        (operation(index=""), Step.START, True),
        (operation(instance_id="other"), Step.ATTACH, False),
        (operation(instance_id="other"), Step.STOP, False),
        (operation(instance_id=""), Step.START, False),
        (operation(instance_id="", index="", strange=True), Step.ATTACH, True),
    ],
)
def test_only_an_operation_on_the_wanted_thing_belongs(seen_operation, step, belongs):
    """An operation on another instance, or an attach elsewhere, is not the task's."""
    assert seen_operation.belongs_to(task(step=step)) is belongs


def test_a_first_look_sees_only_the_instance():
    """Without an operation there is no progress, and the options hold as given."""
    assert fold(task(request=PERMITTED), None, instance(), NOW) == Sighting(
        power=Power.STOPPED,
        slot=Slot.FREE,
        progress=Progress.NONE,
        lateness=Lateness.IN_TIME,
        may_stop=True,
        noted=False,
        final=FinalPower.STOPPED,
    )


def test_a_missing_instance_has_a_free_slot():
    """Where there is no instance, nothing is at the index."""
    seen = fold(task(), None, None, NOW)
    assert (seen.power, seen.slot) == (Power.MISSING, Slot.FREE)


def test_the_slot_is_that_of_the_wanted_index():
    """What is at the index is compared with what the request asks for."""
    seen = fold(task(), None, instance(interfaces=(interface(),)), NOW)
    assert seen.slot is Slot.OURS


def test_the_task_tells_what_the_cloud_cannot():
    """How it was found, the ending and the lateness are the task's own."""
    known = task(noted=True, ending=Verdict.REFUSED)
    seen = fold(known, None, instance(), NOW + timedelta(minutes=61))
    assert (seen.noted, seen.ending, seen.lateness) == (
        True,
        Verdict.REFUSED,
        Lateness.OVERDUE,
    )


@pytest.mark.parametrize(
    ("seen_operation", "generation", "progress"),
    [
        (None, 0, Progress.NONE),
        (operation(done=False), 0, Progress.RUNNING),
        (operation(done=False, code="INTERNAL"), 0, Progress.RUNNING),
        (operation(), 0, Progress.SUCCEEDED),
        (operation(code="UNAVAILABLE"), 0, Progress.LAPSED),
        (operation(code="UNAVAILABLE"), MOST_GENERATIONS - 1, Progress.LAPSED),
        (operation(code="UNAVAILABLE"), MOST_GENERATIONS, Progress.FAILED),
        (operation(code="FAILED_PRECONDITION"), 0, Progress.FAILED),
        (operation(code="INVALID_ARGUMENT"), 0, Progress.FAILED),
    ],
)
def test_progress_is_read_from_done_and_error(seen_operation, generation, progress):
    """Nothing has ended before `done`; an error lapses while retries are left."""
    followed = task(step=Step.ATTACH, generation=generation)
    assert fold(followed, seen_operation, instance(), NOW).progress is progress


def test_what_is_owed_is_tried_again_without_end():
    """A start that lapses is never given up for its count of generations."""
    owed = task(step=Step.START, generation=MOST_GENERATIONS, restarts=99)
    seen = fold(owed, operation(code="UNAVAILABLE"), instance(), NOW)
    assert seen.progress is Progress.LAPSED


def test_an_attach_of_unknown_origin_is_an_operation_that_runs():
    """While some attach to the index runs, nothing can be said."""
    assert fold(task(), None, instance(), NOW, busy=True).progress is Progress.RUNNING


UNSEEN = [
    (Step.ATTACH, instance()),
    (Step.STOP, instance(status="RUNNING")),
    (Step.START, instance()),
]


@pytest.mark.parametrize(("step", "shown"), UNSEEN)
@pytest.mark.parametrize(
    ("ago", "progress"),
    [
        (READ_LAG - timedelta(seconds=1), {Progress.RUNNING}),
        (READ_LAG, {Progress.SUCCEEDED, Progress.NONE}),
    ],
)
def test_what_was_done_may_not_be_seen_at_once(step, shown, ago, progress):
    """For half a minute, an effect that a read does not show is waited for."""
    ended = operation(ended=NOW - ago)
    followed = task(request=PERMITTED, step=step)
    assert fold(followed, ended, shown, NOW).progress in progress


@pytest.mark.parametrize(
    ("ending", "there", "expected"),
    [
        (Verdict.INDEX_TAKEN, "other", Verdict.INDEX_TAKEN),
        (Verdict.INDEX_TAKEN, "ours", None),
        (Verdict.INDEX_TAKEN, "", None),
        (Verdict.ATTACHED, "", Verdict.ATTACHED),
        (Verdict.TIMED_OUT, "", Verdict.TIMED_OUT),
    ],
)
def test_an_index_is_taken_no_longer_than_something_is_there(ending, there, expected):
    """What others gave back can be had; other endings stand until they are decided."""
    found = {"other": (interface(subnet_id="e9b9"),), "ours": (interface(),)}
    shown = instance(interfaces=found.get(there, ()))
    assert fold(task(ending=ending), None, shown, NOW).ending is expected


@pytest.mark.parametrize("step", [Step.STOP, Step.START])
def test_an_operation_on_the_power_that_succeeded_is_past(step):
    """Once the power changed, the task has no operation under way."""
    seen = fold(task(step=step), operation(), instance(), NOW)
    assert seen.progress is Progress.NONE


@pytest.mark.parametrize(
    ("step", "code", "expected"),
    [
        (Step.ATTACH, "", (True, True, FinalPower.STOPPED)),
        (Step.STOP, "", (False, True, FinalPower.STOPPED)),
        (Step.START, "", (False, False, FinalPower.AS_FOUND)),
        (Step.STOP, "UNAVAILABLE", (True, True, FinalPower.STOPPED)),
        (Step.START, "UNAVAILABLE", (True, True, FinalPower.STOPPED)),
    ],
)
def test_what_was_done_to_the_power_is_not_done_again(step, code, expected):
    """What succeeded permits no other stop; a start leaves nothing to restore."""
    followed = task(request=PERMITTED, step=step, noted=True)
    seen = fold(followed, operation(code=code), instance(), NOW)
    assert (seen.may_stop, seen.noted, seen.final) == expected


@pytest.mark.parametrize(
    ("slot", "ending", "in_folder", "expected"),
    [
        (Slot.FREE, None, True, (Verdict.REFUSED, True)),
        (Slot.FOREIGN, None, True, (Verdict.REFUSED, True)),
        (Slot.OURS, None, True, (None, True)),
        (Slot.FREE, Verdict.TIMED_OUT, True, (Verdict.TIMED_OUT, True)),
        (Slot.FREE, None, False, (Verdict.REFUSED, False)),
        (Slot.OURS, Verdict.ATTACHED, False, (Verdict.ATTACHED, False)),
    ],
)
def test_out_of_bounds_nothing_new_is_begun(slot, ending, in_folder, expected):
    """What is not there is refused; only in its folder may a stop be made good."""
    seen = replace(SEEN, slot=slot, ending=ending)
    verdict, noted = expected
    assert confine(seen, in_folder=in_folder) == replace(
        seen,
        may_stop=False,
        noted=noted,
        final=FinalPower.AS_FOUND,
        ending=verdict,
    )


@pytest.mark.parametrize(
    ("progress", "left", "ending"),
    [
        (Progress.NONE, Progress.NONE, Verdict.REFUSED),
        (Progress.RUNNING, Progress.RUNNING, None),
        (Progress.LAPSED, Progress.FAILED, None),
        (Progress.FAILED, Progress.FAILED, None),
        (Progress.SUCCEEDED, Progress.SUCCEEDED, None),
    ],
)
def test_what_was_begun_within_bounds_ends_as_it_ends(progress, left, ending):
    """Only where nothing was begun is it the limits that refuse."""
    seen = confine(replace(SEEN, progress=progress), in_folder=True)
    assert (seen.progress, seen.ending) == (left, ending)


UNSTARTED = instance(interfaces=(interface(index="0"), interface()))
ADDRESS = AddressSpec(address="10.0.0.7")
STARTED = instance(interfaces=(interface(address=ADDRESS),))
NOT_RUNNING = "the instance was stopped for this and is not running again"
ROUTES = "every interface brings a default route: remove the surplus ones within"
NO_ADDRESS = "the interface has no address until the instance starts"


@pytest.mark.parametrize(
    ("known", "left", "expected"),
    [
        (task(noted=True), None, ()),
        (task(noted=True), instance(status="RUNNING"), ()),
        (task(), STARTED, ()),
        (task(), instance(), ()),
        (task(), UNSTARTED, (NO_ADDRESS, ROUTES)),
        (task(), replace(UNSTARTED, status="RUNNING"), (ROUTES,)),
        (task(noted=True), STARTED, (NOT_RUNNING,)),
        (task(noted=True), UNSTARTED, (NOT_RUNNING, NO_ADDRESS, ROUTES)),
        (task(noted=True, request=PERMITTED), STARTED, ()),
    ],
)
def test_a_person_is_told_how_an_instance_is_left(known, left, expected):
    """Stopped by us and left so, or without an address yet: both are said."""
    assert warnings(known, left) == expected
