"""`nic cloud` with a world file and a state, inside this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import fakes
from cli.main import nic
from fakes.state import StateFile
from tests.unit.test_cloud_command import said

SAMPLE = Path(fakes.__file__).parent / "samples" / "world.json"


def refusal(*arguments):
    done = CliRunner().invoke(nic, ["cloud", *map(str, arguments)])
    assert done.exit_code == 1
    return done.stderr


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def test_it_begins_with_the_world_and_goes_on_from_the_state(tmp_path, state):
    """The second time it says that it needed no world."""
    file = tmp_path / "endpoints.json"
    options = ("--world", SAMPLE, "--state", state, "--endpoints", file)
    first, told = said(*options, file=file)
    second, again = said(*options, file=file)
    line = f"{state} has a world already: {SAMPLE} was not used\n"
    assert (line in first, line in second) == (False, True)
    kept = ("folder_id", "subnets", "security_group_id", "access_key_id")
    assert {it: told[it] for it in kept} == {it: again[it] for it in kept}
    assert told["folder_id"] == "b1glocal000000000000"


def test_a_world_alone_is_enough(tmp_path):
    """Nothing is written."""
    file = tmp_path / "endpoints.json"
    _, told = said("--world", SAMPLE, "--endpoints", file, file=file)
    assert told["subnets"] == {"ru-central1-a": told["subnets"]["ru-central1-a"]}
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_world_is_refused(tmp_path):
    """With all problems."""
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"vms": [], "queues": [{}]}))
    assert refusal("--world", world) == (
        f"Error: the world in {world} is wrong:\n"
        "  $.queues[0].name is required\n"
        "  $.vms is not a known field\n"
    )


def test_a_state_that_cannot_be_used_is_refused(state):
    """In one line."""
    file = StateFile(state)
    assert refusal("--state", state) == f"Error: {state} is in use by another process\n"
    file.table("operations", {"a": 1})
    file.close()
    complaint = f"Error: {state} is not whole: KeyError('organization')\n"
    assert refusal("--state", state) == complaint
