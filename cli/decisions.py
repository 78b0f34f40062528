"""`nic decisions`: shows what is decided on what is seen."""

import click

from cli.decision_table import (
    as_markdown,
    as_text,
    interface_table,
    power_table,
    whole,
)


@click.command()
@click.option("--all", "everything", is_flag=True, help="One table of everything.")
@click.option("--markdown", is_flag=True, help="As Markdown.")
def decisions(*, everything: bool, markdown: bool) -> None:
    """Show what is decided on everything that can be seen.

    First what becomes of the interface, then what is done about the power once
    a verdict (→) was reached.  A `·` stands for anything.
    """
    tables = [whole()] if everything else [interface_table(), power_table()]
    render = as_markdown if markdown else as_text
    click.echo("\n".join(map(render, tables)), nl=False)
