"""The method over HTTP: what the client gets.

Statuses and errors are the API's own (yandex-cloud/docs: en/_includes/
errors-handling.md).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.codes import CODE_NAMES
from events.reading import Violation

# Names the request in every answer to one that was understood.
REQUEST_ID_HEADER = "X-Nic-Request-Id"
OK = 200
ACCEPTED = 202

# All of the documented table; what it calls NOT_IMPLEMENTED is UNIMPLEMENTED here.
_STATUSES = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
_NUMBERS = {name: number for number, name in CODE_NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the client gets.

    Attributes:
        status: The HTTP status.
        document: The body, as JSON.
        request_id: Names the request, '' if it was not understood.
    """

    status: int
    document: Mapping[str, Any]
    request_id: str = ""


def began(operation: Mapping[str, Any], request_id: str) -> Answer:
    """Answer with an Operation in the API's JSON; `done` is there, true or false."""
    # Made from protobuf, the JSON leaves out what is false.
    document = {"done": False, **operation}
    return Answer(status=OK, document=document, request_id=request_id)


def accepted(request_id: str) -> Answer:
    """Answer that the request goes on, and its outcome will come under that id."""
    document = {"requestId": request_id}
    return Answer(status=ACCEPTED, document=document, request_id=request_id)


def refused(
    code: str,
    message: str,
    *violations: Violation,
    request_id: str = "",
) -> Answer:
    """Answer with the API's error: a google.rpc code by name, with its HTTP status.

    What is wrong with a request stands in a `google.rpc.BadRequest` among the
    details, field by field.  A code not known yet is answered like UNKNOWN.
    """
    known = code if code in _STATUSES else "UNKNOWN"
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [
                {
                    "field": one.path.removeprefix("$").removeprefix("."),
                    "description": one.problem,
                }
                for one in violations
            ],
        }
    ]
    return Answer(
        status=_STATUSES[known],
        document={
            "code": _NUMBERS[known],
            "message": message,
            "details": details if violations else [],
        },
        request_id=request_id,
    )


def render_answer(answer: Answer) -> dict[str, Any]:
    """Return what the platform makes an HTTP response of.

    (yandex-cloud/docs: en/functions/concepts/function-invoke.md) No
    `WWW-Authenticate` comes with a 401: the platform renames it, and once
    failed over it.
    """
    headers = {"Content-Type": "application/json"}
    if answer.request_id:
        headers[REQUEST_ID_HEADER] = answer.request_id
    return {
        "statusCode": answer.status,
        "headers": headers,
        "body": json.dumps(answer.document),
        "isBase64Encoded": False,
    }
