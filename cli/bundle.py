"""`nic bundle`: writes the zip that a function's version is made of."""

import hashlib
from pathlib import Path

import click

from cli import package
from cli.policies import load

_REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--requirements",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=_REQUIREMENTS,
    help="What the platform installs beside it; by default that of this checkout.",
)
@click.option(
    "--policies",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Becomes policies.json in it, for POLICIES_FILE; checked first.",
)
def bundle(*, file: Path, requirements: Path, policies: Path | None) -> None:
    """Write the package of the functions to FILE, a zip.

    The same sources give the same bytes.  All functions share one package; the
    entry points are on_event.handle, on_schedule.handle, on_http.handle,
    on_task.handle and on_dead_letter.handle.
    """
    more = {"requirements.txt": requirements.read_bytes()}
    if policies:
        load(str(policies))
        more["policies.json"] = policies.read_bytes()
    package.write_zip(file, more)
    content = file.read_bytes()
    click.echo(f"{file}: {len(content)} bytes")
    click.echo(f"sha256 {hashlib.sha256(content).hexdigest()}")
