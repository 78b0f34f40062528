"""Connections that die without a sign, as those of a suspended function do.

The server keeps such a connection open and answers nothing that comes by it.  On
Linux the kernel is told to drop what arrives, too: nothing is acknowledged, pings of
HTTP/2 and keepalive probes included, so that a client whose keepalive is set up right
notices.  On other systems pings are answered, and only calls hang.
"""

import asyncio
import contextlib
import ctypes
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# asm-generic/socket.h; Python has no name for it.
_SO_ATTACH_FILTER: Final = 26
# One instruction of the classic packet filter: accept 0 bytes (linux/filter.h:
# BPF_RET | BPF_K).  It must live as long as it takes to hand it over.
_DROP_ALL: Final = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0), 8)
_FILTER: Final = struct.pack("@HP", 1, ctypes.addressof(_DROP_ALL))


class Silences:
    """The connections that went silent, by the client's `host:port`.

    For one event loop.
    """

    def __init__(self) -> None:
        self._silent: set[str] = set()

    async def begin(self, client: str | None) -> None:
        """Let the connection of *client* go silent, and never return.

        Args:
            client: None if there is nothing on the connection but this call: then
                it is enough that it has no answer.
        """
        if client is not None:
            self._silent.add(client)
            _drop_all(int(client.rpartition(":")[2]))
        await _forever()

    async def listen(self, client: str | None) -> None:
        """Return at once, or never if the connection of *client* is silent."""
        if client in self._silent:
            await _forever()


async def _forever() -> None:
    """Wait until cancelled: when the client hangs up, or the server stops."""
    await asyncio.get_running_loop().create_future()


def _drop_all(port: int) -> None:
    """Drop whatever comes from *port*, where the system can do that."""
    for one in _sockets():
        # What is not connected is none of ours.
        with contextlib.suppress(OSError), one:
            if one.getpeername()[1:2] == (port,):
                one.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, _FILTER)


def _sockets() -> Iterator[socket.socket]:
    """Yield copies of all sockets of this process, none but on Linux.

    Those of gRPC are hidden from Python, but not from the system.
    """
    with contextlib.suppress(FileNotFoundError):
        for one in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):  # closed by now
                if one.is_socket():
                    yield socket.socket(fileno=os.dup(int(one.name)))
