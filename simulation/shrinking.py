"""Finds the shortest schedule that still breaks the same promise.

Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
input", 2002) over the choices that are not the plainest.
"""

from collections.abc import Callable

from simulation.dice import Choices


def shrink(choices: Choices, fails: Callable[[Choices], bool]) -> dict[str, int]:
    """Return as few of *choices*, each as low, as still fail.

    Args:
        choices: A schedule that fails.
        fails: Tells whether another one fails in the same way.
    """
    left = dict(choices)
    size = max(1, len(left) // 2)
    while True:
        shorter = _without_some(left, size, fails)
        if shorter is not None:
            left = shorter
        elif size > 1:
            size //= 2
        else:
            break
    return _lowered(left, fails)


def _without_some(
    choices: dict[str, int], size: int, fails: Callable[[Choices], bool]
) -> dict[str, int] | None:
    """Return *choices* without some in a row, so many at most; None if all count."""
    names = list(choices)
    for start in range(0, len(names), size):
        gone = set(names[start : start + size])
        fewer = {name: it for name, it in choices.items() if name not in gone}
        if fails(fewer):
            return fewer
    return None


def _lowered(
    choices: dict[str, int], fails: Callable[[Choices], bool]
) -> dict[str, int]:
    for name in list(choices):
        for lower in range(1, choices[name]):
            tried = {**choices, name: lower}
            if fails(tried):
                choices = tried
                break
    return choices
