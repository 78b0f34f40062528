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

_LONGEST_LINE: Final = 16 * 1024 * 1024


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

    async def stop(self) -> None:
        """End it, whatever it does."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadInstance:
    """Runs a handler in a thread of this process: quick, and nothing can die."""

    handler: bootstrap.Handler

    async def call(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to *call*."""
        return await asyncio.to_thread(bootstrap.answer, self.handler, call)

    async def stop(self) -> None:
        """Do nothing: a thread cannot be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a function's version runs.

    Attributes:
        folder: The unpacked package; the entry point's file is in its root.
        entrypoint: `<file>.<function>`.
        environment: All environment variables; nothing is inherited.
    """

    folder: Path
    entrypoint: str
    environment: Mapping[str, str]


class ProcessInstance:
    """Runs a handler in a process of its own, started by `launch`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        answers: asyncio.StreamReader,
        pipe: asyncio.BaseTransport,
        log: "asyncio.Task[None]",
    ) -> None:
        self._process = process
        self._answers = answers
        self._pipe = pipe
        self._log = log

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @classmethod
    async def launch(
        cls, code: Code, on_line: Callable[[str], object]
    ) -> "ProcessInstance":
        """Start a process; *on_line* gets each line of its output."""
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # nothing of the local cloud is importable by accident
                "-u",  # a line that was printed is in the log, whatever comes next
                bootstrap.__file__,
                code.entrypoint,
                "0",
                str(writing),
                cwd=code.folder,
                env=dict(code.environment),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(writing,),
                limit=_LONGEST_LINE,
            )
        finally:
            os.close(writing)
        answers = asyncio.StreamReader(limit=_LONGEST_LINE)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(answers), os.fdopen(reading, "rb")
        )
        log = asyncio.create_task(_pass_on(process, on_line))
        return cls(process, answers, pipe, log)

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

    async def stop(self) -> None:
        """Kill the process, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._log
        self._pipe.close()


async def _pass_on(
    process: asyncio.subprocess.Process, on_line: Callable[[str], object]
) -> None:
    async for line in cast("asyncio.StreamReader", process.stdout):
        on_line(line.decode(errors="replace").rstrip("\n"))
