"""Of all hashes those are kept that pip may meet where functions run."""

import re
import sys
from pathlib import Path

import click
import pytest

from cli.runtime import Runtime
from cli.wheels import download, keep_hashes

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)", re.MULTILINE)
HASH = re.compile(r"sha256:([0-9a-f]{64})")


def pins(name):
    """Return the hashes of each pin in a file of requirements."""
    text = (ROOT / name).read_text()
    parts = re.split(PIN, text)[1:]
    return {
        (name, version): set(HASH.findall(rest))
        for name, version, rest in zip(*[iter(parts)] * 3, strict=True)
    }


def test_what_the_bundle_pins_is_what_was_tested():
    """The same versions, with hashes out of the same; otherwise: make lock."""
    tested, bundled = pins("requirements.txt"), pins("requirements-python312.txt")
    assert bundled.keys() <= tested.keys()
    assert {name for name, _ in bundled} == {name for name, _ in tested}
    for pin, hashes in bundled.items():
        assert hashes
        assert hashes <= tested[pin]


def test_hashes_that_are_not_wanted_go():
    """With comments; lines that go on end in a backslash, the others do not."""
    one, other = "1" * 64, "2" * 64
    text = (
        f"# made by\na==1 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{other}\n"
        f"    # via b\nb==2 ; x > '1' \\\n    --hash=sha256:{other}\n"
    )
    assert keep_hashes(text, [other]) == (
        f"a==1 \\\n    --hash=sha256:{other}\n"
        f"b==2 ; x > '1' \\\n    --hash=sha256:{other}\n"
    )


def test_what_cannot_be_fetched_is_told(tmp_path):
    """With pip's own error, not with all that it says."""
    file = tmp_path / "requirements.txt"
    file.write_text(f"yc-nic-attach-is-not-there==1 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(click.ClickException) as caught:
        download(file, tmp_path, Runtime("python312"))
    assert "pip cannot fetch what the functions need" in caught.value.message
    assert "yc-nic-attach-is-not-there" in caught.value.message


def test_a_runtime_knows_its_python():
    """By its name; the running one is found without looking."""
    assert Runtime("python312").version == "3.12"
    assert Runtime("python312").tag == "cpython-312"
    assert Runtime.running().interpreter(None) == sys.executable
    assert Runtime.running().interpreter(Path(sys.executable)) == sys.executable


@pytest.mark.parametrize(
    ("python", "told"),
    [
        (Path(sys.executable), f"is Python {Runtime.running().version}"),
        (Path("/nowhere/python"), "/nowhere/python cannot be run"),
    ],
)
def test_another_python_cannot_compile(python, told):
    """It is told which one was found, and which one it takes."""
    with pytest.raises(click.ClickException, match=r"takes a Python 3\.99") as caught:
        Runtime("python399").interpreter(python)
    assert told in caught.value.message
