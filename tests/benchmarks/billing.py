"""What an attach is billed whose operation takes 3.4 s, all calls counted.

Ours run under a clock that is turned, behind real sockets, with a trail of audit
events: what an attach sets off on its way counts, too.  A log group's trigger cannot
choose among events, but it can gather them.  A call is billed by its
duration, rounded up to 100 ms (yandex-cloud/docs: en/functions/pricing.md).  The naive
function waits in its one call, in real time.
"""

import math
import tempfile
from datetime import timedelta
from pathlib import Path

import structlog

from fakes.triggers.logging_trigger import LoggingTrigger
from fakes.triggers.queue_trigger import QueueTrigger
from tests.benchmarks.figures import Figure
from tests.benchmarks.surroundings import surroundings
from tests.scenario.stage import Stage

_OPERATION = timedelta(seconds=3.4)
_TITLE = f"billed for an attach of {_OPERATION.total_seconds()} s"
_CUTOFFS = (timedelta(seconds=1), timedelta(seconds=10))
_STEP = timedelta(seconds=1)
_STEPS = 40  # as much as all of it may take
_BILLED_STEP = 0.1


def figures():
    """Yield calls and seconds of ours, by what set them off, and of the naive one."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield from _ours("asked for by a message", _ask, _CUTOFFS[0])
    for cutoff in _CUTOFFS:
        gathered = f"set off by a stop, events gathered for {cutoff.seconds} s"
        yield from _ours(gathered, _stop, cutoff)
    yield Figure(name=f"{_TITLE}: naive, waits", measured=_naive(), unit="s", digits=1)


def _ask(stage):
    stage.ask(stage.request())


def _stop(stage):
    stage.stop(stage.instance)


def _bound(cutoff):
    def bind(cloud, queues, found):
        happened = LoggingTrigger(cloud.audit_group, cloud.chance, cutoff=cutoff)
        cloud.runner.bind(happened, found["on_event"])
        trigger = QueueTrigger(queue=queues.tasks, place=cloud.place)
        cloud.runner.bind(trigger, found["on_task"])

    return bind


def _ours(title, begin, cutoff):
    with tempfile.TemporaryDirectory() as name, Stage(Path(name)) as stage:
        if begin is _stop:
            stage.start(stage.instance)
            stage.pass_compute(timedelta(seconds=10))
        found = stage.deploy(bound=_bound(cutoff))
        before = len(stage.cloud.faults.seen)
        begin(stage)
        stage.turn(_STEP, times=_STEPS)
        asked = [one.method for one in [*stage.cloud.faults.seen][before:]]
        [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "attached"
    calls = [call for one in found.values() for call in one.calls]
    assert not any(call.error for call in calls)
    counts = [f"{name} {len(one.calls)}" for name, one in found.items() if one.calls]
    billed = sum(call.billed.total_seconds() for call in calls)
    name = f"{_TITLE}: ours, {title}"
    yield Figure(name=name, measured=billed, unit="s", digits=1, at_most=0.5)
    sent = sum("SendMessage" in one for one in asked)
    for what, count in (
        (f"calls: {', '.join(counts)}", len(calls)),
        ("calls to the API", len(asked) - sent),
        ("messages sent", sent),
    ):
        yield Figure(name=f"    {what}", measured=count, unit="", digits=0)


def _naive():
    """Return what its one call is billed, when it is warm."""
    attach_ms = _OPERATION // timedelta(milliseconds=1)
    with surroundings(2, attach_ms=attach_ms) as place:
        [[_, seconds]] = place.run("naive", "warm", 2)["calls"]
    return math.ceil(seconds / _BILLED_STEP) * _BILLED_STEP
