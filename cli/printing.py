"""What the commands print: lines that are safe to show, tables, JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

_GAP = "  "


def one_line(text: str) -> str:
    """Return *text* without what would move a terminal's cursor, or worse."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text
    )


def short(text: str, width: int) -> str:
    """Return *text* in so many characters at most."""
    return text if len(text) <= width else text[: width - 1] + "…"


def show_time(moment: datetime | None) -> str:
    """Return *moment* in UTC, to the second; `-` for none."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else "-"


def row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return a line of a table; the last cell is as wide as it is."""
    padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False))
    return one_line(_GAP.join((*padded, *cells[len(widths) :])).rstrip())


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table whose columns are as wide as they must be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return (row(cells, widths[:-1]) for cells in rows)


def as_json(value: Any, indent: int | None = None) -> str:
    """Return JSON in printable ASCII."""
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def plural(count: int, thing: str) -> str:
    """Return how many things there are.

    >>> plural(1, "message"), plural(2, "policy")
    ('1 message', '2 policies')
    """
    if count == 1:
        return f"1 {thing}"
    return f"{count} {thing[:-1]}ies" if thing.endswith("y") else f"{count} {thing}s"
