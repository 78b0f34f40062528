"""`nic plan`: a backtest of policies over audit events."""

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO

import click

from cli.access import access_options, new_access
from cli.backtest import backtesting
from cli.looking import Looking
from cli.planning import Planner, Row, Totals
from cli.policies import policies_option
from cli.printing import as_json, one_line, plural, row, short, show_time
from events.policy import Policies
from fakes.clock import SystemClock

NOTE = (
    "Instances are looked at as they are now, not as they were when an event came;"
    " each event is judged by itself, and nothing is done."
)
_WIDEST_EVENT = 18


@click.command()
@click.argument("file", type=click.File("rb"))
@policies_option
@click.option("--json", "as_document", is_flag=True, help="One JSON document.")
@click.option(
    "--all", "everything", is_flag=True, help="Also the events that call for nothing."
)
@access_options
def plan(  # noqa: PLR0913 - as many as there are options
    *,
    file: BinaryIO,
    policies: Policies,
    as_document: bool,
    everything: bool,
    endpoints: Path | None,
    key: Path | None,
    iam_token: str | None,
) -> None:
    """Show what policies would have done about the audit events in FILE.

    FILE (- is stdin) has audit events as JSON: what `yc logging read --format
    json` prints of a trail's log group, log entries or bare events as lines,
    files from a trail's bucket, or what a trigger handed to a function.

    Nothing is done: instances are looked at, once each and as they are now, not
    as they were, and nothing is attached, stopped, started or sent.

    \b
    Exit codes:
      0  everything was read
      1  something in FILE is broken, or the cloud could not be asked
      2  the command line is wrong
    """  # noqa: D301 - click wants the character, not how it is written
    printer = _Document() if as_document else _Table(policies)
    with contextlib.closing(new_access(endpoints, key, iam_token)) as access:
        looking = Looking(access.compute())
        with backtesting(looking, policies, SystemClock().now) as backtest:
            planner = Planner(looking, backtest, everything=everything)
            printer.begin()
            for one in planner.rows(file):
                printer.show(one)
    printer.end(planner.totals)
    for line, problem in planner.totals.broken:
        click.echo(one_line(f"line {line} is broken: {problem}"), err=True)
    sys.exit(1 if planner.totals.broken else 0)


class _Table:
    """Prints for people, as the rows come: how wide columns are is known before."""

    def __init__(self, policies: Policies) -> None:
        longest = max((len(one.name) for one in policies.policies), default=0)
        self._widths = (19, _WIDEST_EVENT, 13, 20, max(6, longest), 5, 15)

    def begin(self) -> None:
        """Print what must be known before, and the head of the table."""
        names = ("time", "event", "cause", "instance", "policy", "index", "would")
        click.echo(f"{NOTE}\n\n{row((*names, 'why'), self._widths)}")

    def show(self, one: Row) -> None:
        """Print a row."""
        cells = (
            show_time(one.time),
            short(one.event, _WIDEST_EVENT),
            *(one.cause, one.instance, one.policy, one.index, one.would, one.why),
        )
        click.echo(row([cell or "-" for cell in cells], self._widths))

    def end(self, totals: Totals) -> None:
        """Print what was counted."""
        click.echo(f"\n{plural(totals.events, 'event')}")
        for would, count in totals.would.most_common():
            click.echo(f"{count:>7}  {would}")
        if totals.ignored:
            click.echo(f"{totals.ignored.total():>7}  call for nothing:")
        for reason, count in totals.ignored.most_common():
            click.echo(one_line(f"{count:>15}  {reason}"))


class _Document:
    """Prints one JSON document, row by row, for there may be many."""

    def __init__(self) -> None:
        self._separator = ""

    def begin(self) -> None:
        """Print the beginning."""
        click.echo(f'{{"note": {as_json(NOTE)},\n "rows": [', nl=False)

    def show(self, one: Row) -> None:
        """Print a row."""
        click.echo(f"{self._separator}\n  {as_json(one.render())}", nl=False)
        self._separator = ","

    def end(self, totals: Totals) -> None:
        """Print the rest."""
        counted = {
            "events": totals.events,
            "would": totals.would,
            "ignored": totals.ignored,
            "broken": len(totals.broken),
        }
        broken = [{"line": line, "problem": text} for line, text in totals.broken]
        click.echo(f'\n ],\n "totals": {as_json(counted)},')
        click.echo(f' "broken": {as_json(broken)}}}')
