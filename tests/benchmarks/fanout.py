"""How many events a second one instance of a function gets through, by their number.

Here every answer comes after 50 ms, as from a cloud that is not on the same machine:
an instance takes one call at a time, so what it does at once in a call is all that it
does at once.
"""

import statistics
from collections import defaultdict

from tests.benchmarks.figures import Figure, of_all
from tests.benchmarks.surroundings import surroundings

_LATENCY = 50
_ROUNDS = 3
_EVENTS = {1: 9, 10: 41, 100: 201}  # the first one is no part of what is measured
_BUDGETS = {10: 8}
_NAIVE = 9
_INSTANCES = (_ROUNDS + 1) * (sum(_EVENTS.values()) + _NAIVE)


def figures():
    """Yield the rates of the naive one, of ours, and one beside the other."""
    found = defaultdict(list)
    with surroundings(_INSTANCES, latency_ms=_LATENCY) as place:
        for _ in range(_ROUNDS):
            found["naive"].append(_rate(place.run("naive", "warm", _NAIVE), 1))
            for size, count in _EVENTS.items():
                found[size].append(_rate(place.run("ours", str(size), count), size))
    for who, rates in found.items():
        title = who if who == "naive" else f"ours, {who} in a call"
        yield of_all(
            rates,
            name=f"events a second, answers after {_LATENCY} ms: {title}",
            unit="/s",
            digits=1,
        )
    naive = statistics.median(found["naive"])
    for size in _EVENTS:
        yield Figure(
            name=f"events a second: {size} in a call beside naive",
            measured=statistics.median(found[size]) / naive,
            unit="times",
            digits=1,
            at_least=_BUDGETS.get(size),
        )


def _rate(told, size):
    return size / statistics.median(seconds for _, seconds in told["calls"])
