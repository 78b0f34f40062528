"""The decisions as tables: everything that can be seen, in few rows.

The rows come from the deciding functions themselves, asked about every
sighting; they exclude each other and leave nothing out.
`tests/unit/decisions.txt` pins them, the README shows the two that matter.
"""

import enum
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from events.decision import (
    FinalPower,
    Lateness,
    Progress,
    Sighting,
    Verdict,
    decide,
    describe,
    fate,
    finish,
    proceed,
)
from events.instance import Power, Slot

Domains = Mapping[str, Sequence[Any]]
Row = tuple[str, ...]

# Of the endings, all but ATTACHED are treated alike (a test says so): REFUSED
# stands for them.
DOMAINS: Domains = {
    "slot": tuple(Slot),
    "progress": tuple(Progress),
    "power": tuple(Power),
    "lateness": tuple(Lateness),
    "may_stop": (False, True),
    "noted": (False, True),
    "final": tuple(FinalPower),
    "ending": (None, Verdict.ATTACHED, Verdict.REFUSED),
}
ANY = "·"
_STAND_IN = {Verdict.REFUSED: "other"}


def every_sighting() -> Iterator[Sighting]:
    """Yield every sighting there is, one stand-in for equal endings."""
    for values in itertools.product(*DOMAINS.values()):
        yield Sighting(**dict(zip(DOMAINS, values, strict=True)))


def tabulate(domains: Domains, answer: Callable[..., str]) -> list[Row]:
    """Return *answer*, a function of the fields in *domains*, as a table.

    The first row names the columns; a cell names the values it stands for, or
    is `·` for all of them.
    """
    return [(*domains, "then"), *_rows(list(domains.items()), {}, answer)]


def _rows(
    left: list[tuple[str, Sequence[Any]]],
    known: dict[str, Any],
    answer: Callable[..., str],
) -> list[Row]:
    """Return the rows for what is *left*, values that make no difference in one."""
    if not left:
        return [(answer(**known),)]
    (name, values), *others = left
    branches: list[tuple[list[Any], list[Row]]] = []
    for value in values:
        below = _rows(others, {**known, name: value}, answer)
        alike = next((alike for alike, there in branches if there == below), None)
        if alike is None:
            branches.append(([value], below))
        else:
            alike.append(value)
    return [
        (_cell(alike, values), *cells) for alike, below in branches for cells in below
    ]


def _cell(alike: list[Any], values: Sequence[Any]) -> str:
    others = [value for value in values if value not in alike]
    if not others:
        return ANY
    if len(others) == 1 < len(alike):
        return f"not {_word(others[0])}"
    return " or ".join(map(_word, alike))


def _word(value: Any) -> str:
    if value in _STAND_IN:
        return _STAND_IN[value]
    if isinstance(value, enum.Enum):
        return str(value.value)
    return {None: "none", False: "no", True: "yes"}[value]


def whole() -> list[Row]:
    """Return what is decided on every sighting."""
    other = Verdict.REFUSED.value, _STAND_IN[Verdict.REFUSED]
    return tabulate(
        DOMAINS, lambda **seen: describe(decide(Sighting(**seen))).replace(*other)
    )


def interface_table() -> list[Row]:
    """Return what becomes of the interface while no verdict was reached yet."""
    fixed: dict[str, Any] = {"final": FinalPower.AS_FOUND, "ending": None}
    domains = {name: DOMAINS[name] for name in DOMAINS if name not in fixed}

    def answer(**fields: Any) -> str:
        seen = Sighting(**{**fields, **fixed})
        if seen.progress is Progress.RUNNING:
            return describe(decide(seen))
        verdict = fate(seen)
        return describe(proceed(seen)) if verdict is None else f"→ {verdict.value}"

    return tabulate(domains, answer)


def power_table() -> list[Row]:
    """Return what is done about the power once the verdict (→) was reached."""
    domains: Domains = {
        "verdict": (Verdict.ATTACHED, Verdict.REFUSED),
        "lateness": DOMAINS["lateness"],
        "noted": DOMAINS["noted"],
        "final": DOMAINS["final"],
        "power": DOMAINS["power"],
        "may_stop": DOMAINS["may_stop"],
    }

    def answer(**fields: Any) -> str:
        verdict = fields.pop("verdict")
        fields |= {"progress": Progress.NONE, "slot": Slot.FREE, "ending": None}
        action = finish(Sighting(**fields), verdict)
        return type(action).__name__.lower()

    return tabulate(domains, answer)


def as_text(rows: Sequence[Row]) -> str:
    """Return a table in aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        + "\n"
        for row in rows
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """Return a table in Markdown."""
    head, *body = rows
    lines = [head, ("---",) * len(head), *body]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
