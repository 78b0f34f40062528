"""Connections to the API that survive a function's suspension."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import grpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the services are, each as `host:port`."""

    compute: str = "compute.api.cloud.yandex.net:443"
    operation: str = "operation.api.cloud.yandex.net:443"
    vpc: str = "vpc.api.cloud.yandex.net:443"


class Channels:
    """The connections of one warm function, kept between invocations.

    Fit for several threads, as what they carry is.

    A suspended function's connections die without a sign, and a channel whose
    peer went silent fails every later call; a fresh one costs two milliseconds.

    Args:
        endpoints: Where the services are.
        roots: PEM of the certificates to trust; None for the usual ones.
        ticks: A clock that only goes forward, in seconds.
        idle: After this long without a call, connections are made anew.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        roots: bytes | None,
        ticks: Callable[[], float],
        idle: timedelta = timedelta(seconds=5),
    ) -> None:
        self.endpoints = endpoints
        self._credentials = grpc.ssl_channel_credentials(roots)
        self._ticks = ticks
        self._idle = idle.total_seconds()
        self._used = ticks()
        self._lock = threading.Lock()
        self._open: dict[str, grpc.Channel] = {}

    def freshen(self) -> None:
        """Close what may be dead: to be called when an invocation begins."""
        now = self._ticks()
        if now - self._used > self._idle:
            self.close()
        self._used = now

    def to(self, endpoint: str) -> grpc.Channel:
        """Return the connection to *endpoint*, made at the first call."""
        with self._lock:
            if endpoint not in self._open:
                self._open[endpoint] = grpc.secure_channel(endpoint, self._credentials)
            return self._open[endpoint]

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        for channel in self._open.values():
            channel.close()
        self._open.clear()
