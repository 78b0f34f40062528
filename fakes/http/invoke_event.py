"""What a function gets of an HTTP request.

(yandex-cloud/docs: en/functions/concepts/function-invoke.md; the sample of
en/functions/lang/python/handler.md shows which keys there are and how they look;
en/api-gateway/concepts/extensions/cloud-functions.md and function-authorizer.md)
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from fakes.http.invoke_request import HttpRequest
from fakes.http.invoke_routes import Match

JSON = dict[str, Any]

# A function never sees what a client showed to be let in.
_REMOVED: Final = frozenset(
    {
        *("authorization", "connection", "content-md5", "cookie", "expect"),
        *("max-forwards", "proxy-authenticate", "server", "te", "trailer"),
        *("transfer-encoding", "upgrade", "www-authenticate"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request, as it was let in.

    Attributes:
        request: What was asked.
        at: When it arrived.
        request_id: Names the call, also in the function's context.
        trace_id: Goes into a header.
    """

    request: HttpRequest
    at: datetime
    request_id: str
    trace_id: str


def function_event(arrival: Arrival) -> JSON:
    """Return what a function that is called by its URL gets."""
    nothing: JSON = {"params": {}, "multiValueParams": {}, "pathParams": {}}
    return {**_common(arrival), **nothing, "url": ""}


def gateway_event(arrival: Arrival, match: Match, authorizer: JSON | None) -> JSON:
    """Return what a function behind an API gateway gets.

    That `url` ends in the query, and that there is a context only where one was
    set, was seen in events of the cloud.  The same headers are removed as from a
    call by URL: an assumption.

    Args:
        arrival: The request.
        match: Where it belongs.
        authorizer: What the authorizer knows of the client, None if there is none.
    """
    event, route = _common(arrival), match.route
    if route.context:
        context = {"operationContext": dict(route.context)}
        event["requestContext"]["apiGateway"] = context
    if authorizer is not None:
        event["requestContext"]["authorizer"] = authorizer
    named = [one for one in arrival.request.query if one[0] in route.query]
    values, lists = _by_name([*match.parameters.items(), *named])
    if route.payload_version == "0.1":
        return {
            **event,
            "url": arrival.request.url,
            "path": route.path,
            "pathParams": match.parameters,
            "params": values,
            "multiValueParams": lists,
        }
    return {
        **event,
        "version": route.payload_version,
        "resource": route.path,
        "path": arrival.request.path,
        "pathParameters": match.parameters,
        "parameters": values,
        "multiValueParameters": lists,
        "operationId": route.operation_id,
    }


def authorizer_event(arrival: Arrival, match: Match) -> JSON:
    """Return what the authorizer of a route gets: all headers, but no body."""
    common = _common(arrival)
    headers, _ = _by_name(_headers(arrival, frozenset()))
    return {
        "resource": match.route.path,
        "path": arrival.request.path,
        "httpMethod": arrival.request.method,
        "headers": headers,
        "queryStringParameters": common["queryStringParameters"],
        "pathParameters": match.parameters,
        "requestContext": common["requestContext"],
        "cookies": _cookies(arrival.request.header("cookie")),
    }


def _common(arrival: Arrival) -> JSON:
    request = arrival.request
    headers, header_lists = _by_name(_headers(arrival, _REMOVED))
    parameters, parameter_lists = _by_name(request.query)
    body, encoded = _body(request)
    return {
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": header_lists,
        "queryStringParameters": parameters,
        "multiValueQueryStringParameters": parameter_lists,
        "requestContext": {
            "identity": {
                "sourceIp": request.address,
                "userAgent": request.header("user-agent"),
            },
            "httpMethod": request.method,
            "requestId": arrival.request_id,
            "requestTime": f"{arrival.at:%d/%b/%Y:%H:%M:%S} +0000",
            "requestTimeEpoch": int(arrival.at.timestamp()),
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def _body(request: HttpRequest) -> tuple[str, bool]:
    """Return the body, and whether it is in Base64: whatever is no JSON is."""
    if request.header("content-type").partition(";")[0].strip() == "application/json":
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass  # Assumption: text that is none counts as binary.
    return base64.b64encode(request.body).decode(), True


def _headers(arrival: Arrival, removed: frozenset[str]) -> list[tuple[str, str]]:
    """Return the headers that arrive, in the usual spelling, and what is added."""
    request = arrival.request
    way = [value for name, value in request.headers if name == "x-forwarded-for"]
    added = {
        "x-forwarded-for": ", ".join([*way, request.address]),
        "x-real-remote-address": f"[{request.address}]:{request.port}",
        "x-request-id": arrival.request_id,
        "x-trace-id": arrival.trace_id,
    }
    kept = [one for one in request.headers if one[0] not in {*removed, *added}]
    return [
        ("-".join(part.capitalize() for part in name.split("-")), value)
        for name, value in [*kept, *added.items()]
    ]


def _by_name(pairs: Iterable[tuple[str, str]]) -> tuple[JSON, JSON]:
    """Return the last value of each name, and all its values."""
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return {name: values[-1] for name, values in lists.items()}, lists


def _cookies(header: str) -> JSON:
    try:
        return {name: one.value for name, one in SimpleCookie(header).items()}
    except CookieError:
        return {}
