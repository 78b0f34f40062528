"""`nic policies`: checks policies before they are deployed."""

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeVar

import click

from cli.printing import one_line, plural, table
from events.limits import Limits
from events.match import LabelRule, Match
from events.policy import Policies, Policy, read_policies
from events.reading import InvalidDocumentError, Violation, read_json

# yandex-cloud/docs: en/functions/concepts/runtime/environment-variables.md: names
# and values together.  That KB means 1024 bytes is an assumption.
MOST_BYTES = 4096
# The other variables of a deployment: two URLs of queues with the longest names,
# the static key, the package's digest, and the names of all of them.
_OTHERS = 600
_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group()
def policies() -> None:
    """Check policies before they are deployed."""


@policies.command()
@click.argument("file", type=click.File("rb"))
def check(*, file: BinaryIO) -> None:
    """Say whether the policies in FILE (- is stdin) are fine, or all that is wrong.

    Also told is how much of a function's environment they take, which holds no
    more than 4 KB in all.  With anything wrong, the exit code is 1.
    """
    text = file.read()
    found = _read(text)
    if isinstance(found, InvalidDocumentError):
        count = plural(len(found.violations), "thing")
        click.echo(f"the policies are wrong: {count}", err=True)
        for violation in found.violations:
            click.echo(one_line(f"  {violation}"), err=True)
        raise SystemExit(1)
    click.echo(f"fine: {plural(len(found.policies), 'policy')}\n")
    for line in _overview(found):
        click.echo(line)
    _weigh(text)


def policies_option(command: _Command) -> _Command:
    """Give *command* the option `policies`, read and checked."""
    return click.option(
        "--policies",
        type=click.Path(exists=True, dir_okay=False, allow_dash=True),
        required=True,
        callback=lambda _context, _option, file: load(file),
        help="Policies and limits, as JSON; - is stdin.",
    )(command)


def load(file: str) -> Policies:
    """Return the policies in *file*, - for stdin; exit if anything is wrong."""
    with click.open_file(file, "rb") as opened:
        found = _read(opened.read())
    if isinstance(found, InvalidDocumentError):
        problems = [f"  {one}" for one in found.violations]
        msg = "\n".join(["the policies are wrong:", *map(one_line, problems)])
        raise click.ClickException(msg)
    return found


def _read(text: bytes) -> Policies | InvalidDocumentError:
    try:
        json.loads(text)
        return read_policies(text.decode())
    except InvalidDocumentError as error:
        return error
    except json.JSONDecodeError as error:
        # Where, which only whoever has the file can make use of.
        problem = f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
    except (RecursionError, ValueError) as error:
        problem = f"is not JSON: {type(error).__name__}"
    return InvalidDocumentError(Violation(path="$", problem=problem))


def _overview(found: Policies) -> Iterator[str]:
    head = ("policy", "index", "zones", "causes", "instances")
    yield from table([head, *map(_describe, found.policies)])
    yield f"\nlimits: {'; '.join(_limits(found.limits))}"


def _describe(policy: Policy) -> tuple[str, ...]:
    causes = ", ".join(cause.value for cause in policy.match.causes)
    zones = ", ".join(sorted(policy.zones)) or "none"
    instances = ", ".join(_rules(policy.match)) or "all"
    return (policy.name, policy.index, zones, causes or "any", instances)


def _rules(match: Match) -> Iterator[str]:
    """Yield which instances are meant, beside their zones."""
    for name, rule in match.labels.items():
        yield _rule(name, rule)
    if match.name_pattern:
        yield f"named {match.name_pattern}"
    if match.folder_ids:
        yield f"in folder {' or '.join(match.folder_ids)}"


def _rule(name: str, rule: LabelRule) -> str:
    if not rule.present:
        return f"without {name}"
    if rule.values is None:
        return f"with {name}"
    values = sorted(rule.values)
    return (
        f"{name}={values[0]}"
        if len(values) == 1
        else f"{name} in ({', '.join(values)})"
    )


def _limits(limits: Limits) -> Iterator[str]:
    for ids, thing in (
        (limits.folder_ids, "folder"),
        (limits.subnet_ids, "subnet"),
        (limits.security_group_ids, "security group"),
    ):
        yield plural(len(ids), thing) if ids else f"any {thing}"
    if limits.one_public_address:
        yield "one public address"
    yield f"{plural(limits.per_sweep, 'instance')} a sweep"
    yield f"label {limits.opt_out_label} opts out"


def _weigh(text: bytes) -> None:
    """Tell how many bytes the variable takes, and warn if they are too many."""
    compact = json.dumps(read_json(text), separators=(",", ":"), ensure_ascii=False)
    size, room = len("POLICIES") + len(compact.encode()), MOST_BYTES - _OTHERS
    click.echo(f"size: {size} bytes of a function's environment, as compact JSON")
    if size > room:
        msg = (
            f"Warning: too large: of the {MOST_BYTES} bytes of an environment, "
            f"about {room} are left for policies"
        )
        click.echo(msg, err=True)
