"""Long lists, page by page."""

import base64
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from fakes.errors import ApiError, Code

_MOST: Final = 1000
_DEFAULT: Final = 100
_NAME_EQUALS: Final = re.compile(r"""\s*name\s*=\s*(["'])([-_a-z0-9]*)\1\s*""")

Item = TypeVar("Item")


def page_of(
    items: Sequence[Item], key: Callable[[Item], str], size: int, token: str
) -> tuple[Sequence[Item], str]:
    """Return one page, and the token of the next or "" if this was the last.

    *items* are sorted by *key*, and the token holds the last key shown: what is
    added or removed between two pages repeats and hides nothing else.

    Args:
        items: All of them.
        key: Tells items apart, and orders them.
        size: At most 1000 (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list);
            0 means 100, an assumption.
        token: As returned with the page before, or "".

    Raises:
        ApiError: INVALID_ARGUMENT for a size out of bounds or a foreign token.
    """
    if not 0 <= size <= _MOST:
        raise ApiError(
            Code.INVALID_ARGUMENT, f"page_size: {size} is not between 0 and {_MOST}"
        )
    after = _read(token)
    rest = [item for item in items if key(item) > after]
    page = rest[: size or _DEFAULT]
    more = len(page) < len(rest)
    return page, _render(key(page[-1])) if more else ""


def name_filter(expression: str) -> str | None:
    """Return the name that a filter asks for, or None if there is no filter.

    Only `name="..."` is understood; the documentation promises more fields and
    operators (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/list).

    Raises:
        ApiError: INVALID_ARGUMENT for any other expression.
    """
    if not expression:
        return None
    found = _NAME_EQUALS.fullmatch(expression)
    if found is None:
        raise ApiError(
            Code.INVALID_ARGUMENT, f"filter: cannot understand {expression!r}"
        )
    return found[2]


def _render(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _read(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        msg = f"page_token: {token!r} is not one of ours"
        raise ApiError(Code.INVALID_ARGUMENT, msg) from error
