"""`nic` and `nic decisions`: what they print."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.decision_table import as_markdown, as_text, interface_table, power_table
from cli.main import nic

PINNED = Path(__file__).parent / "decisions.txt"


def printed(*arguments):
    result = CliRunner().invoke(nic, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_two_tables_that_matter_come_first():
    """Without options: the interface, a blank line, the power."""
    expected = as_text(interface_table()) + "\n" + as_text(power_table())
    assert printed("decisions") == expected


def test_all_is_the_pinned_table():
    """What is shown is what a test pins, so neither can drift."""
    assert printed("decisions", "--all") == PINNED.read_text()


def test_markdown_is_for_the_readme():
    """The same rows, as Markdown tables."""
    expected = as_markdown(interface_table()) + "\n" + as_markdown(power_table())
    assert printed("decisions", "--markdown") == expected


@pytest.mark.parametrize("command", ["bundle", "cloud", "decisions", "demo"])
def test_every_command_explains_itself(command):
    """Help says in its first sentence what the command does."""
    text = printed(command, "-h")
    assert text.startswith(f"Usage: nic {command} ")
    assert len(text.splitlines()[2].strip()) > 20


def test_help_lists_the_commands():
    """A newcomer finds everything from `nic -h`."""
    listed = printed("-h").partition("Commands:")[2].split()
    assert {"bundle", "cloud", "decisions", "demo"} <= set(listed)


def test_the_version_is_the_packages():
    """`nic --version` answers with a number."""
    assert printed("--version").split()[-1][0].isdigit()
