"""Lists of instances and of operations, page by page."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ListInstancesRequest,
    ListInstancesResponse,
)
from yandex.cloud.operation.operation_pb2 import Operation

from fakes.compute import checks, filters, pages
from fakes.compute.claims import name_scope
from fakes.compute.entry import Entry
from fakes.compute.filters import Condition
from fakes.compute.pages import Place
from fakes.compute.scene import Rules

_MOST_OPERATIONS: Final = 10**12  # more than there will ever be
_BY_ID: Final = "id"
# "format is "createdAt desc". "id asc" if omitted"
# (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list).  Assumption: these are
# the columns, in both spellings.
_COLUMNS: Final[dict[str, Callable[[Instance], str]]] = {
    "id": lambda _: "",
    "name": lambda one: one.name,
    "createdat": lambda one: one.created_at.ToDatetime(UTC).isoformat(
        timespec="microseconds"
    ),
    "zoneid": lambda one: one.zone_id,
    "status": lambda one: Instance.Status.Name(one.status),
}


def instances_page(
    request: ListInstancesRequest, rules: Rules
) -> ListInstancesResponse:
    """Return one page of instances, without the metadata their guests read.

    Raises:
        ApiError: INVALID_ARGUMENT for a page, filter or order that is unknown
            here; NOT_FOUND for the folder.
    """
    checks.required(folder_id=request.folder_id)
    checks.check_folder(request.folder_id, rules)
    conditions = filters.parse(request.filter)
    column, descending = _order(request.order_by)
    order = f"{column}-desc" if descending else column
    after = pages.read(request.page_token, order)
    value = _COLUMNS[column]

    def place(one: Instance) -> Place:
        return Place(value=value(one), id=one.id)

    rest: Iterable[Instance]
    if order == _BY_ID:
        rest = _by_id(after, conditions, rules)
    else:
        rest = _ordered(
            _by_id(None, conditions, rules),
            lambda one: (value(one), one.id),
            (after.value, after.id) if after else None,
            pages.size_of(request.page_size) + 1,
            descending=descending,
        )
    page, token = pages.page_of(rest, place, order, request.page_size)
    response = ListInstancesResponse(instances=page, next_page_token=token)
    for one in response.instances:
        one.ClearField("metadata")
    return response


def operations_page(
    entries: Iterable[Entry], size: int, token: str
) -> tuple[list[Operation], str]:
    """Return one page of operations, in the order given, and the next one's token.

    Raises:
        ApiError: INVALID_ARGUMENT for the page.
    """
    after = pages.read(token, "newest")

    def place(entry: Entry) -> Place:
        return Place(id=str(_MOST_OPERATIONS - entry.number))

    rest = (one for one in entries if after is None or place(one).id > after.id)
    page, next_token = pages.page_of(rest, place, "newest", size)
    return [entry.operation for entry in page], next_token


def _order(order_by: str) -> tuple[str, bool]:
    """Return the column to order by, and whether it descends."""
    words = order_by.split() or [_BY_ID]
    column = words[0].replace("_", "").lower()
    direction = [one.lower() for one in words[1:]] or ["asc"]
    if column not in _COLUMNS or direction not in (["asc"], ["desc"]):
        msg = f"order_by: cannot order by {order_by!r}"
        raise checks.invalid(msg)
    return column, direction == ["desc"]


def _by_id(
    after: Place | None, conditions: list[Condition], rules: Rules
) -> Iterator[Instance]:
    """Yield what the conditions leave, by id."""
    shelf = rules.world.instances
    start = after.id if after else ""
    for condition in conditions:
        if condition.wanted and condition.field in {"id", "name"}:
            # Few candidates, found without a look at the others.
            ids = condition.values
            if condition.field == "name":
                ids = frozenset(_named(condition.values, rules))
            candidates = (shelf.get(one) for one in sorted(ids) if one > start)
            some = (one for one in candidates if one is not None)
            return (one for one in some if all(c.holds(one) for c in conditions))
    return (one for one in shelf.after(start) if all(c.holds(one) for c in conditions))


def _named(names: Iterable[str], rules: Rules) -> Iterator[str]:
    """Yield the ids of those who have, or will have, one of the names."""
    for name in names:
        yield from rules.world.claims.holders(name_scope(Instance), name)


def _ordered(
    instances: Iterable[Instance],
    key: Callable[[Instance], tuple[str, str]],
    after: tuple[str, str] | None,
    count: int,
    *,
    descending: bool,
) -> list[Instance]:
    """Return the first so many instances after a key."""
    if descending:
        rest = (one for one in instances if after is None or key(one) < after)
        return heapq.nlargest(count, rest, key=key)
    rest = (one for one in instances if after is None or key(one) > after)
    return heapq.nsmallest(count, rest, key=key)
