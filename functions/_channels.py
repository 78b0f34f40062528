"""Connections to the API that survive a function's suspension."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import grpc

_OPTIONS = [
    # A page of instances with all their labels is larger than the 4 MB of default.
    ("grpc.max_receive_message_length", 32 * 1024 * 1024),
    # Else a new channel would go on with the dead connection of an old one.
    ("grpc.use_local_subchannel_pool", 1),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the services are, each as `host:port`."""

    compute: str = "compute.api.cloud.yandex.net:443"
    operation: str = "operation.api.cloud.yandex.net:443"
    vpc: str = "vpc.api.cloud.yandex.net:443"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the API.

    Attributes:
        endpoint: Where it is.
        stub: Its generated stub.
    """

    endpoint: str
    stub: Callable[[grpc.Channel], Any]

    def of(self, name: str) -> "Method":
        """Return the method of that name."""
        return Method(service=self, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method of a service, by its name."""

    service: Service
    name: str


@dataclass(frozen=True, slots=True)
class _Connection:
    channel: grpc.Channel
    stubs: dict[Callable[[grpc.Channel], Any], Any] = field(default_factory=dict)


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
        self._open: dict[str, _Connection] = {}

    def freshen(self) -> None:
        """Close what may be dead: to be called when an invocation begins."""
        now = self._ticks()
        if now - self._used > self._idle:
            self.close()
        self._used = now

    def to(self, endpoint: str) -> grpc.Channel:
        """Return the connection to *endpoint*, made at the first call."""
        with self._lock:
            return self._to(endpoint).channel

    def stub(self, endpoint: str, kind: Callable[[grpc.Channel], Any]) -> Any:
        """Return the stub of that *kind* at *endpoint*, made at the first call."""
        with self._lock:
            connection = self._to(endpoint)
            if kind not in connection.stubs:
                connection.stubs[kind] = kind(connection.channel)
            return connection.stubs[kind]

    def _to(self, endpoint: str) -> _Connection:
        if endpoint not in self._open:
            channel = grpc.secure_channel(endpoint, self._credentials, _OPTIONS)
            self._open[endpoint] = _Connection(channel)
        return self._open[endpoint]

    def forget(self, endpoint: str, stub: Any) -> None:
        """Make a new connection to *endpoint* at the next call, if *stub* is on it.

        The old one is not closed, for other threads may still have calls there.
        """
        with self._lock:
            if endpoint in self._open and stub in self._open[endpoint].stubs.values():
                del self._open[endpoint]

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        with self._lock:
            closing, self._open = list(self._open.values()), {}
        for connection in closing:
            connection.channel.close()
