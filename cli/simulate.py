"""`nic simulate`: schedules of everything that can go wrong, under virtual time."""

import itertools
import time
from collections import Counter

import click

from simulation.dice import Choices
from simulation.exploring import SCENES, UNCHANGING, Small, explore
from simulation.promises import PROMISES
from simulation.result import Result
from simulation.seeds import Tally, play_choices, play_many, play_seed
from simulation.shrinking import shrink


@click.command()
@click.option("--seed", type=int, help="Tell the story of one schedule.")
@click.option("--seconds", type=click.FloatRange(min=0), help="Play for so long.")
@click.option("--first", type=int, default=0, help="The first seed.", show_default=True)
@click.option("--whole", is_flag=True, help="Do not shorten a story that went wrong.")
@click.option("--exhaustive", is_flag=True, help="Play all there is in small worlds.")
@click.option(
    "--most",
    type=click.IntRange(0, 4),
    default=2,
    show_default=True,
    help="In a small world, how many crashes and deeds of others there may be.",
)
def simulate(  # noqa: PLR0913 - one for each option
    *,
    seed: int | None,
    seconds: float | None,
    first: int,
    whole: bool,
    exhaustive: bool,
    most: int,
) -> None:
    """Let the functions work in a local cloud where everything goes wrong.

    All of it happens in one process, without sockets and under virtual time: copies
    and reordering of messages, crashes before and after every effect, errors of the
    API and of the queues, other people's deeds, new policies.  The promises of the
    README are looked at after every step.  The same seed is the same story.

    With --exhaustive, nothing is left to chance: in small worlds, all that can happen
    does, in every order.  With two crashes and two deeds of others it takes minutes.
    """
    if [seed is not None, seconds is not None, exhaustive].count(True) != 1:
        msg = "give either --seed, --seconds or --exhaustive"
        raise click.UsageError(msg)
    if exhaustive:
        _explore(most)
    elif seed is not None:
        _tell(seed, whole=whole)
    elif seconds is not None:
        _play(seconds, first)


def _explore(most: int) -> None:
    for name, scene in SCENES.items():
        begun = time.process_time()
        found = explore(Small(scene=scene, crashes=most, acts=most, slow=0))
        spent = time.process_time() - begun
        click.echo(f"{name}, with {most} crashes and {most} deeds of others:")
        click.echo(
            f"  {found.states} states, {found.schedules} schedules of which"
            f" {found.ends} came to an end of their own, {found.steps} steps,"
            f" {found.checks} looks at promises, {spent:.0f} s"
        )
        click.echo(f"  verdicts: {', '.join(sorted(found.verdicts))}")
        if found.broken is not None:
            _print_story(play_choices(found.broken.chosen, sure=UNCHANGING))
            raise SystemExit(1)


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
