"""Processes that are measured from outside: their start, CPU time and memory.

Linux only: nowhere else can all of it be read without help.
"""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
NIC = Path(sys.executable).with_name("nic")
_READ = subprocess.PIPE
_PATIENCE = timedelta(seconds=30)
_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
_CPU_CLOCK = 2  # CPUCLOCK_SCHED, in the lowest bits of the id of a process's clock


def cpu_seconds(pid):
    """Return how long a process has computed, in all of its threads."""
    return time.clock_gettime((~pid << 3) | _CPU_CLOCK)


def resident_mb(pid):
    """Return how much memory a process holds, in millions of bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(_RESIDENT.search(status)[1]) * 1024 / 1e6


@contextlib.contextmanager
def started(*command, stdout=subprocess.DEVNULL, **variables):
    """Yield a process, with these variables too; end it afterwards."""
    with subprocess.Popen(  # noqa: S603 - programs of our choice
        [*map(str, command)],
        cwd=ROOT,
        env={**os.environ, **variables},  # noqa: TID251 - a child's, with changes
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_line(process, beginning):
    """Return the first line that begins so."""
    for line in process.stdout:
        if line.startswith(beginning):
            return line
    msg = f"{process.args[0]} ended with {process.wait()}"
    raise RuntimeError(msg)


def wait_for_answer(address):
    """Return once somebody speaks HTTP at *address*."""
    end = time.monotonic() + _PATIENCE.total_seconds()
    while time.monotonic() < end:
        connection = http.client.HTTPConnection(address, timeout=1)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/")
            connection.getresponse()
            return
        time.sleep(0.05)  # noqa: TID251 - the process tells nobody that it is ready
    msg = f"nobody answers at {address}"
    raise TimeoutError(msg)


@dataclass(frozen=True, slots=True)
class Cloud:
    """A local cloud in a process of its own, and how to reach it."""

    pid: int
    endpoints: dict


@contextlib.contextmanager
def local_cloud(folder):
    """Yield a local cloud that is ready."""
    file = folder / "endpoints.json"
    with started(NIC, "cloud", "--endpoints", file, stdout=_READ) as process:
        wait_for_line(process, "ready")
        yield Cloud(process.pid, json.loads(file.read_text(encoding="utf-8")))
