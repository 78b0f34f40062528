"""One HTTP request to a function, read whole."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fakes.http.server import Receive, Scope

LONGEST: Final = 3_670_016
"""Bytes of a request's or a result's JSON: 3.5 MB (yandex-cloud/docs:
en/_includes/functions-limits.md)."""


class ClientLeftError(Exception):
    """The client hung up in the middle of its request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What was asked.

    Attributes:
        method: In upper case.
        path: Decoded, without the query.
        url: Path and query as sent, with the `?` between them in any case.
        query: Names and values, in order.
        headers: Names, in lower case, and values, in order.
        body: As sent; what is longer than `LONGEST` is cut one byte after it.
        address: Of the client.
        port: Of the client.
    """

    method: str
    path: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    address: str
    port: int

    def header(self, name: str) -> str:
        """Return the last value of the header *name*, empty if there is none."""
        return dict(self.headers).get(name, "")


async def read_request(scope: Scope, receive: Receive) -> HttpRequest:
    """Return the request behind an ASGI scope.

    Raises:
        ClientLeftError: If its body does not end.
    """
    query = scope["query_string"].decode("latin-1")
    address, port = scope["client"]
    return HttpRequest(
        method=scope["method"].upper(),
        path=scope["path"],
        url=f"{scope['raw_path'].decode('latin-1')}?{query}",
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
        ),
        body=await _read_body(receive),
        address=address,
        port=port,
    )


async def _read_body(receive: Receive) -> bytes:
    """Read to the end, for who still writes hears no answer, but keep no more."""
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientLeftError
        body = (body + event.get("body", b""))[: LONGEST + 1]
        more = event.get("more_body", False)
    return body
