"""The bundle with all that it needs: pruned, compiled, and the same each time."""

import importlib.util
import sys
import zipfile

import click
import pytest

from cli.runtime import Runtime
from cli.vendor import vendored

RUNTIME = Runtime.running()
OURS = {
    "main.py": b"import lib.used\n\n\ndef handle(event, context):\n    return 1\n",
    "own/__init__.py": b"",
    "policies.json": b"{}",
}
LIB = {
    "lib/__init__.py": "",
    "lib/used.py": "x = {'a', 'b', 'c', 'd'}\n",
    "lib/unused.py": "import other\n",
    "lib/data/roots.pem": "certificates",
    "lib/used.pyi": "x: set[str]",
    "lib-1.dist-info/METADATA": "Name: lib",
}


@pytest.fixture
def wheels(tmp_path):
    for name, files in (("lib", LIB), ("other", {"other.py": "", "other/b.pem": ""})):
        with zipfile.ZipFile(tmp_path / f"{name}-1-py3-none-any.whl", "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
    return tmp_path


def test_only_what_is_needed_is_in_it(wheels):
    """Ours as it is and compiled, theirs compiled in its place, with certificates."""
    files = vendored(OURS, wheels, RUNTIME, sys.executable)
    assert set(files) == {
        "main.py",
        f"__pycache__/main.{RUNTIME.tag}.pyc",
        "own/__init__.py",
        f"own/__pycache__/__init__.{RUNTIME.tag}.pyc",
        "policies.json",
        "lib/__init__.pyc",
        "lib/used.pyc",
        "lib/data/roots.pem",
    }
    assert files["main.py"] == OURS["main.py"]


def test_what_is_compiled_is_never_compared_with_a_source(wheels):
    """Its hash is not looked at: the platform's unpacking changes times."""
    files = vendored(OURS, wheels, RUNTIME, sys.executable)
    compiled = [content for path, content in files.items() if path.endswith(".pyc")]
    for content in compiled:
        assert content[:4] == importlib.util.MAGIC_NUMBER
        assert int.from_bytes(content[4:8], "little") == 0b01  # a hash, unchecked


def test_it_is_the_same_each_time(wheels):
    """To the byte, though sets have another order in every process."""
    first = vendored(OURS, wheels, RUNTIME, sys.executable)
    assert vendored(OURS, wheels, RUNTIME, sys.executable) == first
    assert list(first) == sorted(first)


def test_what_cannot_be_compiled_is_told(wheels):
    """With the file."""
    broken = OURS | {"policies.json": b"{}", "main.py": b"import lib.broken\n"}
    with zipfile.ZipFile(wheels / "lib-1-py3-none-any.whl", "a") as archive:
        archive.writestr("lib/broken.py", "return\n")
    with pytest.raises(click.ClickException, match="cannot be compiled") as caught:
        vendored(broken, wheels, RUNTIME, sys.executable)
    assert "lib/broken.py" in caught.value.message
