"""Reads the entries of a world file that are bodies of the API's requests."""

import re
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import CreateInstanceRequest
from yandex.cloud.vpc.v1.network_pb2 import Network

from fakes.errors import ApiError
from fakes.http.rest_fields import (
    field_of,
    is_well_known,
    map_entry,
    read_message,
    type_of,
)
from fakes.reading import Problem
from fakes.start.entries import KINDS, Kind, ResourceEntry

ID: Final = re.compile(r"[a-z][a-z0-9]{19}")
STATUSES: Final = ("RUNNING", "STOPPED")
_GIBIBYTE: Final = 2**30


def read_resources(
    document: dict[str, Any], problems: list[Problem]
) -> Iterator[ResourceEntry]:
    """Yield the resources of a world file, in the order in which they are made.

    What is wrong is added to *problems*; what cannot be understood has no request.
    """
    for name, (kind, request) in KINDS.items():
        items = document.pop(name, None)
        if items is not None and not isinstance(items, list):
            problems.append(Problem(path=f"$.{name}", problem="must be a list"))
            continue
        for place, item in enumerate(items or ()):
            path = f"$.{name}[{place}]"
            if isinstance(item, dict):
                yield _read(dict(item), path, kind, request(), problems)
            else:
                problems.append(Problem(path=path, problem="must be an object"))


def read_id(value: Any, path: str, problems: list[Problem]) -> str | None:
    """Return an id that is given, if it is one."""
    if value is None or (isinstance(value, str) and ID.fullmatch(value)):
        return value
    problem = "must be 20 small letters and digits, a letter first"
    problems.append(Problem(path=path, problem=problem))
    return None


def _read(
    item: dict[str, Any],
    path: str,
    kind: Kind,
    request: Message,
    problems: list[Problem],
) -> ResourceEntry:
    before = len(problems)
    ids = [read_id(item.pop("id", None), f"{path}.id", problems)]
    if kind is Network:
        name = "defaultSecurityGroupId"
        ids.append(read_id(item.pop(name, None), f"{path}.{name}", problems))
    status = item.pop("status", "RUNNING") if kind is Instance else "RUNNING"
    if status not in STATUSES:
        problem = f"must be one of {', '.join(STATUSES)}"
        problems.append(Problem(path=f"{path}.status", problem=problem))
    _read_fields(request, item, path, problems, unknown=("folder_id",))
    if isinstance(request, CreateInstanceRequest):
        _complete(request)
    return ResourceEntry(
        path=path,
        kind=kind,
        name=getattr(request, "name", ""),
        ids=tuple(ids),
        request=request if len(problems) == before else None,
        stopped=status == "STOPPED",
    )


def _complete(request: CreateInstanceRequest) -> None:
    """Let what is not said of an instance be small."""
    request.platform_id = request.platform_id or "standard-v3"
    if not request.HasField("resources_spec"):
        request.resources_spec.memory = 2 * _GIBIBYTE
        request.resources_spec.cores = 2
        request.resources_spec.core_fraction = 20
    if not request.HasField("boot_disk_spec"):
        request.boot_disk_spec.auto_delete = True


def _read_fields(
    message: Message,
    value: dict[str, Any],
    path: str,
    problems: list[Problem],
    unknown: tuple[str, ...] = (),
) -> None:
    """Put *value* into *message*, all but what does not fit, as in a REST body."""
    seen: set[str] = set()
    for name, content in value.items():
        place = f"{path}.{name}"
        field = field_of(type_of(message), name)
        if field is None or field.name in unknown:
            problems.append(Problem(path=place, problem="is not a known field"))
            continue
        group = (field.containing_oneof or field).name
        if group in seen:
            problems.append(Problem(path=place, problem=f"is another {group}"))
        elif content is not None:
            seen.add(group)
            _read_field(message, field, content, place, problems)


def _read_field(
    message: Message,
    field: FieldDescriptor,
    content: Any,
    place: str,
    problems: list[Problem],
) -> None:
    """Put *content* into a field, going into what is within, problem by problem."""
    inner = getattr(message, field.name)
    if _has_fields(field) and field.is_repeated and isinstance(content, list):
        for at, item in enumerate(content):
            if isinstance(item, dict):
                _read_fields(inner.add(), item, f"{place}[{at}]", problems)
            else:
                problem = Problem(path=f"{place}[{at}]", problem="must be an object")
                problems.append(problem)
    elif _has_fields(field) and not field.is_repeated and isinstance(content, dict):
        inner.SetInParent()
        _read_fields(inner, content, place, problems)
    else:
        _read_whole(message, field, content, place, problems)


def _read_whole(
    message: Message,
    field: FieldDescriptor,
    content: Any,
    place: str,
    problems: list[Problem],
) -> None:
    try:
        read_message(message, {field.name: content}, place.rpartition(".")[0])
    except ApiError as error:
        where, _, problem = error.message.partition(": ")
        told = where.replace(field.name, field.json_name, 1)
        problems.append(Problem(path=told, problem=problem))


def _has_fields(field: FieldDescriptor) -> bool:
    """Tell whether it is a message to be read field by field."""
    kind = field.message_type
    return kind is not None and not map_entry(field) and not is_well_known(kind)
