"""The table of rules tells the truth about itself."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from fakes.fidelity import HERE, README, Rule, rendered, rules, write

ROOT = HERE.parent
EVERY = [one for found in rules().values() for one in found]
IDS = [one.id for one in EVERY]
CODE = "".join(file.read_text() for file in sorted(HERE.rglob("*.py")))


def functions(file):
    return {
        one.name
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_the_readme_shows_the_rules_as_they_are():
    """Otherwise: python -m fakes.fidelity."""
    assert rendered(README.read_text(), rules()) == README.read_text()


def test_the_tables_are_written_anew(tmp_path):
    """What stands around them stays."""
    readme = tmp_path / "README.md"
    readme.write_text(README.read_text().replace("| `attach.stopped` |", "| gone |"))
    write(readme)
    assert readme.read_text() == README.read_text()


def test_a_readme_without_a_place_for_them_is_refused():
    """Rather than left without the rules."""
    with pytest.raises(ValueError, match="there is no"):
        rendered("# Nothing\n", rules())


def test_no_two_rules_have_one_name():
    """The live suite confirms them by their names."""
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("rule", EVERY, ids=IDS)
def test_a_rule_is_proved_and_has_a_source(rule):
    """Its test exists; what is documented names a document that the code names, too,
    and what has none is assumed.
    """
    path, _, name = rule.test.partition("::")
    function, _, case = name.rstrip("]").partition("[")
    assert function in functions(ROOT / path)
    assert case in (ROOT / path).read_text()
    assert rule.basis in {"documented", "assumed"}
    assert rule.source or rule.basis == "assumed"
    page = Path(rule.source.partition(": ")[2]).name
    assert re.search(re.escape(page), CODE)


def test_what_was_confirmed_says_when():
    """So that an old confirmation can be doubted."""
    rule = Rule(
        id="a",
        rule="b",
        source="",
        basis="assumed",
        confirmed=date(2026, 1, 2),
        test="c",
    )
    assert rule.standing == "assumed, confirmed 2026-01-02"
