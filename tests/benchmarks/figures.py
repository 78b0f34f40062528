"""Figures, their budgets, and the table that holds one against the other."""

import statistics
from dataclasses import dataclass

_HEAD = ("figure", "measured", "spread", "budget", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, and its bounds; without any, it only informs.

    Of several measurements it is the median; *spread* is the least and the most.
    """

    name: str
    measured: float
    unit: str
    digits: int = 2
    spread: tuple[float, float] | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def budget(self):
        if self.at_most is not None:
            return f"≤ {self.at_most:g} {self.unit}"
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}"
        return ""

    @property
    def missed(self):
        return (self.at_most is not None and self.measured > self.at_most) or (
            self.at_least is not None and self.measured < self.at_least
        )

    @property
    def verdict(self):
        if self.missed:
            return "MISSED"
        return "kept" if self.budget else ""

    @property
    def row(self):
        measured = f"{self.measured:.{self.digits}f} {self.unit}"
        return self.name, measured, self._range, self.budget, self.verdict

    @property
    def _range(self):
        return " to ".join(f"{one:.{self.digits}f}" for one in self.spread or ())


def of_all(values, **more):
    """Return the figure of several measurements."""
    return Figure(
        measured=statistics.median(values), spread=(min(values), max(values)), **more
    )


def table(figures):
    """Return the figures as text, a line each, in columns."""
    rows = [_HEAD, *(one.row for one in figures)]
    name, *others = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = []
    for title, *cells in rows:
        aligned = [
            f"{cell:>{width}}" for cell, width in zip(cells, others, strict=True)
        ]
        lines.append("  ".join([f"{title:<{name}}", *aligned]).rstrip() + "\n")
    return "".join(lines)
