"""`nic tail`: shows outcomes as they come."""

import contextlib
import json

import click

from cli.consumer import Message, key_options, new_client, queue_option, watch
from cli.printing import one_line, show_time
from events.consuming import MemoryStore, ReceivedOutcome, read_outcome
from events.reading import InvalidDocumentError, read_json
from functions._ports import QueueError

_REMEMBERED = 100_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Each outcome as a line of JSON.")
@click.option("--delete", is_flag=True, help="Take them off the queue.")
@click.option("--count", type=click.IntRange(1), help="Stop after so many.")
@queue_option("results", required=True)
@key_options
def tail(
    *,
    as_json: bool,
    delete: bool,
    count: int | None,
    results_queue: str,
    **key: str,
) -> None:
    """Follow the results queue until Ctrl-C: a line per outcome, once per id.

    A line has the time, the verdict, the instance and the index, the request's
    id, and the reason.

    Messages are put back as soon as they were looked at, with one more delivery
    counted: a queue with a redrive policy buries them in the end.  With --delete
    they are taken away from the other consumers.  A message that is no outcome
    is told of, and stays in any case.
    """
    seen = _Seen(as_json=as_json, delete=delete, count=count)
    with contextlib.closing(new_client(**key)) as client:
        try:
            watch(client, results_queue, seen.take, seen.done)
        except KeyboardInterrupt:
            return
        except QueueError as error:
            raise click.ClickException(str(error)) from None


class _Seen:
    """Prints what was not seen before."""

    def __init__(self, *, as_json: bool, delete: bool, count: int | None) -> None:
        self._as_json = as_json
        self._delete = delete
        self._left = count
        self._outcomes = MemoryStore(_REMEMBERED)
        self._others = MemoryStore(_REMEMBERED)

    def take(self, message: Message) -> bool:
        """Show a message; tell whether it may be deleted."""
        if self.done():
            return False
        try:
            outcome = read_outcome(message.body)
        except InvalidDocumentError as error:
            if self._others.add(message.id):
                text = f"message {message.id} is no outcome: {error}"
                click.echo(one_line(text), err=True)
            return False
        if self._outcomes.add(outcome.id):
            self._show(outcome, message)
        return self._delete

    def done(self) -> bool:
        """Tell whether there were as many as were asked for."""
        return self._left == 0

    def _show(self, outcome: ReceivedOutcome, message: Message) -> None:
        if self._left:
            self._left -= 1
        if self._as_json:
            click.echo(json.dumps(read_json(message.body)))
        else:
            click.echo(_line(outcome))


def _line(outcome: ReceivedOutcome) -> str:
    time = show_time(outcome.time)
    verdict = f"{outcome.verdict.value:<16}"
    parts = (time, verdict, outcome.subject or "-", outcome.id, outcome.reason)
    return one_line("  ".join(parts).rstrip())
