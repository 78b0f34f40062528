"""A schedule is its choices: told again, and shortened."""

import pytest
from click.testing import CliRunner

from cli.main import nic
from simulation.behaviour import Behaviour
from simulation.dice import Scripted, Seeded
from simulation.play import Play
from simulation.quiet import logs_to
from simulation.seeds import play_choices, play_seed
from simulation.shrinking import shrink
from tests.simulation.mutants import swallow_an_error

SEEDS = range(40, 60)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_is_the_same_story(seed):
    """Bit for bit, and so are the choices that it made, written down."""
    first = play_seed(seed)
    assert play_seed(seed) == first
    again = play_choices(first.chosen)
    assert (again.story, again.chosen) == (first.story, first.chosen)


@pytest.mark.long
def test_what_was_learnt_of_a_handler_is_what_it_does():
    """Schedules come out the same, whether handlers are called or remembered."""
    behaviour = Behaviour()
    with logs_to(None):
        for seed in range(150):
            remembered = Play(Seeded(seed), behaviour).run()
            assert remembered == Play(Seeded(seed)).run()


def test_without_choices_all_is_well():
    """The plainest schedule of all: asked for, attached, told."""
    result = play_choices({})
    assert (result.broken, result.chosen) == ([], {})
    assert dict(result.verdicts) == {"attached": 1}
    assert not result.troubles


def test_what_cannot_be_chosen_is_not():
    """A script may name what never comes up, or too large a number."""
    dice = Scripted({"a#0": 7, "b#3": 1})
    assert dice.draw("a", 3) == 0
    assert dice.chosen == {}


def test_a_failing_schedule_is_shortened(monkeypatch):
    """To the one error that nobody may swallow."""
    swallow_an_error(monkeypatch)

    def fails(choices):
        return bool(play_choices(choices, telling=False).broken)

    long = next(one for one in map(play_seed, range(100)) if one.broken)
    short = shrink(long.chosen, fails)
    assert fails(short)
    assert len(short) < len(long.chosen)
    assert not any(fails({**short, name: 0}) for name in short)


def test_a_story_is_told():
    """`nic simulate --seed` tells it line by line, and how it ended."""
    told = CliRunner().invoke(nic, ["simulate", "--seed", "7"])
    assert told.exit_code == 0
    assert "of on_task" in told.output
    assert "all promises were kept" in told.output


def test_a_broken_promise_is_told_by_its_shortest_story(monkeypatch):
    """And the command fails."""
    swallow_an_error(monkeypatch)
    runner = CliRunner()
    played = runner.invoke(nic, ["simulate", "--seconds", "20"])
    assert played.exit_code == 1
    seed = played.output.rpartition("--seed ")[2].strip()
    told = runner.invoke(nic, ["simulate", "--seed", seed])
    whole = runner.invoke(nic, ["simulate", "--seed", seed, "--whole"])
    assert told.exit_code == whole.exit_code == 1
    assert "broken: everyone_is_answered" in told.output
    assert len(told.output) <= len(whole.output)


def test_as_many_schedules_as_there_is_time_for():
    """`nic simulate --seconds` counts what it did, and names the promises."""
    told = CliRunner().invoke(nic, ["simulate", "--seconds", "0.2", "--first", "9"])
    assert told.exit_code == 0
    assert "a second of one core" in told.output
    assert "attaches_once" in told.output


def test_one_of_seed_and_seconds():
    """Neither alone is enough, nor both."""
    assert CliRunner().invoke(nic, ["simulate"]).exit_code == 2
