"""The metadata service of an instance, as far as tokens go."""

import json
from collections.abc import Callable
from typing import Final

from fakes.http.server import App, Receive, Scope, Send

_PATH: Final = "/computeMetadata/v1/instance/service-accounts/default/token"


def metadata_app(issue_token: Callable[[], tuple[str, int]]) -> App:
    """Return an application that hands out tokens of the default account.

    The SDK, and a function's code, ask here
    (yandex-cloud/docs: en/functions/operations/function-sa.md).  Assumption: a
    request without the header `Metadata-Flavor: Google` is answered with 403.

    Args:
        issue_token: Returns a token and for how many seconds it is good.
    """

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or scope["path"] != _PATH:
            await _send(send, 404, {"error": "not found"})
        elif (b"metadata-flavor", b"Google") not in scope["headers"]:
            await _send(send, 403, {"error": "Metadata-Flavor: Google is required"})
        else:
            token, seconds = issue_token()
            await _send(
                send,
                200,
                {
                    "access_token": token,
                    "expires_in": seconds,
                    "token_type": "Bearer",
                },
            )

    return answer


async def _send(send: Send, status: int, content: dict[str, str | int]) -> None:
    body = json.dumps(content).encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
