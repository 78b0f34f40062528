"""How soon the local cloud is ready, and how much memory it takes."""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import cpu_seconds, local_cloud, resident_mb

_STARTS = 7


@dataclass(frozen=True, slots=True)
class _Start:
    seconds: float
    cpu: float
    megabytes: float


def _start(folder):
    began = time.perf_counter()
    with local_cloud(folder) as cloud:
        seconds = time.perf_counter() - began
        return _Start(seconds, cpu_seconds(cloud.pid), resident_mb(cloud.pid))


def figures():
    """Yield what fresh processes take.

    The shortest time counts: what others do on the machine only adds to it.
    """
    with tempfile.TemporaryDirectory() as folder:
        starts = [_start(Path(folder)) for _ in range(_STARTS)]
    cpu = statistics.median(one.cpu for one in starts)
    yield Figure(
        name=f"nic cloud: from its start until ready, best of {_STARTS}",
        measured=min(one.seconds for one in starts),
        unit="s",
        at_most=0.6,
    )
    yield Figure(name="nic cloud: CPU time of that, median", measured=cpu, unit="s")
    yield Figure(
        name="nic cloud: memory, resident, when ready",
        measured=max(one.megabytes for one in starts),
        unit="MB",
        digits=0,
        at_most=90,
    )
