"""How much memory stays behind, for the tests of hostile input."""

import gc
import tracemalloc


def growth(round_of_work):
    """Return the bytes that a third round holds on to beyond the second.

    The first fills what is filled once.  *round_of_work* gets its number.
    """

    def held(number):
        round_of_work(number)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        held(0)
        second, third = held(1), held(2)
    finally:
        tracemalloc.stop()
    return third - second
