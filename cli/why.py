"""`nic why`: tells why an instance has its interfaces, or has them not."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from cli.access import Access, access_options, new_access
from cli.consumer import new_client, queue_option
from cli.peek import QueueSeen, peek
from cli.policies import policies_option
from cli.printing import as_json, one_line
from cli.story import find_out
from cli.telling import document, lines
from events import syntax
from events.policy import Policies
from fakes.clock import SystemClock

_QUEUES = ("tasks", "results", "dead")


def _instance_id(
    _context: click.Context, _argument: click.Parameter, value: str
) -> str:
    if problem := syntax.resource_id(value):
        raise click.BadParameter(problem)
    return value


@click.command()
@click.argument("instance", callback=_instance_id)
@policies_option
@queue_option("tasks", required=False)
@queue_option("results", required=False)
@queue_option("dead", required=False)
@click.option(
    "--key-id",
    envvar="QUEUE_KEY_ID",
    show_envvar=True,
    help="The id of a static key for the queues.",
)
@click.option(
    "--key-secret",
    envvar="QUEUE_KEY_SECRET",
    show_envvar=True,
    help="Its secret; others can see it in a command line.",
)
@click.option(
    "--peek-tasks", is_flag=True, help="Read the tasks queue; counts as a delivery."
)
@click.option("--json", "as_document", is_flag=True, help="One JSON document.")
@click.option(
    "--operations",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many to show, the newest.",
)
@access_options
def why(  # noqa: PLR0913 - as many as there are options
    *,
    instance: str,
    policies: Policies,
    peek_tasks: bool,
    as_document: bool,
    operations: int,
    endpoints: Path | None,
    key: Path | None,
    iam_token: str | None,
    **queues: str | None,
) -> None:
    """Tell the story of INSTANCE: why it has its interfaces, or has them not.

    Its operations, its interfaces, how it stands with each policy and what
    would be done at the next look, and what the queues say about it, as far as
    their URLs are given.  The last sentence says it all.

    Nothing is changed.  Messages are read from the results and the dead letters
    and put back at once, with one more delivery counted; a queue with a redrive
    policy, as that of the tasks, would bury them in the end, so it is only
    counted unless --peek-tasks is given.

    The exit code is 1 if there is no such instance.
    """
    clock = SystemClock()
    with contextlib.closing(new_access(endpoints, key, iam_token)) as access:
        seen = list(_peeked(access, instance, queues, bold=peek_tasks))
        story = find_out(access, policies, instance, clock.now, seen)
    if as_document:
        click.echo(as_json(document(story, operations), indent=2))
    else:
        for line in lines(story, operations):
            click.echo(one_line(line))
    sys.exit(0 if story.instance else 1)


def _peeked(
    access: Access, instance_id: str, given: Mapping[str, str | None], *, bold: bool
) -> Iterator[QueueSeen]:
    """Yield what the queues say: those given, and those of a local cloud."""
    local = access.local
    own = local.queues if local else {}
    key_id, key_secret = given["key_id"], given["key_secret"]
    if local and not (key_id and key_secret):
        key_id, key_secret = local.queue_key
    for name in _QUEUES:
        url = given[f"{name}_queue"] or own.get(name)
        if not url:
            continue
        if not (key_id and key_secret):
            msg = "queues need --key-id and --key-secret, or QUEUE_KEY_ID and _SECRET"
            raise click.UsageError(msg)
        with contextlib.closing(new_client(key_id, key_secret)) as client:
            yield peek(
                client,
                name,
                url,
                instance_id,
                SystemClock().now(),
                bold=bold and name == "tasks",
            )
