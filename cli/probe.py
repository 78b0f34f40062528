"""Tries whether a package can be imported, before anybody deploys it."""

import json
import platform
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from cli.package import ENTRYPOINTS, lay_out

# Without the site's own folders and files, which would bring this checkout.
_IMPORT: Final = """
import importlib, json, sys
sys.path[:0] = json.loads(sys.argv[2])
sys.dont_write_bytecode = True
assert callable(importlib.import_module(sys.argv[1]).handle), "handle is no function"
"""


def probe(files: Mapping[str, bytes], python: str, *, alone: bool) -> None:
    """Import each entry point from *files*, each in a new process.

    Args:
        files: The package.
        python: The Python that does it.
        alone: True if it must need nothing else; otherwise what is installed here
            stands in for what the platform installs.

    Raises:
        click.ClickException: Naming the first that cannot be imported, and why.
    """
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), files)
        places = [folder, *([] if alone else _installed())]
        for name in ENTRYPOINTS:
            done = subprocess.run(  # noqa: S603 - our own program
                [python, "-I", "-S", "-c", _IMPORT, name, json.dumps(places)],
                cwd=folder,
                env={},
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["it ended"])[-1]
                msg = f"{name} cannot be imported from the bundle: {reason}"
                raise click.ClickException(msg)


def can_run_functions() -> bool:
    """Tell whether this machine is like the one that runs functions."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def _installed() -> list[str]:
    return sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
