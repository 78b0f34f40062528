"""The package together with all that it needs: nothing is left to be installed."""

import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from cli.closure import Closure
from cli.package import lay_out
from cli.runtime import Runtime

_DATA: Final = (".pem",)  # what code reads beside code: the certificates of gRPC
_COMPILE: Final = """
import json, py_compile, sys
for source, target, shown in json.load(sys.stdin):
    py_compile.compile(
        source, target, shown, doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
"""


def vendored(
    ours: Mapping[str, bytes], wheels: Path, runtime: Runtime, python: str
) -> dict[str, bytes]:
    """Return the files of *ours* with what they need of *wheels*, compiled.

    Ours are there as source, too: a traceback shows their lines.  Of all others the
    compiled file stands where the source was.  None is ever compared with a source,
    which the platform's unpacking would make look newer.

    Raises:
        click.ClickException: If something cannot be compiled.
    """
    theirs, origins = _unpacked(wheels)
    everything = {**theirs, **ours}
    needed = Closure(everything, origins).of(ours)
    packages = {path.partition("/")[0] for path in needed} - _tops(ours)
    files = {path: everything[path] for path in needed} | {
        path: content
        for path, content in theirs.items()
        if path.endswith(_DATA) and path.partition("/")[0] in packages
    }
    compiled = _compiled(files, set(ours), runtime, python)
    kept = {
        path: content
        for path, content in files.items()
        if path in ours or not path.endswith(".py")
    }
    return dict(sorted((kept | compiled).items()))


def _tops(files: Mapping[str, bytes]) -> set[str]:
    return {path.partition("/")[0] for path in files}


def _unpacked(wheels: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files in all wheels, and which wheel each is from."""
    files: dict[str, bytes] = {}
    origins: dict[str, str] = {}
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for path in archive.namelist():
                if ".dist-info/" not in path and not path.endswith("/"):
                    files[path] = archive.read(path)
                    origins[path] = wheel.name
    return files, origins


def _compiled(
    files: Mapping[str, bytes], ours: set[str], runtime: Runtime, python: str
) -> dict[str, bytes]:
    """Return the compiled files of all sources among *files*, by their paths."""
    sources = {path: files[path] for path in files if path.endswith(".py")}
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), sources)
        targets = {path: _target(path, runtime, ours) for path in sources}
        jobs = [
            (f"{folder}/{path}", f"{folder}/{target}", path)
            for path, target in sorted(targets.items())
        ]
        done = subprocess.run(  # noqa: S603 - a Python of the runtime's version
            [python, "-I", "-c", _COMPILE],
            input=json.dumps(jobs),
            # The order of a set in a compiled file follows from it.
            env={**_path(), "PYTHONHASHSEED": "0"},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            msg = f"what the functions need cannot be compiled:\n{done.stderr[-500:]}"
            raise click.ClickException(msg)
        return {path: Path(folder, path).read_bytes() for path in targets.values()}


def _target(path: str, runtime: Runtime, ours: set[str]) -> str:
    """Return where the compiled file of a source is looked for."""
    if path not in ours:
        return f"{path}c"  # in its place
    folder, slash, name = path.rpartition("/")
    stem = name.removesuffix(".py")
    return f"{folder}{slash}__pycache__/{stem}.{runtime.tag}.pyc"


def _path() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "")}  # noqa: TID251 - to find a Python
