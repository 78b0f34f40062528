"""Names that must be the same every time: ids derived, never drawn.

Changing anything here changes every key: requests in flight would attach twice.
"""

import hashlib
import json
import uuid
from typing import Any

from events.attachment import render_attachment
from events.request import Request


def derived_id(*parts: Any) -> str:
    """Return a UUID that the same JSON-like *parts* always give.

    Its version is 4, the one the API recommends for idempotency keys
    (yandex-cloud/docs: en/api-design-guide/concepts/idempotency.md); whether
    the API would take another is not verified.
    """
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def idempotency_key(request: Request, step: str, generation: int) -> str:
    """Return the key for one step of *request*.

    The same request, step and generation give the same key on every delivery,
    so that the API answers a repeat with the same Operation.  The attachment
    is part of it: a request id that is reused for another attachment never
    gets the first one's operation.  The generation is, because a repeat with
    the key of a failed operation would get that failed operation back.
    """
    wanted = render_attachment(request.attachment)
    return derived_id("idempotency-key", request.id, wanted, step, generation)
