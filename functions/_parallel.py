"""Does the same to many things at once: most of the time is spent waiting."""

from collections.abc import Callable, Sequence
from contextvars import Context, copy_context
from typing import TypeVar

# Where every answer takes 50 ms, 1, 4, 8, 16 and 32 threads get through 5, 19, 36,
# 67 and 117 messages a second (tests/benchmarks/batches.py).  16 finish the
# largest batch, of 1000, within a call; more would only meet the queue's limit,
# 300 calls a second for all instances together, sooner.
THREADS = 16
_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


def in_parallel(
    things: Sequence[_Thing],
    work: Callable[[_Thing], _Result],
    threads: int = THREADS,
) -> list[_Result]:
    """Return what *work* makes of each of *things*, in their order.

    One alone is worked on in the caller's thread.  Every other sees the
    context variables of the caller, and changes none of them.

    Args:
        things: What to work on; begun in their order.
        work: What to do; must be fit to run in several threads at once.
        threads: How many at once, at most.

    Raises:
        Exception: The first that *work* raised, once what was begun has ended;
            of the rest nothing new is begun.
    """
    if len(things) <= 1 or threads <= 1:
        return [work(thing) for thing in things]
    # Most calls bring one message, and should not pay for this at a cold start.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    def run(context: Context, thing: _Thing) -> _Result:
        return context.run(work, thing)

    contexts = [copy_context() for _ in things]
    with ThreadPoolExecutor(min(threads, len(things))) as pool:
        return list(pool.map(run, contexts, things))
