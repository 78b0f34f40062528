"""Schedules of everything that can go wrong, and bugs that are planted on purpose."""

import pytest

from simulation.promises import PROMISES
from simulation.seeds import play_many
from tests.simulation.mutants import MUTANTS

# About as many as fit into five seconds of CPU time; `make simulate` plays on.
SLICE = 800
# Within which each planted bug is found.
ENOUGH = 600


def found(tally):
    return {one.promise for result in tally.broken.values() for one in result.broken}


def test_every_promise_is_kept():
    """In schedules with every kind of trouble, no promise is broken."""
    tally = play_many(range(SLICE))
    assert {seed: one.broken for seed, one in tally.broken.items()} == {}
    assert tally.requests > SLICE
    assert {"attached", "timed-out", "not-stopped"} < set(tally.verdicts)
    troubles = {"crashed", "killed", "paused", "refused", "answer lost", "too late"}
    troubles |= {"stale", "throttled", "not sent", "sent without an answer"}
    assert troubles | {"others", "deployed", "destined"} == set(tally.troubles)


def test_every_promise_is_written_down():
    """Each is a function that quotes what it checks."""
    assert all((one.__doc__ or "").strip() for one in PROMISES)


@pytest.mark.long
@pytest.mark.parametrize("plant", MUTANTS.values(), ids=MUTANTS)
def test_a_planted_bug_is_found(plant, monkeypatch):
    """The simulation proves itself: whatever is broken in the code breaks a promise."""
    plant(monkeypatch)
    assert found(play_many(range(ENOUGH), lambda tally: bool(tally.broken)))


@pytest.mark.long
def test_messages_deleted_before_they_are_worked_on_are_missed():
    """No handler could bear a platform that deletes first: requests are lost."""
    tally = play_many(range(ENOUGH), lambda tally: bool(tally.broken), ack_first=True)
    assert found(tally) == {"everyone_is_answered"}
