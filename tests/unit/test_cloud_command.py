"""`nic cloud`, inside this process: what it writes, and what it says."""

import contextlib
import io
import json
import os
import signal
import socket

import pytest
from click.testing import CliRunner

from cli.main import nic


class Impatient(io.StringIO):
    """Where the command prints: as soon as that is ready, it is asked to stop.

    What *file* then holds is kept.
    """

    def __init__(self, file=None):
        super().__init__()
        self.held = None
        self._file = file

    def write(self, text):
        if text.startswith("ready"):
            self.held = self._file and json.loads(self._file.read_text())
            os.kill(os.getpid(), signal.SIGTERM)
        return super().write(text)


def said(*arguments, file=None):
    """Run the command until it is ready; return what it said, what *file* held."""
    out = Impatient(file)
    with contextlib.redirect_stdout(out):
        nic.main(["cloud", *map(str, arguments)], standalone_mode=False)
    return out.getvalue(), out.held


def test_it_tells_where_everything_is(tmp_path):
    """The lines name what the file of endpoints names."""
    file = tmp_path / "endpoints.json"
    text, held = said("--endpoints", file, file=file)
    names = ("grpc", "grpc_plaintext", "rest", "queue", "metadata", "folder_id")
    assert [held[name] in text for name in names] == [True] * 6
    assert f"token and key: {file}\n" in text


def test_without_a_file_it_tells_how_to_get_one():
    """Secrets are never printed, so the announcement says where to find them."""
    text, _ = said()
    assert "certificate, token and key: with --endpoints FILE\n" in text
    assert text.endswith("ready; stop with Ctrl-C\nstopped\n")


def test_the_authorized_key_is_the_sdks(tmp_path):
    """The file has what `SDK(service_account_key=...)` reads."""
    file = tmp_path / "key.json"
    _, held = said("--service-account-key", file, file=file)
    assert {"id", "service_account_id", "private_key"} <= set(held)
    assert list(tmp_path.iterdir()) == []


def test_a_seed_repeats_the_cloud(tmp_path):
    """The ids are those of the last time."""
    file = tmp_path / "endpoints.json"
    options = ("--endpoints", file, "--seed", "7")
    seen = [said(*options, file=file)[1]["subnets"] for _ in range(2)]
    assert seen[0] == seen[1]


def test_a_port_that_is_taken_is_named():
    """The command fails with the port in its message."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(nic, ["cloud", "--queue-port", str(port)])
    assert (result.exit_code, f"port {port}: " in result.output) == (1, True)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    """The command fails with the file in its message."""
    file = tmp_path / "nowhere" / "endpoints.json"
    result = CliRunner().invoke(nic, ["cloud", "--endpoints", str(file)])
    assert (result.exit_code, str(file) in result.output) == (1, True)


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_port_is_a_number_that_ports_have(port):
    """Anything else is a mistake in usage."""
    result = CliRunner().invoke(nic, ["cloud", "--queue-port", port])
    assert (result.exit_code, "--queue-port" in result.output) == (2, True)


def test_the_functions_are_deployed_on_demand(tmp_path):
    """With them come the queues that others need to know."""
    file = tmp_path / "endpoints.json"
    policies = tmp_path / "policies.json"
    policies.write_text('{"policies": []}')
    text, held = said("--endpoints", file, "--policies", policies, file=file)
    assert held["tasks_queue"].endswith("/nic-tasks")
    assert held["results_queue"].endswith("/nic-results")
    assert f"tasks queue       {held['tasks_queue']}\n" in text


def test_wrong_policies_are_told_by_their_paths(tmp_path):
    """Nothing is started, and all that is wrong is said."""
    policies = tmp_path / "policies.json"
    policies.write_text('{"policies": [{"name": "a", "nic": 1}]}')
    result = CliRunner().invoke(nic, ["cloud", "--policies", str(policies)])
    assert result.exit_code == 1
    assert "$.policies[0].attachment is required" in result.output
    assert "$.policies[0].nic is not a known field" in result.output
