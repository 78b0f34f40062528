"""Lists of instances and of operations, page by page."""

from collections.abc import Iterable
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ListInstanceOperationsRequest,
    ListInstanceOperationsResponse,
    ListInstancesRequest,
    ListInstancesResponse,
)

from fakes.compute import checks, pages
from fakes.compute.ledger import Entry
from fakes.compute.plan import basic_view
from fakes.compute.scene import Rules

_MOST_OPERATIONS: Final = 10**12  # more than there will ever be


def instances_page(
    request: ListInstancesRequest, instances: Iterable[Instance], rules: Rules
) -> ListInstancesResponse:
    """Return one page of *instances*, by id: "id asc" is the documented default.

    Raises:
        ApiError: INVALID_ARGUMENT for a page, filter or order that is unknown
            here; NOT_FOUND for the folder.
    """
    checks.required(folder_id=request.folder_id)
    checks.check_folder(request.folder_id, rules)
    if request.order_by not in {"", "id asc"}:
        msg = f"order_by: cannot order by {request.order_by!r}"
        raise checks.invalid(msg)
    name = pages.name_filter(request.filter)
    page, token = pages.page_of(
        sorted(
            (one for one in instances if name in {None, one.name}),
            key=lambda one: one.id,
        ),
        lambda one: one.id,
        request.page_size,
        request.page_token,
    )
    return ListInstancesResponse(instances=map(basic_view, page), next_page_token=token)


def operations_page(
    request: ListInstanceOperationsRequest, newest_first: list[Entry]
) -> ListInstanceOperationsResponse:
    """Return one page of operations.

    Raises:
        ApiError: INVALID_ARGUMENT for the page.
    """
    page, token = pages.page_of(
        newest_first,
        lambda entry: str(_MOST_OPERATIONS - entry.number),
        request.page_size,
        request.page_token,
    )
    return ListInstanceOperationsResponse(
        operations=[entry.operation for entry in page], next_page_token=token
    )
