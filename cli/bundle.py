"""`nic bundle`: writes the zip that a function's version is made of."""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from cli.package import contents, write_zip
from cli.policies import load
from cli.printing import table
from cli.probe import can_run_functions, probe
from cli.runtime import Runtime
from cli.vendor import vendored
from cli.wheels import download

_ROOT = Path(__file__).parent.parent
RUNTIME = Runtime("python312")
# More than that goes through a bucket (yandex-cloud/terraform-provider-yandex:
# yandex/resource_yandex_function.go).
DIRECT = 3_670_016
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--requirements",
    type=_FILE,
    help="What the platform installs beside it; by default that of this checkout.",
)
@click.option(
    "--policies",
    type=_FILE,
    help="Becomes policies.json in it, for POLICIES_FILE; checked first.",
)
@click.option(
    "--vendored",
    "is_vendored",
    is_flag=True,
    help="With all that is needed, compiled: for upload through a bucket.",
)
@click.option(
    "--runtime",
    default=RUNTIME.name,
    show_default=True,
    type=click.Choice(["python311", "python312", "python313"]),
    help="What it is to run in.",
)
@click.option(
    "--python",
    type=_FILE,
    help="A Python of that version, to compile with; by default from the PATH.",
)
@click.option(
    "--wheels",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder that keeps what was fetched for the next time.",
)
def bundle(  # noqa: PLR0913 - one for each option
    *,
    file: Path,
    requirements: Path | None,
    policies: Path | None,
    is_vendored: bool,
    runtime: str,
    python: Path | None,
    wheels: Path | None,
) -> None:
    """Write the package of the functions to FILE, a zip.

    The same sources give the same bytes.  All functions share one package; the
    entry points are on_event.handle, on_schedule.handle, on_http.handle,
    on_task.handle and on_dead_letter.handle.  FILE is written if all of them can be
    imported from it, and not touched otherwise.
    """
    target = Runtime(runtime)
    more = {}
    if policies:
        load(str(policies))
        more["policies.json"] = policies.read_bytes()
    if is_vendored:
        pinned = requirements or _pinned(target)
        files = _vendored(dict(contents()) | more, pinned, target, python, wheels)
    else:
        files = plain_files(target, requirements) | more
        probe(files, Runtime.running().interpreter(None), alone=False)
    _write(file, files)
    _tell(file, files)


def plain_files(
    runtime: Runtime = RUNTIME, requirements: Path | None = None
) -> dict[str, bytes]:
    """Return what the platform builds a version of: sources, and what they need.

    Args:
        runtime: Where it is to run.
        requirements: What is to be installed; by default what is pinned for it.
    """
    pinned = requirements or _pinned(runtime)
    return dict(contents()) | {"requirements.txt": pinned.read_bytes()}


def _pinned(runtime: Runtime) -> Path:
    """Return what is pinned for *runtime*, or else for all."""
    own = _ROOT / f"requirements-{runtime.name}.txt"
    return own if own.exists() else _ROOT / "requirements.txt"


def _vendored(
    files: Mapping[str, bytes],
    pinned: Path,
    runtime: Runtime,
    python: Path | None,
    wheels: Path | None,
) -> dict[str, bytes]:
    interpreter = runtime.interpreter(python)
    with tempfile.TemporaryDirectory() as folder:
        place = wheels or Path(folder)
        download(pinned, place, runtime)
        found = vendored(files, place, runtime, interpreter)
    if can_run_functions():
        probe(found, interpreter, alone=True)
    else:
        click.echo("not tried: this machine is no Linux on x86_64", err=True)
    return found


def _write(file: Path, files: Mapping[str, bytes]) -> None:
    """Write the zip in one move: who sees it sees all of it."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        write_zip(draft, files)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _tell(file: Path, files: Mapping[str, bytes]) -> None:
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for path, content in files.items():
        part = path.partition("/")[0] if "/" in path else _root_part(path)
        counts[part] += 1
        sizes[part] += len(content)
    rows = [[part, str(counts[part]), str(sizes[part])] for part in sorted(counts)]
    for line in table([["part", "files", "bytes"], *rows]):
        click.echo(line)
    content = file.read_bytes()
    click.echo(f"\n{file}: {len(content)} bytes, {sum(sizes.values())} unpacked")
    if len(content) > DIRECT:
        click.echo(f"more than {DIRECT} bytes: upload it through a bucket")
    click.echo(f"sha256 {hashlib.sha256(content).hexdigest()}")


def _root_part(path: str) -> str:
    return "entry points" if path.endswith(".py") else path
