"""The handlers' own adapters, with the world at their other ends instead of sockets.

Real are the generated stubs, the conversion of every message, deadlines, metadata,
the mapping of errors, and how messages are packed and spelt for the queue.  Left out,
for they cost more than all the rest, are HTTP/2, TLS, signatures and URL encoding;
`tests/scenario` goes through those.
"""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import grpc
import structlog

from events.anonymous import Anonymous
from events.policy import Policies
from functions._channels import Channels, Endpoints
from functions._deadline import UNLIMITED, Deadline
from functions._ports import QueueError, ThrottledError
from functions._queue import QueueClient, QueueMailbox
from functions._wiring import Warm
from simulation.calls import NOW, Ask, Refused, Undelivered

TASKS = "nic-tasks"
RESULTS = "nic-results"
DEAD = "nic-dead"


class _RpcError(grpc.RpcError):
    def __init__(self, refused: Refused) -> None:
        self._refused = refused

    def code(self) -> grpc.StatusCode:
        found: grpc.StatusCode = getattr(grpc.StatusCode, self._refused.code)
        return found

    def details(self) -> str:
        return self._refused.message


class _Line:
    """As much of a `grpc.Channel` as the generated stubs use."""

    def __init__(self, ask: Callable[[Ask], Any]) -> None:
        self._ask = ask

    def unary_unary(self, path: str, **_: Any) -> Callable[..., Any]:
        return functools.partial(_call, self._ask, path)


def _call(
    ask: Callable[[Ask], Any],
    path: str,
    request: Any,
    *,
    timeout: float,
    metadata: list[tuple[str, str]],
) -> Any:
    if timeout <= 0:
        raise _RpcError(Refused("DEADLINE_EXCEEDED", "no time left"))
    told = dict(metadata)
    key = told.get("idempotency-key", "")
    said = structlog.contextvars.get_contextvars()
    answer = ask(
        Ask(
            method=path,
            request=request,
            key=key,
            token=told["authorization"].removeprefix("Bearer "),
            request_id=said.get("request_id", ""),
            message_id=said.get("event_id", ""),
        )
    )
    if isinstance(answer, Refused):
        raise _RpcError(answer)
    return answer


class _Lines:
    """As much of `functions._channels.Channels` as the adapters use."""

    endpoints = Endpoints()

    def __init__(self, ask: Callable[[Ask], Any]) -> None:
        self._line = cast("grpc.Channel", _Line(ask))
        self._stubs: dict[Callable[[grpc.Channel], Any], Any] = {}

    def freshen(self) -> None:
        """Do nothing: this line never dies."""

    def forget(self, endpoint: str, stub: Any) -> None:
        """Do nothing: this line never dies."""

    def stub(self, _endpoint: str, kind: Callable[[grpc.Channel], Any]) -> Any:
        if kind not in self._stubs:
            self._stubs[kind] = kind(self._line)
        return self._stubs[kind]


class _Post(QueueClient):
    """The queue's client from where it would sign and send."""

    def __init__(self, ask: Callable[[Ask], Any]) -> None:
        self._ask = ask

    def call(
        self,
        queue_url: str,
        action: str,
        parameters: Mapping[str, str],
        wait: timedelta = timedelta(0),  # noqa: ARG002 - only for receiving
        deadline: Deadline = UNLIMITED,
    ) -> bytes:
        """Return the answer's XML, as far as its reader looks at it.

        Raises:
            QueueError, ThrottledError: As told.
        """
        if deadline.left() <= timedelta(0):
            msg = f"{action}: no time left"
            raise QueueError(msg)
        answer = self._ask(Ask(method=action, request=parameters, queue=queue_url))
        if isinstance(answer, Undelivered):
            kind = ThrottledError if answer.throttled else QueueError
            raise kind(action)
        return cast("bytes", answer)


def warm(
    ask: Callable[[Ask], Any],
    policies: Policies,
    folder_id: str,
) -> Warm:
    """Return what a warm instance of every function keeps."""
    post = _Post(ask)
    return Warm(
        policies=policies,
        channels=cast("Channels", _Lines(ask)),
        queue=post,
        tasks=QueueMailbox(post, TASKS),
        results=QueueMailbox(post, RESULTS),
        now=lambda: cast("datetime", ask(NOW)),
        folder_id=folder_id,
        anonymous=Anonymous.TAKEN,
    )
