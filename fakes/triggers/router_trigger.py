"""A rule of EventRouter whose target is a function.

It stands in for the way trail → bus → rule → function.  That an event arrives
bare, and a batch of them as a list, is an assumption: the payload is not
documented (yandex-cloud/docs: en/serverless-integrations/concepts/eventrouter/
rule.md, yandex-cloud/python-sdk: serverless/eventrouter/v1).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from fakes.triggers.batching import BatchingTrigger, check_cutoff, check_within
from fakes.triggers.redelivery import ROUTER_RETRIES, RouterRetries

AuditEvent = dict[str, Any]

_MOST_EVENTS: Final = 1000


class Source(Protocol):
    """What events come from, as `AuditLog`."""

    def subscribe(self, hook: Callable[[AuditEvent], None]) -> None:
        """Call *hook* with every event from now on."""
        ...


class RouterTrigger(BatchingTrigger[AuditEvent]):
    """Hands over the events of a bus, bare.

    Args:
        source: The source.
        retries: What happens after a failed delivery.
        accepts: The rule's filter, which is jq in the cloud; true for all that
            is to be delivered.
        batch_size: None to call with one event at a time; 1 to 1000 to call with
            a list of so many at most.
        cutoff: How long to wait for a batch to fill: 1 to 60 seconds.

    Raises:
        ValueError: If a number is out of bounds.
    """

    def __init__(
        self,
        source: Source,
        retries: RouterRetries = ROUTER_RETRIES,
        *,
        accepts: Callable[[AuditEvent], bool] = lambda _event: True,
        batch_size: int | None = None,
        cutoff: timedelta = timedelta(seconds=1),
    ) -> None:
        size = 1 if batch_size is None else batch_size
        check_within("batch_size", size, _MOST_EVENTS)
        check_cutoff(cutoff)

        def render(events: list[AuditEvent], _now: datetime) -> Any:
            return events[0] if batch_size is None else events

        super().__init__(
            retries, size=size, cutoff=cutoff, weigh=lambda _event: 1, render=render
        )
        self._accepts = accepts
        source.subscribe(self._route)

    def _route(self, event: AuditEvent) -> None:
        if self._accepts(event):
            self.add(event)
