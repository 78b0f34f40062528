"""Instances of a function: a process of its own, or a thread of this one."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

from fakes.serverless import bootstrap
from fakes.serverless.calls import NO_TRACE, Trace
from fakes.serverless.output import Output, Scales

_LONGEST_ANSWER: Final = 16 * 1024 * 1024  # in bytes


class InstanceDiedError(Exception):
    """The process ended in the middle of a call, or could not begin it."""


class Instance(Protocol):
    """One place in which a function runs, one call at a time."""

    async def call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to *call*, as `bootstrap.answer` gives it.

        Raises:
            InstanceDiedError: If there is none.
        """
        ...

    def trace(self) -> Trace:
        """Return what was left since it was last asked: after each call, by that."""
        ...

    async def stop(self) -> None:
        """End it, whatever it does; its last trace can be asked for still."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadInstance:
    """Runs a handler in a thread of this process: quick, and nothing can die."""

    handler: bootstrap.Handler

    async def call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to *call*."""
        return await asyncio.to_thread(bootstrap.answer, self.handler, call)

    def trace(self) -> Trace:
        """Return nothing: all threads print to one place."""
        return NO_TRACE

    async def stop(self) -> None:
        """Do nothing: a thread cannot be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a function's version runs.

    Attributes:
        folder: The unpacked package; the entry point's file is in its root.
        entrypoint: `<file>.<function>`.
        environment: All environment variables; nothing is inherited.
        bare: True if nothing is installed beside it; otherwise what is installed here
            stands in for what its requirements name.
    """

    folder: Path
    entrypoint: str
    environment: Mapping[str, str]
    bare: bool = False


class ProcessInstance:
    """Runs a handler in a process of its own, started by `launch`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        answers: asyncio.StreamReader,
        pipe: asyncio.BaseTransport,
        output: Output,
    ) -> None:
        self._process = process
        self._answers = answers
        self._pipe = pipe
        self._output = output
        self._scales = Scales(process.pid)
        self._weighed: int | None = None

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @classmethod
    async def launch(
        cls, code: Code, on_line: Callable[[str], object]
    ) -> "ProcessInstance":
        """Start a process; *on_line* gets each line of its output.

        What it writes to standard output and standard error is its log
        (yandex-cloud/docs: en/functions/lang/python/logging.md).

        Raises:
            OSError: If it cannot be started.
        """
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as its:
            reading, writing = _pipe(ours, its)
            printed, printing = _pipe(ours, its)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # nothing of the local cloud is importable by accident
                "-u",  # a line that was printed is in the log, whatever comes next
                *(["-S"] if code.bare else []),
                bootstrap.__file__,
                code.entrypoint,
                "0",
                str(writing),
                cwd=code.folder,
                env=dict(code.environment),
                stdin=asyncio.subprocess.PIPE,
                stdout=printing,
                stderr=printing,
                pass_fds=(writing,),
            )
            ours.pop_all()
        answers = asyncio.StreamReader(limit=_LONGEST_ANSWER)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(answers), os.fdopen(reading, "rb")
        )
        return cls(process, answers, pipe, Output(printed, on_line))

    async def call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to *call*.

        Raises:
            InstanceDiedError: If the process ended first.
        """
        stdin = cast("asyncio.StreamWriter", self._process.stdin)
        with contextlib.suppress(ConnectionError):
            stdin.write(json.dumps(call).encode() + b"\n")
            await stdin.drain()
        line = await self._answers.readline()
        if not line:
            code = await self._process.wait()
            msg = f"the process ended with {code}"
            raise InstanceDiedError(msg)
        found: dict[str, Any] = json.loads(line)
        return found

    def trace(self) -> Trace:
        """Return the lines since it was last asked, and the process's memory.

        So what threads print after a call was answered is the next call's, and
        nobody's if there is none.  A process that ended by itself has taken its
        memory with it.
        """
        memory = self._scales.weigh() or self._weighed
        return Trace(lines=self._output.take(), max_memory=memory)

    async def stop(self) -> None:
        """Kill the process, if it still runs."""
        self._weighed = self._scales.weigh() or self._weighed
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._scales.close()
        self._output.close()
        self._pipe.close()


def _pipe(ours: contextlib.ExitStack, its: contextlib.ExitStack) -> tuple[int, int]:
    """Return the ends of a new pipe, which are closed with their owners."""
    reading, writing = os.pipe()
    ours.callback(os.close, reading)
    its.callback(os.close, writing)
    return reading, writing
