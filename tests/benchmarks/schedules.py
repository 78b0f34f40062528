"""How fast schedules are played, from a request to its outcome, with trouble."""

import time

from simulation.seeds import play_many
from tests.benchmarks.figures import of_all

_ROUNDS = 5
_SLICE = 300


def figures():
    """Yield the rate of one core, of rounds with seeds that nobody played before."""
    rates = []
    for first in range(0, _ROUNDS * _SLICE, _SLICE):
        began = time.process_time()
        found = play_many(range(first, first + _SLICE))
        rates.append(found.schedules / (time.process_time() - began))
    name = "simulated schedules, per second of CPU time"
    yield of_all(rates, name=name, unit="/s", digits=0, at_least=1000)
