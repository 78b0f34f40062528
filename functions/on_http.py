"""`on_http`: the API's own method, for clients that want an answer at once.

It takes `POST /compute/v1/instances/{instanceId}:attachNetworkInterface` from
API Gateway, or the call of the function's URL with `instanceId` in the query
or the body.  The header `X-Nic-Request-Id` of the answer tells under which id
the outcome will come.
"""

from collections.abc import Callable
from typing import Any

import structlog

from events.answer import Answer, refused, render_answer
from events.rest import Call, read_call
from functions._wiring import Warm, warm

log = structlog.get_logger()


def handle(event: Any, context: Any) -> dict[str, Any]:
    """Answer one call; see `events.rest` and `events.answer` for the shapes."""
    return answer(event, context, warm)


def answer(event: Any, context: Any, kept: Callable[[], Warm]) -> dict[str, Any]:
    """Answer one call, with what is *kept*; whatever fails is an answer too."""
    try:
        found = _answer(event, context, kept())
    except Exception:  # the platform would show the client our traceback
        log.exception("failed")
        found = refused("INTERNAL", "Internal error")
    log.info("answered", status=found.status, request_id=found.request_id)
    return render_answer(found)


def _answer(event: Any, context: Any, kept: Warm) -> Answer:
    default_id = getattr(context, "request_id", "")
    call = read_call(event, default_id, kept.anonymous)
    if not isinstance(call, Call):
        return call
    request = call.request
    with structlog.contextvars.bound_contextvars(
        request_id=request.id, subject=request.attachment.subject
    ):
        return kept.submitter(context).submit(call)
