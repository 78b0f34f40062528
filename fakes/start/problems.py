"""What is wrong with a world file."""

from collections.abc import Iterable

from fakes.reading import Problem


class WrongWorldError(ValueError):
    """The file describes no world that there can be.

    Attributes:
        problems: All that is wrong; at least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def refused(path: str, reason: str) -> Problem:
    """Return the problem with an entry that the cloud itself would refuse."""
    return Problem(path=path, problem=f"is refused: {reason}")
