"""What a client hears: a function's result as an HTTP response, or what failed.

(yandex-cloud/docs: en/functions/concepts/function-invoke.md)
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from fakes.http.invoke_request import LONGEST
from fakes.serverless.errors import HandlerError, TimedOutError, TooManyCallsError
from fakes.triggers.runner import FunctionError

Headers = tuple[tuple[str, str], ...]

_JSON_TYPE: Final = ("Content-Type", "application/json")
# Assumption: whatever the function's code is to blame for has it.
_THEIR_FAULT: Final = ("X-Function-Error", "true")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_STATUSES: Final = range(200, 600)
_BODILESS: Final = (204, 304)
# `Content-Length` is not in the documented list; ours is the one that holds.
_REMOVED: Final = frozenset(
    {
        *("host", "authorization", "user-agent", "connection", "max-forwards"),
        *("cookie", "content-length"),
    }
)
_FORBIDDEN: Final = frozenset({"proxy-authenticate", "transfer-encoding", "via"})
_RENAMED: Final = frozenset({"content-md5", "date", "server", "www-authenticate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response.

    Attributes:
        status: 200 to 599.
        headers: Names and values, in order.
        body: What comes after them.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""


class _MalformedError(Exception):
    """The result is not of the documented structure."""


def answer_of(result: Any) -> Answer:
    """Return the response that *result* describes, or 502 if it describes none.

    The documentation shows results without a `statusCode`, so all keys may be
    left out.  Assumption: unknown ones are ignored.
    """
    text = json.dumps(result, default=str)
    try:
        if len(text) > LONGEST:
            _malformed("it is longer than 3.5 MB")
        return _answer_of(result)
    except _MalformedError as error:
        told = {
            "errorMessage": f"Malformed serverless function response: {error}",
            "errorType": "ProxyIntegrationError",
            "payload": text[:LONGEST],
        }
        return _json_answer(502, told, _THEIR_FAULT)


def raw_answer(result: Any) -> Answer:
    """Return the response with *result* as it is.

    Assumption: that means as JSON, also if it is text.
    """
    return _json_answer(200, result)


def failure(error: FunctionError) -> Answer:
    """Return the response to a call that failed.

    The documentation shows the body after an error in a handler; for a timeout
    and for an instance that died, bodies are an assumption.
    """
    match error:
        case HandlerError():
            return _json_answer(502, error.told, _THEIR_FAULT)
        case TooManyCallsError():
            return refusal(429, "TooManyRequests")
        case TimedOutError():
            return _json_answer(504, _told(error, "TimeoutError"), _THEIR_FAULT)
        case _:
            return _json_answer(502, _told(error, "InstanceError"), _THEIR_FAULT)


def refusal(status: int, message: str) -> Answer:
    """Return the response to a request that reached no function.

    The shape of the body was seen in the wild, it is not documented.
    """
    told = {"errorCode": status, "errorMessage": message, "errorType": "ClientError"}
    return _json_answer(status, told)


def _told(error: FunctionError, kind: str) -> dict[str, str]:
    return {"errorMessage": str(error), "errorType": kind}


def _json_answer(status: int, content: Any, *more: tuple[str, str]) -> Answer:
    body = json.dumps(content, default=str).encode()
    return Answer(status=status, headers=(_JSON_TYPE, *more), body=body)


def _answer_of(result: Any) -> Answer:
    if not isinstance(result, dict):
        _malformed("not a valid json")  # the documented words
    status = result.get("statusCode", 200)
    if type(status) is not int or status not in _STATUSES:
        _malformed(f"statusCode {status!r}")
    body = _body_of(result)
    return Answer(
        status=status,
        headers=_headers_of(result),
        body=b"" if status in _BODILESS else body,
    )


def _body_of(result: dict[str, Any]) -> bytes:
    body = result.get("body") or ""
    if not isinstance(body, str):
        _malformed("body is no text")
    if result.get("isBase64Encoded") is not True:
        return body.encode(errors="replace")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        _malformed("body is no Base64")


def _headers_of(result: dict[str, Any]) -> Headers:
    """Return the headers of both dictionaries; a list wins over a single value."""
    single = _dictionary(result, "headers")
    lists = _dictionary(result, "multiValueHeaders")
    taken = {name.lower() for name in lists}
    pairs = [(name, one) for name, one in single.items() if name.lower() not in taken]
    for name, values in lists.items():
        if not isinstance(values, list):
            _malformed(f"multiValueHeaders: {name!r} is no list")
        pairs += [(name, one) for one in values]
    return tuple(
        (_renamed(name), value) for name, value in pairs if _is_kept(name, value)
    )


def _dictionary(result: dict[str, Any], key: str) -> dict[str, Any]:
    found = result.get(key) or {}
    if not isinstance(found, dict):
        _malformed(f"{key} is no dictionary")
    return found


def _is_kept(name: str, value: Any) -> bool:
    if not _NAME.fullmatch(name) or not isinstance(value, str):
        _malformed(f"header {name!r}")
    if not _VALUE.fullmatch(value) or name.lower() in _FORBIDDEN:
        _malformed(f"header {name!r}")
    return name.lower() not in _REMOVED


def _renamed(name: str) -> str:
    return f"X-Yf-Remapped-{name}" if name.lower() in _RENAMED else name


def _malformed(why: str) -> NoReturn:
    raise _MalformedError(why)
