"""Wheels of what the functions need, for the machine that runs them.

As a program, `python -m cli.wheels FILE`, it leaves of all hashes in a file of
requirements those that pip may meet on that machine.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from cli.runtime import PLATFORMS, Runtime

_HASH: Final = re.compile(r"\s*--hash=sha256:([0-9a-f]{64})\s*\\?")


def download(
    requirements: Path,
    folder: Path,
    runtime: Runtime,
    platforms: Iterable[str] = PLATFORMS[0],
) -> None:
    """Have pip fetch the wheels of pinned *requirements* into *folder*.

    Those that are there already are not fetched again; all are checked.

    Raises:
        click.ClickException: If pip fails, with what it says.
    """
    options = [f"--platform={one}" for one in platforms]
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
        *("--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"),
        *(f"--python-version={runtime.version}", "--implementation=cp", *options),
        *("--requirement", str(requirements), "--dest", str(folder)),
    ]
    done = subprocess.run(  # noqa: S603 - our own pip
        command, check=False, capture_output=True, text=True
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        errors = [one for one in lines if one.startswith("ERROR")] or lines
        msg = "pip cannot fetch what the functions need:\n" + "\n".join(errors[-5:])
        raise click.ClickException(msg)


def keep_hashes(text: str, digests: Iterable[str]) -> str:
    """Return requirements without the hashes that are not among *digests*."""
    wanted, kept = set(digests), []
    for line in text.splitlines():
        found = _HASH.fullmatch(line)
        if found is None:
            kept.append(line.removesuffix("\\").rstrip())
        elif found[1] in wanted:
            kept.append(f"    --hash=sha256:{found[1]}")
    lines = [one for one in kept if one and not one.lstrip().startswith("#")]
    return _joined(lines) + "\n"


def _joined(lines: list[str]) -> str:
    """Join lines; those that a hash follows end in a backslash."""
    following = [*lines[1:], ""]
    return "\n".join(
        f"{line} \\" if after.startswith(" ") else line
        for line, after in zip(lines, following, strict=True)
    )


def main(file: Path, runtime: Runtime) -> None:
    """Leave in *file* the hashes of what pip may meet where functions run."""
    with tempfile.TemporaryDirectory() as folder:
        for platforms in PLATFORMS:
            download(file, Path(folder), runtime, platforms)
        wheels = [one.read_bytes() for one in Path(folder).iterdir()]
    digests = [hashlib.sha256(one).hexdigest() for one in wheels]
    file.write_text(keep_hashes(file.read_text(), digests))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Runtime("python312"))
