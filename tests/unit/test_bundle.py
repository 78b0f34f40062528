"""`nic bundle` writes a zip that can be imported, or leaves all as it was."""

import hashlib
import zipfile

import pytest
from click.testing import CliRunner

from cli import bundle, package
from cli.main import nic

MOST = 100_000


def run(*arguments):
    return CliRunner().invoke(nic, ["bundle", *map(str, arguments)])


def test_the_same_sources_give_the_same_bytes(tmp_path):
    """Terraform compares the digest: what did not change is not deployed anew."""
    told = [run(tmp_path / name).output.split()[-1] for name in ("a.zip", "b.zip")]
    content = (tmp_path / "b.zip").read_bytes()
    assert told == [hashlib.sha256(content).hexdigest()] * 2


def test_it_is_small_and_tells_what_is_in_it(tmp_path):
    """Less than 100 KB; parts with their files and bytes, and the size of all."""
    target = tmp_path / "a.zip"
    told = run(target).output
    assert target.stat().st_size < MOST
    assert f"{target}: {target.stat().st_size} bytes, " in told
    rows = {row[0]: row[1:] for row in map(str.split, told.splitlines()) if row}
    assert rows["entry"] == ["points", "5", "547"]
    assert rows["requirements.txt"][0] == "1"
    with zipfile.ZipFile(target) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"events", "functions", "requirements.txt"} | {
        f"{name}.py" for name in package.ENTRYPOINTS
    }


def test_policies_can_be_part_of_it(tmp_path):
    """Checked, as they are; with anything wrong there is no bundle."""
    policies, target = tmp_path / "mine.json", tmp_path / "package.zip"
    policies.write_text('{"limits": {"colour": 1}}')
    result = run(target, "--policies", policies)
    assert (result.exit_code, target.exists()) == (1, False)
    assert "$.limits.colour is not a known field" in result.output
    policies.write_text('{"policies": []}')
    assert run(target, "--policies", policies).exit_code == 0
    with zipfile.ZipFile(target) as archive:
        assert archive.read("policies.json") == policies.read_bytes()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("import cli", "No module named 'cli'"),  # this checkout is not there
        ("from functions.on_task import handel", "cannot import name 'handel'"),
        ("handle = None", "handle is no function"),
    ],
)
def test_what_cannot_be_imported_is_not_bundled(tmp_path, monkeypatch, broken, reason):
    """The old file stays, the entry point and the reason are told."""
    target = tmp_path / "a.zip"
    target.write_bytes(b"the old one")

    def contents():
        yield from (one for one in package.contents() if one[0] != "on_http.py")
        yield "on_http.py", broken.encode()

    monkeypatch.setattr(bundle, "contents", contents)
    result = run(target)
    assert result.exit_code == 1
    assert "on_http cannot be imported from the bundle" in result.output
    assert reason in result.output
    assert target.read_bytes() == b"the old one"
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_a_large_one_is_to_go_through_a_bucket(tmp_path, monkeypatch):
    """The provider takes no larger file: it is told before Terraform refuses."""
    monkeypatch.setattr(bundle, "DIRECT", 1000)
    assert (
        "more than 1000 bytes: upload it through a bucket"
        in run(tmp_path / "a.zip").output
    )
