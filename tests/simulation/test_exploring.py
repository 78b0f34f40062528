"""In a small world, every promise is kept in every state that there can be."""

import pytest

from simulation.exploring import SCENES, UNCHANGING, Small, explore
from simulation.seeds import play_choices
from tests.simulation.mutants import MUTANTS

STOPPED, MAY_STOP = SCENES.values()
ONE = {}  # a single copy, of a request for an instance that is stopped
LATE = {**MAY_STOP, "scene:timeout#0": 3}

# A change of these is a change of what can happen.
WORLDS = {
    "two copies, two crashes": (Small(scene=STOPPED, acts=0, slow=0), 1914),
    "two copies, time passing": (Small(scene=STOPPED, crashes=0, acts=0), 1605),
    "two acts of others": (Small(scene=ONE, crashes=0, slow=0), 118),
    "little time, a crash and an act": (
        Small(scene=LATE, crashes=1, acts=1, slow=0),
        1451,
    ),
    "a stop, and two acts of others": (Small(scene=MAY_STOP, crashes=0, slow=0), 1288),
    "a stop, and two crashes": (Small(scene=MAY_STOP, acts=0, slow=0), 2962),
}


@pytest.mark.exhaustive
def test_two_copies_two_crashes_and_two_acts_are_played_to_their_end():
    """Nothing that can happen between them breaks a promise."""
    found = explore(Small(scene=STOPPED, slow=0))
    assert (found.broken, found.states) == (None, 315_009)


@pytest.mark.long
@pytest.mark.parametrize(("small", "states"), WORLDS.values(), ids=WORLDS)
def test_every_promise_is_kept_in_every_state(small, states):
    """All interleavings are played, and there are as many states as ever."""
    found = explore(small)
    assert found.broken is None
    assert found.states == states
    assert found.ends > 0
    assert found.verdicts


# Those that need no more than one copy, a crash or an act to do harm.
PLANTED = {
    "no_idempotency_key": STOPPED,
    "forget_the_found_power": MAY_STOP,
    "swallow_an_error": ONE,
    "timeout_is_success": LATE,
    "publish_before_the_follow_up": STOPPED,
    "answer_under_another_name": ONE,
    "anything_there_is_ours": ONE,
    "stop_without_permission": ONE,
}


@pytest.mark.long
@pytest.mark.parametrize(("name", "scene"), PLANTED.items(), ids=PLANTED)
def test_a_planted_bug_is_found(name, scene, monkeypatch):
    """And the schedule that shows it can be played again."""
    MUTANTS[name](monkeypatch)
    found = explore(Small(scene=scene, crashes=1, acts=1, slow=0), most=2000)
    assert found.broken is not None
    again = play_choices(found.broken.chosen, sure=UNCHANGING)
    assert again.broken == found.broken.broken


def test_one_can_stop_early():
    """After so many schedules."""
    found = explore(Small(scene=STOPPED), most=30)
    assert found.schedules == 30
