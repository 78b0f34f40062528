"""The rules of the local cloud: where each comes from, and whether it was confirmed.

They are in `fidelity.json`, by area, and as a table in README.md, which
`python -m fakes.fidelity` writes anew.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
README: Final = HERE / "README.md"

_BEGIN: Final = "<!-- the rules: python -m fakes.fidelity -->\n"
_END: Final = "<!-- end of the rules -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that the local cloud does as the cloud is believed to.

    Attributes:
        id: Names it; the live suite tells which it confirmed.
        rule: One sentence.
        source: The document or file, `repository: path`; '' if there is none.
        basis: `documented` or `assumed`.
        confirmed: When the real service was last seen to do the same, if ever.
        test: The test that proves that the local cloud does, as pytest names it.
    """

    id: str
    rule: str
    source: str
    basis: str
    confirmed: date | None
    test: str

    @property
    def standing(self) -> str:
        """How far it is to be trusted."""
        seen = f"confirmed {self.confirmed}" if self.confirmed else "not confirmed"
        return f"{self.basis}, {seen}"


def rules() -> dict[str, list[Rule]]:
    """Return all rules, by area."""
    areas = json.loads((HERE / "fidelity.json").read_text())
    return {area: [_rule(**one) for one in found] for area, found in areas.items()}


def rendered(document: str, areas: dict[str, list[Rule]]) -> str:
    """Return *document* with *areas* between its two marks, as tables.

    Raises:
        ValueError: If the marks are not there.
    """
    before, mark, rest = document.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (mark and end):
        msg = f"there is no {_BEGIN.strip()}, or no {_END.strip()}"
        raise ValueError(msg)
    return "".join([before, mark, *_lines(areas), end, after])


def write(readme: Path = README) -> None:
    """Write the tables into *readme* anew."""
    readme.write_text(rendered(readme.read_text(), rules()))


def _rule(*, confirmed: str | None, **texts: str) -> Rule:
    seen = date.fromisoformat(confirmed) if confirmed else None
    return Rule(confirmed=seen, **texts)


def _lines(areas: dict[str, list[Rule]]) -> Iterator[str]:
    for area, found in areas.items():
        yield f"\n### {area}\n\n"
        yield "| rule | what holds | source | standing |\n|---|---|---|---|\n"
        for one in found:
            source = f"`{one.source}`" if one.source else "none"
            cells = (f"`{one.id}`", one.rule.replace("|", "\\|"), source, one.standing)
            yield f"| {' | '.join(cells)} |\n"
    yield "\n"


if __name__ == "__main__":
    write()
