"""`nic bundle`: writes the zip that a function's version is made of."""

import hashlib
from pathlib import Path

import click

from cli import package

_REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--requirements",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=_REQUIREMENTS,
    help="What the platform installs beside it; by default that of this checkout.",
)
def bundle(*, file: Path, requirements: Path) -> None:
    """Write the package of the functions to FILE, a zip.

    The same sources give the same bytes.  All functions share one package; the
    entry points are on_event.handle, on_task.handle and on_dead_letter.handle.
    """
    package.write_zip(file, requirements.read_bytes())
    content = file.read_bytes()
    click.echo(f"{file}: {len(content)} bytes")
    click.echo(f"sha256 {hashlib.sha256(content).hexdigest()}")
