"""The JSON protocol of SQS: JSON goes in, named by a header, and comes out.

Message Queue does not document it; the reference is AWS (Amazon SQS Developer
Guide: "Making query API requests using AWS JSON protocol", "Interpreting Amazon SQS
JSON API responses").  A request becomes the form that the Query protocol would have
sent, so both mean the same by construction; errors keep the documented statuses.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

from fakes.http.queue_answer import Answer
from fakes.http.queue_form import Form
from fakes.queue.errors import QueueError, Refusal, refuse

CONTENT_TYPE: Final = "application/x-amz-json-1.0"

_TARGET: Final = "AmazonSQS."
_NUMBERS: Final = frozenset(
    {"DelaySeconds", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds"}
)
_STRINGS: Final = frozenset(
    {
        "Id",
        "MessageBody",
        "MessageDeduplicationId",
        "MessageGroupId",
        "QueueName",
        "QueueNamePrefix",
        "QueueOwnerAWSAccountId",
        "QueueUrl",
        "ReceiptHandle",
        "ReceiveRequestAttemptId",
    }
)
_LISTS: Final = {
    "AttributeNames": "AttributeName",
    "MessageAttributeNames": "MessageAttributeName",
    "MessageSystemAttributeNames": "AttributeName",
    "TagKeys": "TagKey",
}
_MAPS: Final = {
    "Attributes": ("Attribute", "Name", "Value"),
    "MessageAttributes": ("MessageAttribute", "Name", "Value"),
    "Tags": ("Tag", "Key", "Value"),
    "tags": ("Tag", "Key", "Value"),
}
# Where the name of an error differs from its code.
_ERRORS: Final = {
    Refusal.NON_EXISTENT_QUEUE: "QueueDoesNotExist",
    Refusal.QUEUE_ALREADY_EXISTS: "QueueNameExists",
}


def read_form(target: str, body: bytes) -> Form:
    """Return the form that the Query protocol has for a request.

    Args:
        target: The header `X-Amz-Target`, such as `AmazonSQS.SendMessage`.
        body: A JSON object.

    Raises:
        QueueError: MissingAction, InvalidAction, SerializationException for what is
            no object or of the wrong types, or InvalidQueryParameter for a name that
            no action has.
    """
    if not target:
        refuse(Refusal.MISSING_ACTION, "The header X-Amz-Target is missing.")
    if not target.startswith(_TARGET):
        refuse(Refusal.INVALID_ACTION, f"There is no action {target[:100]!r}.")
    action = target.removeprefix(_TARGET)
    return {**_fields(action, _object(body)), "Action": action}


def render_answer(answer: Answer | None) -> bytes:
    """Return the body that tells of success."""
    return json.dumps(answer or {}, default=_text_of).encode()


def render_error(error: QueueError) -> bytes:
    """Return the body that tells of *error*, by the name that SDKs know."""
    name = _ERRORS.get(error.refusal, error.code.rpartition(".")[2])
    told = {"__type": f"com.amazonaws.sqs#{name}", "message": error.message}
    return json.dumps(told).encode()


def headers(
    request_id: str, error: QueueError | None = None
) -> list[tuple[bytes, bytes]]:
    """Return what the head of an answer says; of an error, also its code."""
    told = [(b"x-amzn-requestid", request_id.encode())]
    if error is not None:
        whose = "Sender" if error.senders_fault else "Receiver"
        told.append((b"x-amzn-query-error", f"{error.code};{whose}".encode()))
    return told


def _text_of(value: bytes) -> str:
    """Return how JSON has the only thing in an answer that it has no type for."""
    return base64.b64encode(value).decode()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        _refuse("The body is not JSON.")
    return _mapping("The body", document)


def _fields(action: str, document: Mapping[str, Any]) -> Form:
    return {
        name: value
        for key, it in document.items()
        if it is not None  # as some SDKs write what is not given
        for name, value in _flat(action, key, it)
    }


def _flat(action: str, key: str, value: Any) -> Iterator[tuple[str, str]]:
    if key in _NUMBERS:
        yield key, _number(key, value)
    elif key in _STRINGS:
        yield key, _string(key, value)
    elif key in _LISTS:
        for index, it in enumerate(_list(key, value), 1):
            yield f"{_LISTS[key]}.{index}", _string(key, it)
    elif key in _MAPS:
        yield from _flat_map(_MAPS[key], key, value)
    elif key == "Entries":
        for index, it in enumerate(_list(key, value), 1):
            entry = _fields(action, _mapping(key, it))
            for name, text in entry.items():
                yield f"{action}RequestEntry.{index}.{name}", text
    else:
        msg = f"{action[:100]} has no parameter {key[:100]!r}."
        refuse(Refusal.INVALID_QUERY_PARAMETER, msg)


def _flat_map(
    names: tuple[str, str, str], key: str, value: Any
) -> Iterator[tuple[str, str]]:
    prefix, key_name, value_name = names
    for index, (name, it) in enumerate(_mapping(key, value).items(), 1):
        yield f"{prefix}.{index}.{key_name}", name
        if key == "MessageAttributes":
            for part, text in _mapping(key, it).items():
                if text not in (None, []):  # lists are documented as not implemented
                    yield f"{prefix}.{index}.{value_name}.{part}", _string(key, text)
        else:
            yield f"{prefix}.{index}.{value_name}", _string(key, it)


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"{name} must be an object.")
    return value


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        _refuse(f"{name} must be a list.")
    return value


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(f"{name} must be, or contain, strings.")
    return value


def _number(name: str, value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse(f"{name} must be a whole number.")
    return str(value)


def _refuse(message: str) -> NoReturn:
    refuse(Refusal.SERIALIZATION, message)
