"""Long lists, page by page.

A token holds the place of the last item shown, in the order of the list: what is
added or removed between two pages repeats and hides nothing else.  It is at most
100 characters long (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from fakes.errors import ApiError, Code

_MOST: Final = 1000
_DEFAULT: Final = 100
_LONGEST: Final = 100
_SEPARATOR: Final = "~"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item is in a list.

    Attributes:
        value: What the list is ordered by; "" if by nothing but the id.
        id: What tells items of one value apart.
    """

    value: str = ""
    id: str = ""


def read(token: str, order: str) -> Place | None:
    """Return the place that a token holds, or None on the first page.

    Args:
        token: As returned with the page before, or "".
        order: Names the order of the list; a token of another one is refused.

    Raises:
        ApiError: INVALID_ARGUMENT for a foreign token.
    """
    if not token:
        return None
    parts = token.split(_SEPARATOR)
    if len(token) > _LONGEST or len(parts) != len(("order", "value", "id")):
        raise _foreign(token)
    theirs, value, place_id = parts
    if theirs != order or not place_id:
        raise _foreign(token)
    return Place(value=value, id=place_id)


def page_of(
    rest: Iterable[Item], place: Callable[[Item], Place], order: str, size: int
) -> tuple[list[Item], str]:
    """Return one page, and the token of the next or "" if this was the last.

    Args:
        rest: What comes after the pages shown; no more is taken than is needed.
        place: Tells where an item is.
        order: As for `read`.
        size: At most 1000 (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list);
            0 means 100 (yandex-cloud/docs: en/vpc/api-ref/grpc/Subnet/list), an
            assumption for instances.

    Raises:
        ApiError: INVALID_ARGUMENT for a size out of bounds.
    """
    size = size_of(size)
    found = list(islice(rest, size + 1))
    page = found[:size]
    if len(found) <= size:
        return page, ""
    last = place(page[-1])
    return page, _SEPARATOR.join((order, last.value, last.id))


def size_of(size: int) -> int:
    """Return how many items there may be on a page.

    Raises:
        ApiError: INVALID_ARGUMENT for a size out of bounds.
    """
    if not 0 <= size <= _MOST:
        raise ApiError(
            Code.INVALID_ARGUMENT, f"page_size: {size} is not between 0 and {_MOST}"
        )
    return size or _DEFAULT


def _foreign(token: str) -> ApiError:
    return ApiError(Code.INVALID_ARGUMENT, f"page_token: {token!r} is not one of ours")
