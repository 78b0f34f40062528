"""`nic simulate`: schedules of everything that can go wrong, under virtual time."""

import itertools
import time
from collections import Counter

import click

from simulation.dice import Choices
from simulation.play import Result
from simulation.promises import PROMISES
from simulation.seeds import Tally, play_choices, play_many, play_seed
from simulation.shrinking import shrink


@click.command()
@click.option("--seed", type=int, help="Tell the story of one schedule.")
@click.option("--seconds", type=click.FloatRange(min=0), help="Play for so long.")
@click.option("--first", type=int, default=0, help="The first seed.", show_default=True)
@click.option("--whole", is_flag=True, help="Do not shorten a story that went wrong.")
def simulate(
    *, seed: int | None, seconds: float | None, first: int, whole: bool
) -> None:
    """Let the functions work in a local cloud where everything goes wrong.

    All of it happens in one process, without sockets and under virtual time: copies
    and reordering of messages, crashes before and after every effect, errors of the
    API and of the queues, other people's deeds, new policies.  The promises of the
    README are looked at after every step.  The same seed is the same story.
    """
    if (seed is None) is (seconds is None):
        msg = "give either --seed or --seconds"
        raise click.UsageError(msg)
    if seed is not None:
        _tell(seed, whole=whole)
    elif seconds is not None:
        _play(seconds, first)


def _tell(seed: int, *, whole: bool) -> None:
    result = play_seed(seed)
    if not result.broken or whole:
        _print_story(result)
    else:
        click.echo(f"seed {seed} breaks a promise; its shortest schedule:", err=True)
        _print_story(play_choices(_shortest(result)))
    if result.broken:
        raise SystemExit(1)


def _shortest(result: Result) -> Choices:
    promises = {one.promise for one in result.broken}

    def fails(choices: Choices) -> bool:
        found = play_choices(choices, telling=False)
        return any(one.promise in promises for one in found.broken)

    return shrink(result.chosen, fails)


def _print_story(result: Result) -> None:
    for line in result.story:
        click.echo(line)
    chosen = ", ".join(f"{name}={it}" for name, it in result.chosen.items())
    click.echo(f"chosen: {chosen or 'nothing out of the ordinary'}")
    for one in result.broken:
        click.echo(click.style(f"broken: {one}", fg="red", bold=True))
    if not result.broken:
        verdicts = ", ".join(result.verdicts.elements()) or "nothing was asked for"
        click.echo(f"all promises were kept: {verdicts}")


def _play(seconds: float, first: int) -> None:
    begun = time.process_time()
    tally = play_many(
        itertools.count(first),
        lambda tally: bool(tally.broken) or time.process_time() - begun >= seconds,
    )
    _print_tally(tally, time.process_time() - begun)
    for seed, result in tally.broken.items():
        for one in result.broken:
            click.echo(click.style(f"broken: {one}", fg="red", bold=True))
        click.echo(f"tell it: nic simulate --seed {seed}")
        raise SystemExit(1)


def _print_tally(tally: Tally, spent: float) -> None:
    rate = tally.schedules / spent if spent else 0.0
    click.echo(
        f"{tally.schedules} schedules, {rate:.0f} a second of one core: "
        f"{tally.requests} requests, {tally.steps} steps"
    )
    click.echo(f"{len(tally.states)} different states of the world")
    click.echo(f"troubles: {_counts(tally.troubles)}")
    click.echo(f"verdicts: {_counts(tally.verdicts)}")
    click.echo(f"{len(PROMISES)} promises, looked at {tally.checks} times:")
    for promise in PROMISES:
        claim = (promise.__doc__ or "").partition("\n")[0]
        click.echo(f"  {promise.__name__:<28} {claim}")


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in found.most_common())
