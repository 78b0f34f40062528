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


def contents() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package in order: path in it, and content."""
    for package in (events, functions):
        folder = Path(str(package.__file__)).parent
        for file in sorted(folder.rglob("*.py")):
            yield file.relative_to(folder.parent).as_posix(), file.read_bytes()
    for name in ENTRYPOINTS:
        yield f"{name}.py", _ENTRY.format(name=name).encode()


def lay_out(target: Path) -> None:
    """Fill the folder *target* with the package."""
    for path, content in contents():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def write_zip(target: Path, more: Mapping[str, bytes]) -> None:
    """Write the package as a zip, with *more* files by their names in its root."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (*contents(), *more.items()):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.external_attr = _READABLE
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
