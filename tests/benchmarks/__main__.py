"""Holds what was promised against what is: `python -m tests.benchmarks [SET ...]`.

Without a name, all sets that have budgets are measured.  What is compared is measured
side by side, in one run; nothing here is part of `make test`.  The exit status is 1
if a budget was missed.
"""

import argparse
import sys

from tests.benchmarks import (
    batches,
    billing,
    fanout,
    functions,
    instances,
    pieces,
    queues,
    schedules,
    start,
)
from tests.benchmarks.figures import table

# What yields figures, in the order in which they run.
BUDGETED = {
    "functions": functions.figures,
    "fanout": fanout.figures,
    "billing": billing.figures,
    "pieces": pieces.figures,
    "start": start.figures,
    "queues": queues.figures,
    "instances": instances.figures,
    "schedules": schedules.figures,
}
SETS = {**BUDGETED, "batches": batches.figures}


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    wanted = parser.parse_args().sets or [*BUDGETED]
    if unknown := set(wanted) - set(SETS):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    found = []
    for name in wanted:
        sys.stderr.write(f"measuring: {name}\n")
        found += SETS[name]()
    sys.stdout.write(table(found))
    return any(one.missed for one in found)


if __name__ == "__main__":
    sys.exit(main())
