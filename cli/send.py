"""`nic send`: puts a request on the tasks queue and, if asked to, waits for its end."""

import contextlib
import json
import sys
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, BinaryIO

import click

from cli.asking import build_body
from cli.consumer import Message, key_options, new_client, queue_option, watch
from events.consuming import MemoryStore, ReceivedOutcome, read_outcome
from events.decision import FinalPower, Verdict
from events.reading import InvalidDocumentError, read_json
from events.request import LONGEST_TIMEOUT
from functions._ports import QueueError
from functions._queue import QueueClient, QueueMailbox

_OTHERWISE, _NOT_KNOWN = 1, 3
_LONGEST_SECONDS = LONGEST_TIMEOUT // timedelta(seconds=1)


@click.command()
@click.option(
    "--file",
    type=click.File("rb"),
    help="Read the request from it, as JSON; - is stdin.",
)
@click.option("--instance", multiple=True, help="The instance; repeat it for several.")
@click.option("--policy", default="", help="Ask for what this policy wants.")
@click.option("--index", default="", help="The interface's index, or auto.")
@click.option("--subnet", default="", help="The subnet.")
@click.option("--security-group", multiple=True, help="A group; repeat it for several.")
@click.option("--address", default="", help="The internal address; any by default.")
@click.option(
    "--public", is_flag=True, help="With an external address (one-to-one NAT)."
)
@click.option("--stop-if-running", is_flag=True, help="Permit to stop the instance.")
@click.option(
    "--final-power",
    type=click.Choice([one.value for one in FinalPower]),
    help="The power once the interface is there; as found by default.",
)
@click.option(
    "--timeout",
    type=click.IntRange(1, _LONGEST_SECONDS),
    metavar="SECONDS",
    help="Begin nothing new after so many seconds; an hour by default.",
)
@click.option("--dry-run", is_flag=True, help="Look and decide, without any effect.")
@click.option("--request-id", help="Names what has no name; a new UUID by default.")
@click.option("--wait", is_flag=True, help="Wait for the outcome, and print it.")
@click.option(
    "--patience",
    type=click.IntRange(0),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait.",
)
@queue_option("tasks", required=True)
@queue_option("results", required=False)
@key_options
def send(  # noqa: PLR0913 - as many as there are options beside the request
    *,
    file: BinaryIO | None,
    request_id: str | None,
    wait: bool,
    patience: int,
    tasks_queue: str,
    results_queue: str | None,
    key_id: str,
    key_secret: str,
    **flags: Any,
) -> None:
    """Ask for an interface: put a request on the tasks queue.

    The request comes from a file, or from options; the interface from --index and
    the like, or from a --policy.  It is checked first; if anything is wrong with
    it, all of that is told and nothing is sent.  Printed are the ids under which
    outcomes will come.

    With --wait the outcomes are printed instead, as JSON.  Who waits competes
    with the other consumers of the results queue: an outcome goes to one of
    them, so that it may not arrive here, and the outcomes of other requests
    that arrive here are put back, with one more delivery counted.

    \b
    Exit codes:
      0  sent; with --wait, all interfaces are attached
      1  with --wait: it ended otherwise (a dry run attaches nothing)
      2  nothing was sent: the request or the command line is wrong
      3  not known: a queue failed, or some outcome did not come in time
    """  # noqa: D301 - click wants the character, not how it is written
    if wait and not results_queue:
        msg = "--wait needs --results-queue or RESULTS_QUEUE_URL"
        raise click.UsageError(msg)
    request_id = request_id or str(uuid.uuid4())
    body, ids = build_body(file, request_id, flags)
    with contextlib.closing(new_client(key_id, key_secret)) as client:
        _send(QueueMailbox(client, tasks_queue), body, request_id)
        click.echo("\n".join(ids), err=wait)
        if results_queue and wait:
            sys.exit(_wait(client, results_queue, ids, timedelta(seconds=patience)))


def _send(tasks: QueueMailbox, body: str, request_id: str) -> None:
    """Send the request; exit if that is not certain."""
    try:
        tasks.send(body)
    except QueueError as error:
        click.echo(f"Error: {error}", err=True)
        # Whether it arrived or not: under the same id it is the same request.
        click.echo(f"to be sure, again with: --request-id {request_id}", err=True)
        sys.exit(_NOT_KNOWN)


class _Waiting:
    """Takes the first outcome of each id, and prints it."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = set(ids)
        self._store = MemoryStore(len(self._ids))
        self.verdicts: list[Verdict] = []

    def take(self, message: Message) -> bool:
        """Tell whether the message is an outcome that was waited for."""
        outcome = _outcome(message)
        if outcome is None or outcome.id not in self._ids:
            return False
        if self._store.add(outcome.id):
            click.echo(json.dumps(read_json(message.body), indent=2))
            self.verdicts.append(outcome.verdict)
        return True

    def done(self) -> bool:
        """Tell whether all came."""
        return len(self.verdicts) == len(self._ids)


def _wait(
    client: QueueClient, queue_url: str, ids: Sequence[str], patience: timedelta
) -> int:
    """Return the exit code."""
    waiting = _Waiting(ids)
    try:
        watch(client, queue_url, waiting.take, waiting.done, patience)
    except QueueError as error:
        click.echo(f"Error: sent, but: {error}", err=True)
        return _NOT_KNOWN
    if not waiting.done():
        missing = len(ids) - len(waiting.verdicts)
        click.echo(f"not in time: {missing} of {len(ids)} outcomes", err=True)
        return _NOT_KNOWN
    return 0 if set(waiting.verdicts) == {Verdict.ATTACHED} else _OTHERWISE


def _outcome(message: Message) -> ReceivedOutcome | None:
    try:
        return read_outcome(message.body)
    except InvalidDocumentError:
        return None
