"""Puts adapters behind ports: the only module that knows them all.

What is dear is made once per warm instance: settings and connections.  The
token is read from the context at every call, for a warm instance outlives it.
"""

import functools
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from events.anonymous import Anonymous
from events.policy import Policies
from functions._channels import Channels, Endpoints
from functions._compute import GrpcCompute
from functions._deadline import Deadline
from functions._logging import configure
from functions._patience import Patience
from functions._ports import Clock, Compute
from functions._queue import QueueClient, QueueMailbox
from functions._settings import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    # Each function imports only what it does: imports are paid for at a cold start.
    from functions._bury import Burier
    from functions._clerk import Clerk
    from functions._react import Reactor
    from functions._submit import Submitter
    from functions._sweep import Sweeper


class _Desk(TypedDict):
    """What everybody works with."""

    tasks: QueueMailbox
    results: QueueMailbox
    now: Clock


def utc_now() -> datetime:
    """Return the current time: where the functions' clock comes from."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """What one instance of a function keeps between calls.

    Attributes:
        policies: What instances should have, and the limits.
        channels: Connections to Compute.
        queue: The connections to Message Queue.
        tasks: Where tasks wait.
        results: Where outcomes go.
        now: Tells the time.
        folder_id: The folder to sweep for policies that name none.
        anonymous: Which calls over HTTP are taken from nobody knows whom.
    """

    policies: Policies
    channels: Channels
    queue: QueueClient
    tasks: QueueMailbox
    results: QueueMailbox
    now: Clock
    folder_id: str
    anonymous: Anonymous

    def compute(self, context: Any) -> Compute:
        """Return Compute, with the token and the deadline of this call.

        Raises:
            SettingsError: If the function has no service account.
        """
        token = getattr(context, "token", None)
        if not token:
            msg = "the context has no token: the function has no service account"
            raise SettingsError(msg)
        deadline = Deadline.of(context)
        return GrpcCompute(self.channels, token["access_token"], deadline)

    def clerk(self, context: Any) -> "Clerk":
        """Return what works on the tasks queue's messages, for this call."""
        from functions._clerk import Clerk  # noqa: PLC0415
        from functions._follow import Follower  # noqa: PLC0415

        # One for all: to make another looks after connections that are in use.
        compute = self.compute(context)
        return Clerk(
            follower=Follower(
                compute=compute, limits=self.policies.limits, **self._desk(context)
            ),
            reactor=lambda: self._reactor(compute, context),
            sweeper=lambda: self._sweeper(compute, context),
        )

    def reactor(self, context: Any) -> "Reactor":
        """Return what reacts to audit events, for this call."""
        return self._reactor(self.compute(context), context)

    def _reactor(self, compute: Compute, context: Any) -> "Reactor":
        from functions._react import Reactor  # noqa: PLC0415

        return Reactor(
            compute=compute,
            policies=self.policies,
            **self._desk(context),
        )

    def sweeper(self, context: Any) -> "Sweeper":
        """Return what moves sweeps, for this call."""
        return self._sweeper(self.compute(context), context)

    def _sweeper(self, compute: Compute, context: Any) -> "Sweeper":
        from functions._sweep import Sweeper  # noqa: PLC0415

        return Sweeper(
            compute=compute,
            policies=self.policies,
            home=self.folder_id,
            **self._desk(context),
        )

    def submitter(self, context: Any) -> "Submitter":
        """Return what submits requests, for this call."""
        from functions._submit import Submitter  # noqa: PLC0415

        return Submitter(
            compute=self.compute(context),
            tasks=self.tasks.until(Deadline.of(context)),
            limits=self.policies.limits,
            now=self.now,
        )

    def burier(self, context: Any) -> "Burier":
        """Return what buries dead letters, for this call."""
        from functions._bury import Burier  # noqa: PLC0415

        return Burier(**self._desk(context))

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        self.channels.close()
        self.queue.close()

    def _desk(self, context: Any) -> _Desk:
        deadline = Deadline.of(context)
        return _Desk(
            tasks=self.tasks.until(deadline),
            results=self.results.until(deadline),
            now=self.now,
        )


def build(
    settings: Settings,
    now: Clock = utc_now,
    ticks: Callable[[], float] = time.monotonic,
    # What the queue refuses cannot be sent on.
    pause: Callable[[float], object] = time.sleep,  # noqa: TID251
) -> Warm:
    """Put adapters behind the ports, as *settings* say."""
    roots = settings.roots
    tls = ssl.create_default_context(cadata=roots.decode()) if roots else None
    patience = Patience(
        pause=pause,
        # Not seeded, so that instances made from one image are not in step.
        chance=random.SystemRandom().random,
    )
    queue = QueueClient(settings.queue_key, now, ticks, tls, patience)
    return Warm(
        policies=settings.policies,
        channels=Channels(Endpoints(**settings.endpoints), roots, ticks),
        queue=queue,
        tasks=QueueMailbox(queue, settings.tasks_queue_url),
        results=QueueMailbox(queue, settings.results_queue_url),
        now=now,
        folder_id=settings.folder_id,
        anonymous=settings.anonymous,
    )


@functools.cache
def warm() -> Warm:
    """Return what is kept, made at the first call.

    Raises:
        SettingsError: If the function was deployed wrongly.
    """
    configure()
    return build(read_settings())
