"""Nobody is answered before it is written down what he is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from google.protobuf.message import Message

from fakes.caller import Call
from fakes.gateway import Route
from fakes.http.server import App, Receive, Scope, Send

Commit = Callable[[], None]


def kept_route(route: Route, commit: Commit) -> Route:
    """Return a route like *route*, whose answers and refusals wait for *commit*."""
    answer = route.answer

    def write_and_answer(request: Any, now: datetime, call: Call) -> Message:
        try:
            return answer(request, now, call)
        finally:
            commit()

    return replace(route, answer=write_and_answer)


def kept_app(app: App, commit: Commit) -> App:
    """Return an application like *app*, whose answers wait for *commit*."""

    async def write_and_answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_written(event: Any) -> None:
            commit()
            await send(event)

        await app(scope, receive, send_written)

    return write_and_answer
