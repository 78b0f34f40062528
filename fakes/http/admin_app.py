"""The admin port, as an ASGI application: what goes wrong, and what was done.

It is the local cloud's own; the cloud has nothing like it.  It is for whoever runs
tests in another language, and needs no token: all it is reached by is loopback.  Pages
in a browser are kept out, for any page may send requests to loopback.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from fakes.http.admin_actions import (
    ACTIONS,
    Action,
    Administered,
    Asked,
    NotVirtualError,
)
from fakes.http.server import App, Receive, Scope, Send
from fakes.reading import WrongDocumentError

LONGEST_BODY: Final = 1_048_576
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int = 200
    content: Any = None


class _RefusedError(Exception):
    """The request cannot be done; this is the answer."""

    def __init__(self, status: int, *problems: str) -> None:
        super().__init__(problems)
        self.answer = _Answer(status=status, content={"problems": list(problems)})


def admin_app(cloud: Administered) -> App:
    """Return the application around *cloud*, whatever that holds by then."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _keep_pages_out(scope)
            action = _find(scope["method"], scope["path"])
            asked = Asked(body=await _read_body(receive), query=_read_query(scope))
            answer = _Answer(content=await action(cloud, asked))
        except _RefusedError as refused:
            answer = refused.answer
        except NotVirtualError:
            problem = "time passes by itself in this cloud"
            answer = _RefusedError(409, problem).answer
        except WrongDocumentError as wrong:
            answer = _RefusedError(400, *map(str, wrong.problems)).answer
        await _send(send, answer)

    return app


def _find(method: str, path: str) -> Action:
    found = ACTIONS.get(path)
    if found is None:
        raise _RefusedError(404, f"there is nothing here but {', '.join(ACTIONS)}")
    if method not in found:
        raise _RefusedError(405, f"{path} has {', '.join(found)}")
    return found[method]


def _keep_pages_out(scope: Scope) -> None:
    """Refuse what a browser sends for a page from elsewhere."""
    headers = dict(scope["headers"])
    host = "http://" + headers.get(b"host", b"localhost").decode("latin-1")
    origin = headers.get(b"origin", b"http://localhost").decode("latin-1")
    if not (_is_local(host) and _is_local(origin)):
        raise _RefusedError(403, "this is for programs on this machine alone")


def _is_local(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


def _read_query(scope: Scope) -> dict[str, str]:
    text = scope["query_string"].decode("latin-1")
    return dict(parse_qsl(text, keep_blank_values=True))


async def _read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _RefusedError(400, "$ did not arrive")
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > LONGEST_BODY:
            raise _RefusedError(413, f"$ is longer than {LONGEST_BODY} bytes")
    return body


async def _send(send: Send, answer: _Answer) -> None:
    body = json.dumps(answer.content, indent=2, ensure_ascii=False).encode() + b"\n"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    status = answer.status
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
