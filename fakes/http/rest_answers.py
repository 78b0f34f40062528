"""Answers and refusals as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from yandex.cloud.operation.operation_pb2 import Operation

from fakes.errors import ApiError, Code

# (yandex-cloud/docs: en/_includes/errors-handling.md); of codes that are not
# there, what google/rpc/code.proto says.
STATUSES: Final[Mapping[Code, int]] = {
    Code.CANCELLED: 499,
    Code.UNKNOWN: 500,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.DATA_LOSS: 500,
    Code.UNAUTHENTICATED: 401,
}


def render_answer(answer: Message) -> bytes:
    """Return *answer* as proto3 JSON, in which defaults are left out.

    Not so `done` of an operation: what the documentation shows of real answers
    has `"done": false` (yandex-cloud/docs: en/compute/operations/vm-create/),
    but no other default.
    """
    content = MessageToDict(answer)
    for operation in _operations(answer, content):
        operation.setdefault("done", False)
    return _render(content)


def render_error(error: ApiError, request_id: str) -> tuple[int, bytes]:
    """Return the HTTP status, and what a gRPC status is in JSON.

    (yandex-cloud/docs: en/_includes/errors-handling.md) shows the detail.
    """
    content = {
        "code": int(error.code),
        "message": error.message,
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.RequestInfo",
                "requestId": request_id,
            }
        ],
    }
    return STATUSES[error.code], _render(content)


def _operations(answer: Message, content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what of *content* are operations: all of it, or items of its lists."""
    if answer.DESCRIPTOR == Operation.DESCRIPTOR:
        yield content
    for field in answer.DESCRIPTOR.fields:
        if field.message_type == Operation.DESCRIPTOR:
            yield from content.get(field.json_name, ())


def _render(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
