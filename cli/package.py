"""A function's package: what the platform unpacks and runs.

The entry point is `<file>.<function>` with the file in the root of the package
(yandex-cloud/docs: en/functions/lang/python/handler.md), so the root holds one
small file per function beside the folders `events` and `functions`.
"""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import events
import functions
from cli.plain import without_docstrings

ENTRYPOINTS = ("on_event", "on_schedule", "on_http", "on_task", "on_dead_letter")
# What is imported stays: to look for garbage in it takes a twentieth of a cold start.
_ENTRY = """import gc

gc.disable()
from functions.{name} import handle

gc.freeze()
gc.enable()
__all__ = ["handle"]
"""
# The oldest a zip can tell: the same sources give the same bytes at any time.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3


def contents() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package in order: path in it, and content."""
    for package in (events, functions):
        folder = Path(str(package.__file__)).parent
        for file in sorted(folder.rglob("*.py")):
            path = file.relative_to(folder.parent).as_posix()
            # A checkout may have other ends of lines.
            source = file.read_bytes().replace(b"\r\n", b"\n")
            yield path, without_docstrings(source)
    for name in ENTRYPOINTS:
        yield f"{name}.py", _ENTRY.format(name=name).encode()


def lay_out(target: Path, files: Mapping[str, bytes] | None = None) -> None:
    """Fill the folder *target* with *files*, by default those of the package."""
    for path, content in (files or dict(contents())).items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write *files* as a zip, by their paths in it, in their order.

    The same files give the same bytes anywhere, as far as zlib is the same: there is
    another one, zlib-ng, that packs otherwise.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
