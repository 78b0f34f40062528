"""The package of the functions: what the platform unpacks and runs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import events
import functions
from cli.package import ENTRYPOINTS, contents, lay_out, write_zip

PATIENCE = 30
IMPORT = """
import sys
sys.path.insert(0, "")
import {name}, events, functions
print(callable({name}.handle), events.__file__, functions.__file__)
"""


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "package"
    lay_out(target)
    return target


def files(folder):
    return {
        str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()
    }


def sources():
    """Return the names of all that is to be deployed."""
    folders = [Path(package.__file__).parent for package in (events, functions)]
    return {
        str(file.relative_to(folder.parent))
        for folder in folders
        for file in folder.rglob("*.py")
    }


def test_the_package_holds_what_is_deployed(folder):
    """The sources, an entry file per function in the root, nothing else."""
    assert files(folder) == sources() | {f"{name}.py" for name in ENTRYPOINTS}


@pytest.mark.parametrize("name", ENTRYPOINTS)
def test_an_entry_point_imports(folder, name):
    """By its file in the root, with the code of the package and no other."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", "-B", "-c", IMPORT.format(name=name)],
        cwd=folder,
        env={},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    expected = [
        "True",
        *(f"{folder}/{one}/__init__.py" for one in ("events", "functions")),
    ]
    assert done.stdout.split() == expected, done.stderr


def test_the_zip_is_the_package_with_requirements(folder, tmp_path):
    """The same files with the same content, and what the platform installs."""
    more = {"requirements.txt": b"grpcio\n"}
    write_zip(tmp_path / "package.zip", dict(contents()) | more)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found.pop("requirements.txt") == b"grpcio\n"
    assert found == {name: (folder / name).read_bytes() for name in files(folder)}


def test_what_is_unpacked_can_be_read(tmp_path):
    """By everybody: the platform runs functions as a user of its own."""
    write_zip(tmp_path / "package.zip", dict(contents()))
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        modes = {one.external_attr >> 16 for one in archive.infolist()}
    assert modes == {0o644}
