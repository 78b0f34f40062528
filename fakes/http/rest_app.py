"""The API behind HTTP, as an ASGI application: another skin of the gateway."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from google.protobuf.message import Message

from fakes.errors import ApiError
from fakes.gateway import Gateway, Origin
from fakes.http.rest_answers import render_answer, render_error
from fakes.http.rest_bindings import Bindings
from fakes.http.rest_fields import BODY
from fakes.http.rest_scalars import refusal
from fakes.http.server import App, Receive, Scope, Send

LONGEST_BODY: Final = 4_194_304
"""Bytes, as gRPC allows; the documentation names no limit."""

# Of these, two that differ would leave open which one counts.
_SINGLE: Final = {"authorization", "idempotency-key"}


class _ClientGoneError(Exception):
    """The client hung up; there is nobody to answer."""


def rest_app(gateway: Gateway) -> App:
    """Return the application around *gateway*.

    All services are at one address; in the cloud each has its own.  Without a
    token there is no answer but to what is public.  What is wrong with a request
    as such is told before its token is looked at: an assumption.

    Args:
        gateway: What answers; what it has routes to is served.
    """
    bindings = Bindings(gateway.routes.values())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = gateway.chance.uuid()
        try:
            answer = await _answer(gateway, bindings, scope, receive, request_id)
            status, content = 200, render_answer(answer)
        except ApiError as error:
            status, content = render_error(error, request_id)
        except _ClientGoneError:
            return
        await _send(send, status, content)

    return app


async def _answer(
    gateway: Gateway, bindings: Bindings, scope: Scope, receive: Receive, name: str
) -> Message:
    body = await _read_body(receive)
    path = scope["raw_path"].decode("latin-1")
    binding, parts = bindings.find(scope["method"], path)
    origin = Origin(
        headers=_headers(scope), request_id=name, address=scope["client"][0]
    )
    if len(body) > LONGEST_BODY:
        raise refusal(BODY, f"longer than {LONGEST_BODY} bytes")
    request = binding.request(parts, scope["query_string"], body)
    return await _while_there(receive, gateway.answer(binding.call, request, origin))


async def _while_there(
    receive: Receive, answering: Coroutine[Any, Any, Message]
) -> Message:
    """Return the answer; give it up when the client does, as gRPC does."""
    answer = asyncio.ensure_future(answering)
    # The body is read: all there can be is news of a client that went.
    leaving = asyncio.ensure_future(receive())
    try:
        await asyncio.wait((answer, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise _ClientGoneError
        return answer.result()
    finally:
        answer.cancel()
        leaving.cancel()


async def _read_body(receive: Receive) -> bytes:
    """Read to the end, for who still writes hears no answer, but keep no more."""
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _ClientGoneError
        body = (body + event.get("body", b""))[: LONGEST_BODY + 1]
        more = event.get("more_body", False)
    return body


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in _SINGLE and found.get(name, value) != value:
            raise refusal(name, "there are two")
        found[name] = value
    return found


async def _send(send: Send, status: int, content: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
