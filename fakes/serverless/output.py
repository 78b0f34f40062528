"""What a process prints, and how much memory it takes, for whoever started it."""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from typing import Final

_LINES_KEPT: Final = 1000  # of one call
_LONGEST_LINE: Final = 1024 * 1024  # in bytes; a longer one is told in pieces
_PIPE: Final = 1024 * 1024  # in bytes; no pipe holds more, unless privileged


class Output:
    """The reading end of the pipe that a process prints to.

    Who has printed, then answered, has printed first: by the time of an answer all
    that was printed before it is in the pipe, or was read.  So `take` knows the
    lines of a call without any mark among them.

    Args:
        pipe: The end's descriptor, which is closed by `close`.
        on_line: Gets each line as it is read.
    """

    def __init__(self, pipe: int, on_line: Callable[[str], object]) -> None:
        self._pipe = pipe
        self._on_line = on_line
        self._unfinished = bytearray()
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._loop = asyncio.get_running_loop()
        os.set_blocking(pipe, False)
        self._loop.add_reader(pipe, self._read)

    def take(self) -> tuple[str, ...]:
        """Return the newest 1,000 lines since it was last asked.

        One without an end ends here.
        """
        self._read()
        if self._unfinished:
            self._end_line()
        lines = tuple(self._lines)
        self._lines.clear()
        return lines

    def close(self) -> None:
        """Read what is left, and close the pipe, whoever may still write to it.

        Lines are there to be taken still.  Is idempotent.
        """
        self._read()
        if self._pipe >= 0:
            self._loop.remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = -1

    def _read(self) -> None:
        """Read once: who prints all the time must not keep us here."""
        if self._pipe < 0:
            return
        try:
            found = os.read(self._pipe, _PIPE)
        except BlockingIOError:
            return
        if not found:  # the end, which would be told again and again
            self._loop.remove_reader(self._pipe)
        for piece in found.splitlines(keepends=True):
            self._unfinished += piece
            if piece.endswith(b"\n") or len(self._unfinished) >= _LONGEST_LINE:
                self._end_line()

    def _end_line(self) -> None:
        line = self._unfinished.decode(errors="replace").rstrip("\n")
        self._unfinished.clear()
        self._lines.append(line)
        self._on_line(line)


class Scales:
    """Tells how much memory a process has had at most, where the system does.

    The process's own `getrusage` counts what its parent had when it began, too.

    Args:
        pid: The process.
    """

    def __init__(self, pid: int) -> None:
        self._status = -1
        with contextlib.suppress(OSError):
            self._status = os.open(f"/proc/{pid}/status", os.O_RDONLY)

    def weigh(self) -> int | None:
        """Return it in bytes; None if the process is gone, or nobody knows."""
        if self._status < 0:
            return None
        with contextlib.suppress(ProcessLookupError):
            _, _, rest = os.pread(self._status, 4096, 0).partition(b"\nVmHWM:")
            if rest:
                return int(rest.split(maxsplit=1)[0]) * 1024
        return None

    def close(self) -> None:
        """Weigh no more.  Is idempotent."""
        if self._status >= 0:
            os.close(self._status)
            self._status = -1
