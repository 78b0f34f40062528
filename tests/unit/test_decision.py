"""The decisions, over everything that can be seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.decision_table import (
    as_markdown,
    as_text,
    every_sighting,
    interface_table,
    power_table,
    whole,
)
from events.decision import (
    Attach,
    FinalPower,
    Lateness,
    Note,
    Progress,
    Retry,
    Settle,
    Start,
    Stop,
    Verdict,
    Wait,
    decide,
)
from events.instance import Power, Slot

HERE = Path(__file__).parent
EVERY = [(seen, decide(seen)) for seen in every_sighting()]


def those(*kinds):
    """Return what was seen where one of *kinds* of action follows."""
    return [seen for seen, action in EVERY if isinstance(action, kinds)]


def settled(verdict):
    return [seen for seen, action in EVERY if action == Settle(verdict)]


def test_every_row_is_as_pinned():
    """A change of policy is a change of `decisions.txt`: rewrite it with
    `nic decisions --all > tests/unit/decisions.txt` and read the difference.
    """
    assert as_text(whole()) == (HERE / "decisions.txt").read_text()


@pytest.mark.parametrize("table", [interface_table, power_table])
def test_the_readme_shows_the_tables(table):
    """The README's tables are what `nic decisions --markdown` prints."""
    readme = (HERE.parent.parent / "README.md").read_text()
    assert as_markdown(table()) in readme


def test_attaches_only_to_a_stopped_instance_with_a_free_slot_in_time():
    """An attach begins only where the platform takes it, and nothing is under way."""
    assert {
        (s.power, s.slot, s.lateness, s.progress, s.ending) for s in those(Attach)
    } == {(Power.STOPPED, Slot.FREE, Lateness.IN_TIME, Progress.NONE, None)}


def test_says_attached_only_if_the_interface_is_there():
    """No sighting but that of our interface settles as attached."""
    assert {s.slot for s in settled(Verdict.ATTACHED)} == {Slot.OURS}


def test_settles_nothing_while_an_operation_runs():
    """What runs is waited for, until there is no hope left."""
    waiting = {
        type(action)
        for seen, action in EVERY
        if seen.progress is Progress.RUNNING and seen.lateness is not Lateness.HOPELESS
    }
    assert waiting == {Wait}


def test_claims_nothing_about_an_attach_that_never_ends():
    """Without hope and without a verdict, that is the verdict."""
    assert {
        action
        for seen, action in EVERY
        if seen.progress is Progress.RUNNING
        and seen.lateness is Lateness.HOPELESS
        and seen.ending is None
    } == {Settle(Verdict.UNRESOLVED)}


def test_stops_only_with_permission():
    """Without `stopIfRunning`, no instance is ever stopped."""
    assert {s.may_stop for s in those(Stop, Note)} == {True}


def test_remembers_before_the_first_stop():
    """A stop on the way to an attach follows only upon a note of how the
    instance was found.
    """
    on_the_way = [s for s, action in EVERY if action == Stop()]
    assert {s.noted for s in on_the_way} == {True}


def test_starts_again_what_it_stopped():
    """Whatever the verdict, a noted instance that is seen stopped is started, as
    long as there is hope, no operation stands in the way, and no other power
    was asked for.
    """
    owed = [
        action
        for seen, action in EVERY
        if seen.noted
        and seen.final is not FinalPower.STOPPED
        and seen.power is Power.STOPPED
        and seen.lateness is not Lateness.HOPELESS
        and seen.progress in (Progress.NONE, Progress.SUCCEEDED)
        and not isinstance(action, Attach | Wait)
    ]
    assert {type(action) for action in owed} == {Start}


def test_starts_only_what_was_stopped_by_us_or_asked_to_run():
    """An instance that was found stopped is left stopped unless asked otherwise."""
    assert all(s.noted or s.final is FinalPower.RUNNING for s in those(Start))


def test_begins_nothing_late():
    """After the due time only what we stopped is started again, or tried again."""
    late = [
        (seen, action)
        for seen, action in EVERY
        if seen.lateness is not Lateness.IN_TIME
        and not isinstance(action, Settle | Wait)
    ]
    assert {(type(action), seen.noted) for seen, action in late} == {
        (Start, True),
        (Retry, True),
    }


def test_ends_when_there_is_no_hope():
    """Once a task is hopeless it is settled, whatever is seen: none lives for ever."""
    assert {
        type(action) for seen, action in EVERY if seen.lateness is Lateness.HOPELESS
    } == {Settle}


def test_never_touches_a_foreign_interface():
    """Where another interface is at the index, no attach begins."""
    assert Slot.FOREIGN not in {s.slot for s in those(Attach)}


def test_upholds_the_ending():
    """A verdict reached earlier is what is settled in the end; only an attached
    interface that others took away since is not claimed.
    """
    changed = {
        (seen.ending, action.verdict)
        for seen, action in EVERY
        if isinstance(action, Settle)
        and seen.ending
        and action.verdict is not seen.ending
    }
    assert changed == {
        (Verdict.ATTACHED, Verdict.VANISHED),
        (Verdict.ATTACHED, Verdict.INSTANCE_MISSING),
    }


OTHER_ENDINGS = [one for one in Verdict if one is not Verdict.ATTACHED]


@pytest.mark.parametrize("ending", OTHER_ENDINGS)
def test_treats_all_other_endings_alike(ending):
    """The table lists one ending for all that are not ATTACHED; they differ in
    nothing but the verdict that is passed on.
    """

    def passed_on(action):
        for name in ("verdict", "ending"):
            if getattr(action, name, None) in (ending, Verdict.REFUSED):
                return replace(action, **{name: Verdict.REFUSED})
        return action

    listed = [
        (seen, action) for seen, action in EVERY if seen.ending is Verdict.REFUSED
    ]
    assert listed == [
        (seen, passed_on(decide(replace(seen, ending=ending)))) for seen, _ in listed
    ]
