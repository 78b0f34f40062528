"""Who calls functions beside the triggers of queues and logs: a client, and a timer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fakes.queue import Queue
from fakes.triggers.batch import Batch
from fakes.triggers.envelope import Place, timer_envelope
from fakes.triggers.redelivery import Redelivery, Retries

_AGAIN: Final = timedelta(seconds=10)
_MOST_TRIES: Final = 6
# What a client repeats; anything else is the last word.
_PASSING: Final = {429, 499, 500, 503, 504}
_OK: Final = 300


@dataclass(slots=True)
class HttpClient:
    """Makes each of its calls until there is an answer that counts.

    Attributes:
        accepted: Is told the name and the body of what was accepted.
    """

    accepted: Callable[[str, Mapping[str, Any]], None]
    _calls: list["_HttpCall"] = field(default_factory=list)

    def plan(self, name: str, request: Mapping[str, Any], now: datetime) -> None:
        """Make a call at *now*."""
        self._calls.append(_HttpCall(name=name, request=request, due=now))

    def take(self, now: datetime) -> Batch | None:
        """Return a call whose time has come."""
        for place, call in enumerate(self._calls):
            if call.due <= now:
                return self._batch(self._calls.pop(place))
        return None

    def _batch(self, call: "_HttpCall") -> Batch:
        return Batch(
            event=_event(call.request),
            succeeded=lambda _now: None,
            failed=lambda now: self._again(call, now),
        )

    def next_due(self, _now: datetime) -> datetime | None:
        """Return when a call is to be made."""
        return min((one.due for one in self._calls), default=None)

    def told(self, batch: Batch, answer: Mapping[str, Any], now: datetime) -> None:
        """Take the *answer* to a call."""
        status = answer["statusCode"]
        if status in _PASSING:
            batch.failed(now)
        elif status < _OK:
            request = json.loads(batch.event["body"])
            self.accepted(request["requestId"], request)

    def _again(self, call: "_HttpCall", now: datetime) -> None:
        if call.tries < _MOST_TRIES:
            again = _HttpCall(
                name=call.name,
                request=call.request,
                due=now + _AGAIN,
                tries=call.tries + 1,
            )
            self._calls.append(again)


@dataclass(frozen=True, slots=True, kw_only=True)
class _HttpCall:
    name: str
    request: Mapping[str, Any]
    due: datetime
    tries: int = 1


def _event(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call at the function's URL, as the platform tells of it."""
    return {
        "httpMethod": "POST",
        "headers": {},
        "url": "",
        "path": "",
        "queryStringParameters": {"instanceId": request["instanceId"]},
        "requestContext": {},
        "body": json.dumps(request),
        "isBase64Encoded": False,
    }


class Timer:
    """Calls once, and again if that failed."""

    def __init__(self, place: Place, dead_letters: Queue, now: datetime) -> None:
        self._redelivery = Redelivery(Retries(dead_letters=dead_letters))
        event = timer_envelope("timer-1", "", "sweep-1", now, place)
        self._first: Batch | None = self._redelivery.first(event, now)
        self._due = now

    def take(self, now: datetime) -> Batch | None:
        """Return the call, if its time has come."""
        if self._first is None:
            return self._redelivery.again(now)
        first, self._first = self._first, None
        return first

    def next_due(self, _now: datetime) -> datetime | None:
        """Return when the call is to be made."""
        return self._due if self._first else self._redelivery.next_due()
