"""Reads world files strictly: all that is wrong is told at once, with its place."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from fakes.chance import Chance
from fakes.estate import BUILT_IN, new_estate
from fakes.iam import ROLES
from fakes.reading import Problem, Reader, WrongDocumentError, parse
from fakes.start.entries import AccountEntry, Entries, QueueEntry
from fakes.start.making import Start
from fakes.start.problems import WrongWorldError
from fakes.start.resources import read_id, read_resources

_NETWORKS: Final = ("networks", "subnets", "securityGroups")
_REDRIVE: Final = "RedrivePolicy"
_OWNERS: Final = ("organizationId", "cloudId", "folderId")


def read_start(text: str | bytes, now: datetime) -> Start:
    """Return how a cloud begins that a world file describes.

    Args:
        text: The file.
        now: When all that is in it was created.

    Raises:
        WrongWorldError: If the file cannot be read, or says what cannot be.
    """
    try:
        document = parse(text)
    except WrongDocumentError as error:
        raise WrongWorldError(error.problems) from None
    if not isinstance(document, dict):
        raise WrongWorldError([Problem(path="$", problem="must be an object")])
    problems: list[Problem] = []
    start = Start(_entries(dict(document), problems), now)
    # All that the cloud itself would refuse.
    world = start.world(Chance(0), problems)
    problems += start.create_queues(new_estate(0, found=lambda _chance: world))
    if problems:
        raise WrongWorldError(problems)
    return start


def _entries(document: dict[str, Any], problems: list[Problem]) -> Entries:
    own_networks = any(name in document for name in _NETWORKS)
    owners = [read_id(document.pop(one, None), f"$.{one}", problems) for one in _OWNERS]
    resources = tuple(read_resources(document, problems))
    _check_distinct(
        [(one.path, str(given)) for one in resources for given in one.ids if given],
        "has an id that another has",
        problems,
    )
    rest = Reader.of(document, "$", problems)
    entries = Entries(
        organization_id=owners[0],
        cloud_id=owners[1],
        folder_id=owners[2],
        own_networks=own_networks,
        resources=resources,
        queues=tuple(map(_queue, rest.objects("queues"))),
        accounts=tuple(map(_account, rest.objects("serviceAccounts"))),
    )
    rest.close()
    # The cloud takes both: the same queue again, and accounts of one name.
    for named in (entries.queues, entries.accounts):
        pairs = [(one.path, one.name) for one in named if one.name]
        _check_distinct(pairs, "has a name that another has", problems)
    return entries


def _check_distinct(
    pairs: list[tuple[str, str]], problem: str, problems: list[Problem]
) -> None:
    """Refuse the second of two pairs of a path and a text, if the text is the same."""
    seen: set[str] = set()
    for path, text in pairs:
        if text in seen:
            problems.append(Problem(path=path, problem=problem))
        seen.add(text)


def _queue(reader: Reader) -> QueueEntry:
    before = len(reader.problems)
    name = reader.text("name", required=True) or ""
    inner = reader.object("attributes")
    redrive = inner.object(_REDRIVE) if inner else None
    target = _redrive(redrive) if redrive else None
    attributes = dict(_texts(inner))
    tags = dict(_texts(reader.object("tags")))
    reader.close()
    return QueueEntry(
        path=reader.path,
        name=name,
        attributes=attributes if len(reader.problems) == before else None,
        redrive=target,
        tags=tags,
    )


def _redrive(reader: Reader) -> tuple[str, int]:
    target = reader.text("deadLetterTargetArn", required=True) or ""
    count = reader.integer("maxReceiveCount", 1)
    if count is None:
        reader.wrong("maxReceiveCount", "is required")
    reader.close()
    return target, count or 1


def _texts(reader: Reader | None) -> Iterator[tuple[str, str]]:
    """Yield free names with their values, as text."""
    for name, value in (reader.rest() if reader else {}).items():
        if isinstance(value, bool):
            yield name, str(value).lower()
        elif isinstance(value, str | int):
            yield name, str(value)
        elif reader:
            reader.wrong(name, "must be a string, a whole number, true or false")


def _account(reader: Reader) -> AccountEntry:
    name = reader.text("name", required=True) or ""
    if name == BUILT_IN:
        reader.wrong("name", "is that of the built-in account")
    roles = reader.take("roles")
    if not isinstance(roles, list | None):
        reader.wrong("roles", "must be a list")
        roles = []
    for at, role in enumerate(roles or ()):
        if not isinstance(role, str) or role not in ROLES:
            reader.wrong(f"roles[{at}]", "is not a role of the local cloud")
    reader.close()
    return AccountEntry(path=reader.path, name=name, roles=tuple(roles or ()))
