"""The method over HTTP: from the platform's event to a call.

Path and body are those of `POST /compute/v1/instances/{instanceId}:
attachNetworkInterface` (yandex-cloud/docs: en/compute/api-ref/Instance/
attachNetworkInterface.md).  Events come from API Gateway, in either of its
formats (en/api-gateway/concepts/extensions/cloud-functions.md), or from the
function's URL, which has no path (en/functions/concepts/function-invoke.md).
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events import syntax
from events.anonymous import Anonymous
from events.answer import Answer, refused
from events.reading import (
    Document,
    InvalidDocumentError,
    Violation,
    camel,
    read_json,
)
from events.request import Options, Request, check_size, read_request

_VERB = ":attachNetworkInterface"
_ROUTE = re.compile(rf"/compute/v1/instances/([^/:]+){_VERB}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it came over HTTP.

    Attributes:
        request: What is asked for.
        event_id: The platform's name for the call.
    """

    request: Request
    event_id: str

    @property
    def at_once(self) -> bool:
        """Whether it uses nothing but what the API itself knows."""
        plain = self.request.options == Options()
        return plain and self.request.attachment.index != syntax.AUTO


def read_call(event: Any, default_id: str, anonymous: Anonymous) -> Call | Answer:
    """Read the platform's HTTP event; what is wrong with it is an answer.

    A path that is not the method's is answered with 404, another HTTP method
    with 501, as grpc-gateway does; that the API is built on that is an
    assumption.

    Args:
        event: The event, with the body as text, Base64, bytes or parsed.
        default_id: Names the call where the event does not.
        anonymous: Which calls are taken that do not show who makes them; what
            the event can tell of that, see `shows_caller`.
    """
    if not isinstance(event, Mapping):
        return refused("INVALID_ARGUMENT", "not an HTTP call")
    path = _path(event)
    # A gateway always tells a path; the header is not documented, only seen.
    at_url = not path.strip("/") and not _header(event, "x-serverless-gateway-id")
    welcome = anonymous is Anonymous.TAKEN or (anonymous is Anonymous.AT_URL and at_url)
    if not welcome and not shows_caller(event):
        return refused("UNAUTHENTICATED", "the call does not show who makes it")
    routed = _routed_ids(event, path)
    if (path.strip("/") and not routed) or any(":" in one for one in routed):
        return refused("NOT_FOUND", "Not Found")
    if event.get("httpMethod") != "POST":
        return refused("UNIMPLEMENTED", "Method Not Allowed")
    try:
        return _read(event, routed | _ids(event, "queryStringParameters"), default_id)
    except InvalidDocumentError as error:
        return refused("INVALID_ARGUMENT", str(error), *error.violations)


def shows_caller(event: Mapping[str, Any]) -> bool:
    """Tell whether an authorizer of the gateway vouches for the caller.

    It leaves what it knows in `requestContext.authorizer`: the JWT authorizer
    always, one that is a function if it answers with a context (yandex-cloud/
    docs: en/api-gateway/concepts/extensions/jwt-authorizer.md,
    function-authorizer.md).  Headers prove nothing: the platform takes
    `Authorization` away before the call, whether IAM checked it or not.

    This finds a gateway that lets anybody in by mistake.  It is no proof
    against those who may invoke the function itself: with `integration=raw`
    they write the whole event.  Against them stands IAM alone, so the function
    must never be public; a gateway calls it with a service account.
    """
    context = _mapping(event, "requestContext")
    return bool(_mapping(context, "authorizer"))


def _path(event: Mapping[str, Any]) -> str:
    """Return the path that was called, '' at the function's URL.

    It is `url`, with the query, in the gateway's format 0.1, where `path` is
    the specification's; in format 1.0 it is `path`.
    """
    paths = (event.get("url"), event.get("path"))
    found = next((one for one in paths if one and isinstance(one, str)), "")
    return _plain(found.partition("?")[0])


def _plain(text: str) -> str:
    """Return *text* with its colons, which some clients escape."""
    return text.replace("%3A", ":").replace("%3a", ":")


def _routed_ids(event: Mapping[str, Any], path: str) -> set[str]:
    """Return the instances that the path names, of which there should be one."""
    parameters = ("pathParams", "pathParameters", "params", "parameters")
    found = {one for name in parameters for one in _ids(event, name)}
    if route := _ROUTE.fullmatch(path):
        found.add(route[1])
    return found


def _ids(event: Mapping[str, Any], parameters: str) -> set[str]:
    value = _mapping(event, parameters).get("instanceId")
    if not value or not isinstance(value, str):
        return set()
    # A gateway may take the verb for a part of the parameter.
    return {_plain(value).removesuffix(_VERB)}


def _read(event: Mapping[str, Any], ids: set[str], default_id: str) -> Call:
    violations: list[Violation] = []
    key = _header(event, "idempotency-key").lower()
    if key and not _UUID.fullmatch(key):
        violations.append(Violation(path="Idempotency-Key", problem="must be a UUID"))
    context = _mapping(event, "requestContext")
    event_id = _first_name(context.get("requestId"), default_id)
    try:
        value = _with_id(_read_body(event), ids, violations)
    except InvalidDocumentError as error:
        raise InvalidDocumentError(*violations, *error.violations) from None
    document = Document.of(value, "$", violations)
    # The key is the id: a repeat is the same request, whoever repeats it where.
    request = read_request(document, key or event_id)
    if not request.id:
        document.wrong("requestId", "is required")
    elif key and request.id != key:
        # Either would name the request: a repeat must not depend on which.
        document.wrong("requestId", "must be absent, or the Idempotency-Key")
    document.close()
    if violations:
        raise InvalidDocumentError(*violations)
    return Call(request=request, event_id=event_id or request.id)


def _first_name(*values: Any) -> str:
    """Return the first that can name a request, '' if none can."""
    texts = (one for one in values if isinstance(one, str))
    return next((one for one in texts if not syntax.request_id(one)), "")


def _read_body(event: Mapping[str, Any]) -> Any:
    """Return the body, parsed, however the platform brought it."""
    body = event.get("body")
    try:
        if isinstance(body, str) and event.get("isBase64Encoded") is True:
            body = base64.b64decode(body, validate=True)
        elif not isinstance(body, str | bytes):
            body = json.dumps(body)
    except (RecursionError, TypeError, ValueError):
        problem = "is not readable"
        raise InvalidDocumentError(Violation(path="$", problem=problem)) from None
    check_size(body)
    return read_json(body)


def _with_id(value: Any, ids: set[str], violations: list[Violation]) -> Any:
    """Return a body that names the instance, which may be named elsewhere."""
    if not isinstance(value, Mapping):
        return value
    spelt = next((one for one in value if camel(one) == "instanceId"), "instanceId")
    given = value.get(spelt)
    if len(ids | ({given} if given and isinstance(given, str) else set())) > 1:
        problem = "is not the same everywhere"
        violations.append(Violation(path="$.instanceId", problem=problem))
    return value if given or not ids else {**value, spelt: min(ids)}


def _header(event: Mapping[str, Any], name: str) -> str:
    """Return a header, whatever the case of its name; '' if it is absent."""
    headers = _mapping(event, "headers")
    found = {str(one).lower(): value for one, value in headers.items()}
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""


def _mapping(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = event.get(name)
    return value if isinstance(value, Mapping) else {}
