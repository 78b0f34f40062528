"""Puts adapters behind ports: the only module that knows them all.

What is dear is made once per warm instance: settings and connections.  The
token is read from the context at every call, for a warm instance outlives it.
"""

import functools
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from events.policy import Policies
from functions._bury import Burier
from functions._channels import Channels, Endpoints
from functions._compute import GrpcCompute
from functions._follow import Follower
from functions._logging import configure
from functions._ports import Clock, Compute, Mailbox
from functions._queue import QueueClient, QueueMailbox
from functions._react import Reactor
from functions._settings import Settings, SettingsError, read_settings


def utc_now() -> datetime:
    """Return the current time: where the functions' clock comes from."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """What one instance of a function keeps between calls.

    Attributes:
        policies: What instances should have, and the limits.
        channels: Connections to Compute.
        queue: The connection to Message Queue.
        tasks: Where tasks wait.
        results: Where outcomes go.
        now: Tells the time.
    """

    policies: Policies
    channels: Channels
    queue: QueueClient
    tasks: Mailbox
    results: Mailbox
    now: Clock

    def compute(self, context: Any) -> Compute:
        """Return Compute, with the token of this call.

        Raises:
            SettingsError: If the function has no service account.
        """
        token = getattr(context, "token", None)
        if not token:
            msg = "the context has no token: the function has no service account"
            raise SettingsError(msg)
        return GrpcCompute(self.channels, token["access_token"])

    def follower(self, context: Any) -> Follower:
        """Return what follows tasks, for this call."""
        return Follower(
            compute=self.compute(context),
            tasks=self.tasks,
            results=self.results,
            limits=self.policies.limits,
            now=self.now,
        )

    def reactor(self, context: Any) -> Reactor:
        """Return what reacts to audit events, for this call."""
        return Reactor(
            compute=self.compute(context),
            tasks=self.tasks,
            results=self.results,
            policies=self.policies,
            now=self.now,
        )

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        self.channels.close()
        self.queue.close()

    def burier(self) -> Burier:
        """Return what buries dead letters."""
        return Burier(tasks=self.tasks, results=self.results, now=self.now)


def build(
    settings: Settings,
    now: Clock = utc_now,
    ticks: Callable[[], float] = time.monotonic,
) -> Warm:
    """Put adapters behind the ports, as *settings* say."""
    roots = settings.roots
    tls = ssl.create_default_context(cadata=roots.decode()) if roots else None
    queue = QueueClient(settings.queue_key, now, ticks, tls)
    return Warm(
        policies=settings.policies,
        channels=Channels(Endpoints(**settings.endpoints), roots, ticks),
        queue=queue,
        tasks=QueueMailbox(queue, settings.tasks_queue_url),
        results=QueueMailbox(queue, settings.results_queue_url),
        now=now,
    )


@functools.cache
def warm() -> Warm:
    """Return what is kept, made at the first call.

    Raises:
        SettingsError: If the function was deployed wrongly.
    """
    configure()
    return build(read_settings())
