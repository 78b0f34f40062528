"""What a cold start of a function must not do: it is paid for again and again.

Measured as in `tests/benchmarks`: in fresh processes that have what `requirements.txt`
brings and no more, against a local cloud with TLS, beside a bare script that makes the
same calls.  The bounds here are wide: they notice a heavy import, not a slow machine.
"""

import zipfile

import pytest
from click.testing import CliRunner

from cli.main import nic
from cli.package import ENTRYPOINTS
from tests.benchmarks.surroundings import surroundings

HEAVY = {
    # The SDK's facade, and what it brings.
    *("yandexcloud", "cryptography", "jwt", "requests", "urllib3", "wrapt"),
    *("deprecated", "grpc_status", "google.api_core"),
    # What a client of a queue, a checker of types, or a framework would bring.
    *("boto3", "botocore", "httpx", "pydantic", "attrs", "yaml"),
    # Of the standard library: dear, and not needed.
    *("pathlib", "concurrent.futures.thread", "multiprocessing", "tempfile", "zipfile"),
    # What clients use, and what imitates the cloud.
    *("events.consuming", "events.producing", "cli", "fakes"),
}
OTHERS = {"functions._bury", "functions._submit", "events.rest", "events.answer"}
STARTS = 3


@pytest.fixture(scope="module")
def place():
    with surroundings(2 * STARTS + len(ENTRYPOINTS)) as found:
        yield found


@pytest.fixture(scope="module")
def starts(place):
    """Return what subjects tell of themselves after their first event."""
    return {
        subject: [place.run(subject, "event") for _ in range(STARTS)]
        for subject in ("bare", "ours")
    }


def test_an_attach_needs_nothing_heavy(starts):
    """Nothing of the kind is imported when an event was handled, to the last log line
    and message, nor what only other functions do.
    """
    assert (HEAVY | OTHERS) & set(starts["ours"][0]["modules"]) == set()


@pytest.mark.parametrize("name", ENTRYPOINTS)
def test_no_entry_point_imports_anything_heavy(place, name):
    """What one function needs, all of them pay for only if all import it."""
    assert HEAVY & set(place.run("imports", name)["modules"]) == set()


def test_few_modules_come_on_top_of_the_stubs(starts):
    """The generated stubs and the standard library's clients bring most of them."""
    bare, ours = (len(starts[name][0]["modules"]) for name in ("bare", "ours"))
    assert ours - bare < 110


def test_a_cold_start_computes_little_more_than_a_bare_script(starts):
    """From the start of the process until an attach was begun, in CPU time."""
    bare, ours = (min(one["cpu"] for one in starts[name]) for name in ("bare", "ours"))
    assert ours < 2 * bare


def test_a_function_fits_into_the_smallest_memory(starts):
    """128 MB are enough, with room for a large batch."""
    resident = [one["resident"] for one in starts["ours"]]
    if None in resident:
        pytest.skip("nobody tells how much memory a process has")
    assert max(resident) < 64 * 1024 * 1024


def test_what_is_deployed_is_small(tmp_path):
    """The package is sources and a list of requirements: whatever else gets into it
    by mistake is noticed, long before the 3.5 MB that may be uploaded directly.
    """
    file = tmp_path / "package.zip"
    assert CliRunner().invoke(nic, ["bundle", str(file)]).exit_code == 0
    assert file.stat().st_size < 150_000
    with zipfile.ZipFile(file) as archive:
        kinds = {name.rpartition(".")[2] for name in archive.namelist()}
    assert kinds == {"py", "txt"}
