"""Functions behind HTTP, as an ASGI application: their URLs and an API gateway.

In the cloud, the URLs of functions and every gateway have hosts of their own;
here they share a port, and a gateway's route wins over a function's name.
(yandex-cloud/docs: en/functions/concepts/function-invoke.md,
en/functions/operations/function/auth.md)
"""

import json
from dataclasses import dataclass
from typing import Any

from fakes.chance import Chance
from fakes.clock import Clock
from fakes.errors import ApiError
from fakes.http.invoke_answer import (
    Answer,
    answer_of,
    failure,
    raw_answer,
    refusal,
)
from fakes.http.invoke_event import (
    Arrival,
    authorizer_event,
    function_event,
    gateway_event,
)
from fakes.http.invoke_request import LONGEST, ClientLeftError, read_request
from fakes.http.invoke_routes import HttpRoute, Invocable, Match, find
from fakes.http.server import Receive, Scope, Send
from fakes.iam import Iam, needs_of_invoking
from fakes.triggers.runner import FunctionError


class _RefusedError(Exception):
    """The request reaches no function; this is the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = refusal(status, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    """A function with a URL."""

    name: str
    function: Invocable
    public: bool


class FunctionsApp:
    """Calls functions for HTTP requests.

    Args:
        iam: Knows whose tokens are good.
        clock: Tells when a request arrived.
        chance: Names calls.

    Attributes:
        base_url: Where it is reached; to be set once the port is known.
    """

    def __init__(self, iam: Iam, clock: Clock, chance: Chance) -> None:
        self.base_url = ""
        self._iam = iam
        self._clock = clock
        self._chance = chance
        self._served: dict[str, _Served] = {}
        self._routes: list[HttpRoute] = []

    def serve(self, name: str, function: Invocable, *, public: bool = False) -> str:
        """Let *function* be called by a URL, and return that.

        Args:
            name: The path of the URL.
            function: What is called, with the documented event.
            public: True to call it for everybody; otherwise a good token must be
                shown, of an account with `functions.functionInvoker` on the folder
                or the function *name*.
        """
        self._served[name] = _Served(name=name, function=function, public=public)
        return f"{self.base_url}/{name}"

    def add_route(self, route: HttpRoute) -> str:
        """Let the API gateway answer by *route*; return the template of its URL."""
        self._routes.append(route)
        return self.base_url + route.path

    def withdraw(self, name: str) -> None:
        """Let the function *name* have no URL any more."""
        self._served.pop(name, None)

    def remove_route(self, route: HttpRoute) -> None:
        """Let the API gateway answer by *route* no more."""
        self._routes.remove(route)

    def clear(self) -> None:
        """Forget all functions and routes."""
        self._served.clear()
        self._routes.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = await read_request(scope, receive)
        except ClientLeftError:
            return
        arrival = Arrival(
            request=request,
            at=self._clock.now(),
            request_id=self._chance.uuid(),
            trace_id=self._chance.uuid(),
        )
        try:
            answer = await self._answer(arrival)
        except _RefusedError as refused:
            answer = refused.answer
        except FunctionError as error:
            answer = failure(error)
        await _send(send, answer)

    async def _answer(self, arrival: Arrival) -> Answer:
        match = find(self._routes, arrival.request.method, arrival.request.path)
        if match is not None:
            return await self._pass_gateway(arrival, match)
        served = self._served.get(arrival.request.path.strip("/"))
        if served is None:
            # Assumption: what comes after a function's id names nothing.
            raise _RefusedError(404, "Not Found")
        self._let_in(arrival, served)
        return await _call(served.function, arrival)

    def _let_in(self, arrival: Arrival, served: _Served) -> None:
        """Refuse a token that is no good, and none at all unless it is public.

        Assumptions: an account without the role is told the same as nobody; a
        token that is no good is refused by a public function, too, as was seen in
        the wild.
        """
        shown = arrival.request.header("authorization")
        if not shown and served.public:
            return
        try:
            subject = self._iam.authenticate(shown, arrival.at)
            if not served.public:
                self._iam.authorize(subject, needs_of_invoking(served.name))
        except ApiError:
            raise _RefusedError(403, "Forbidden: Not authorized") from None

    async def _pass_gateway(self, arrival: Arrival, match: Match) -> Answer:
        known = await _authorize(arrival, match)
        event = _within_limit(gateway_event(arrival, match, known))
        return answer_of(await match.route.function.invoke(event, arrival.request_id))


async def _call(function: Invocable, arrival: Arrival) -> Answer:
    kind = dict(arrival.request.query).get("integration")
    if kind is None:
        event = _within_limit(function_event(arrival))
        return answer_of(await function.invoke(event, arrival.request_id))
    if kind != "raw":
        raise _RefusedError(400, f"there is no integration {kind[:50]!r} here")
    return raw_answer(await function.invoke(_raw_event(arrival), arrival.request_id))


def _raw_event(arrival: Arrival) -> Any:
    """Return the body as JSON, or as text.

    Assumption: the documentation of the call speaks of contents that are not
    converted, that of the handler of JSON that is.
    """
    body = arrival.request.body
    if len(body) > LONGEST:
        raise _RefusedError(413, "Payload Too Large")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


async def _authorize(arrival: Arrival, match: Match) -> dict[str, Any] | None:
    """Return what the authorizer knows of the client, None if there is none."""
    authorizer = match.route.authorizer
    if authorizer is None:
        return None
    if not arrival.request.header("authorization"):
        raise _RefusedError(401, "Unauthorized")
    event = authorizer_event(arrival, match)
    try:
        found = await authorizer.invoke(event, arrival.request_id)
    except FunctionError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("isAuthorized"), bool):
        raise _RefusedError(500, "Internal Server Error")
    if not found["isAuthorized"]:
        raise _RefusedError(403, "Forbidden")
    return dict(found.get("context") or {})


def _within_limit(event: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(event)) > LONGEST:
        raise _RefusedError(413, "Payload Too Large")
    return event


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        *(
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in answer.headers
        ),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    await send(
        {"type": "http.response.start", "status": answer.status, "headers": headers}
    )
    await send({"type": "http.response.body", "body": answer.body})
