"""The other fakes of a queue service that are written in Python.

`make bench` installs them in an environment of their own: see
`requirements-bench.txt`.  Of those on the package index that serve SQS over HTTP
these are the most used one, and the fastest found.
"""

import contextlib
import socket
import sys
from pathlib import Path

from tests.benchmarks.asking import Service
from tests.benchmarks.processes import ROOT, started, wait_for_answer

PROGRAMS = ROOT / ".venv-bench" / "bin"


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return str(one.getsockname()[1])


@contextlib.contextmanager
def _serving(name, port, *command, **variables):
    address = f"127.0.0.1:{port}"
    program, *arguments = command
    if not Path(program).exists():
        sys.exit(f"{program} is missing: run `make bench`")
    with started(program, *arguments, **variables) as process:
        wait_for_answer(address)
        yield Service(name=name, pid=process.pid, address=address)


@contextlib.contextmanager
def peers():
    """Yield all of them, ready."""
    one, other = _free_port(), _free_port()
    moto = PROGRAMS / "moto_server", "-H", "127.0.0.1", "-p", one
    variables = {"GATEWAY_PORT": other, "BIND_HOST": "127.0.0.1"}
    with (
        _serving("moto", one, *moto) as first,
        _serving("ministack", other, PROGRAMS / "ministack", **variables) as second,
    ):
        yield first, second
