"""Idempotency keys: which text is one, and what it stands for.

(yandex-cloud/docs: en/api-design-guide/concepts/idempotency.md)
"""

import contextlib
import uuid

from fakes.compute.plan import Request
from fakes.errors import ApiError, Code


def canonical(key: str) -> str:
    """Return the key in lower case, if it is a UUID in its usual form.

    Raises:
        ApiError: INVALID_ARGUMENT ("The header must contain the UUID").
    """
    with contextlib.suppress(ValueError):
        if str(uuid.UUID(key)) == key.lower():
            return key.lower()
    raise ApiError(Code.INVALID_ARGUMENT, f"idempotency-key: {key!r} is not a UUID")


def fingerprint(request: Request) -> bytes:
    """Return what tells *request* from any other, body and method."""
    name = request.DESCRIPTOR.full_name.encode()
    return name + b"\0" + request.SerializeToString(deterministic=True)
