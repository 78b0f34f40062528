"""What the deployed functions cost: their cold start, and what they do when warm.

Three subjects do the same in fresh processes, by turns: ours; the naive one, written
by the samples, with the SDK, its waiter and boto3; and the bare one, the floor, which
makes the calls of ours and nothing else.  What counts is CPU time: what a platform
with a share of a CPU stretches, and what others do on the machine does not change.

For each attach ours are called twice at least, to begin and to settle; to begin it
makes two calls more than the naive one, for it checks subnet and groups first.
"""

import statistics
from collections import defaultdict

from tests.benchmarks.figures import Figure, of_all
from tests.benchmarks.surroundings import surroundings

_SUBJECTS = ("bare", "naive", "ours")
_STARTS = 11
_ROUNDS = 7
_EVENTS = 41  # the first one is no part of what is measured
_INSTANCES = 4 * _STARTS * 2 + 4 * _ROUNDS * _EVENTS
# A share of one vCPU in proportion to the memory, up to 2 GB, which have all of it
# (yandex-cloud/docs: en/functions/concepts/runtime/index.md).
_WHOLE_CPU = 2048
_MEMORIES = (128, 256, 512, 1024)
_MIB = 1024 * 1024  # of which the platform gives 128 or more
JOBS = {
    "rpc": ("process start to first RPC answered", 0.55),
    "event": ("process start to first event handled", 0.36),
}


def figures():
    """Yield the figures of cold starts, then those of warm functions."""
    with surroundings(_INSTANCES) as place:
        yield from _cold(place)
        yield from _warm(place)


def _cold(place):
    found, unpacked = defaultdict(list), []
    for _ in range(_STARTS):
        for job in JOBS:
            for subject in _SUBJECTS:
                found[job, subject].append(place.run(subject, job))
        unpacked.append(place.run("ours", "event", compiled=False)["cpu"] * 1000)
    for job, (title, budget) in JOBS.items():
        yield from _beside(title, _cpus(found, job), at_most=budget)
    title = "the same, nothing of our package compiled yet: ours, CPU"
    yield of_all(unpacked, name=title, unit="ms", digits=1)
    yield from _shares(_cpus(found, "event"))
    resident = [one["resident"] / _MIB for one in found["event", "ours"]]
    title = "memory, resident, after the first event"
    yield of_all(resident, name=title, unit="MiB", digits=1, at_most=48)


def _cpus(found, job):
    return {
        subject: [one["cpu"] * 1000 for one in found[job, subject]]
        for subject in _SUBJECTS
    }


def _beside(title, found, **budget):
    """Yield what each subject takes, in ms, and ours beside the others."""
    for subject, values in found.items():
        yield of_all(values, name=f"{title}: {subject}, CPU", unit="ms", digits=1)
    yield _ratio(title, found, "naive", **budget)
    yield _ratio(title, found, "bare")


def _ratio(title, found, other, **budget):
    ratio = statistics.median(found["ours"]) / statistics.median(found[other])
    name = f"{title}: ours beside {other}"
    return Figure(name=name, measured=ratio, unit="times", **budget)


def _shares(cpus):
    for memory in _MEMORIES:
        for subject in ("naive", "ours"):
            yield Figure(
                name=f"first event with the CPU of {memory} MB, computed: {subject}",
                measured=statistics.median(cpus[subject]) / 1000 * _WHOLE_CPU / memory,
                unit="s",
            )


def _warm(place):
    found = defaultdict(list)
    for _ in range(_ROUNDS):
        for subject in _SUBJECTS:
            told = place.run(subject, "warm", _EVENTS)
            for kind in {"calls", "settled"} & set(told):
                cpus = [cpu * 1000 for cpu, _ in told[kind]]
                found[kind, subject].append(statistics.median(cpus))
    begun = {subject: found["calls", subject] for subject in _SUBJECTS}
    title = "warm event, begins an attach"
    for figure in _beside(title, begun, at_most=0.42):
        bounded = figure.name.endswith("beside bare")
        yield _ratio(title, begun, "bare", at_most=1.25) if bounded else figure
    settled = found["settled", "ours"]
    name = "warm event, settles an attach: ours, CPU"
    yield of_all(settled, name=name, unit="ms", digits=1)
    both = [sum(pair) for pair in zip(begun["ours"], settled, strict=True)]
    yield _ratio("all events of an attach", {**begun, "ours": both}, "naive")
    yield _rate(begun, at_least=2.5)


def _rate(begun, **budget):
    rates = {name: 1000 / statistics.median(begun[name]) for name in ("naive", "ours")}
    return Figure(
        name="events per second of CPU time: ours beside naive",
        measured=rates["ours"] / rates["naive"],
        unit="times",
        **budget,
    )
