"""What the README shows is what the code reads."""

import json
import re
from pathlib import Path

import pytest

from events.policy import read_policies
from events.producing import outcome_ids
from functions._settings import __doc__ as settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()
[REQUEST, POLICIES] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)


def test_its_request_is_one():
    """A producer may copy it."""
    assert outcome_ids(REQUEST) == ("order-4711",)


def test_its_policies_are_some():
    """An operator may copy them; every operator for labels is one, too."""
    assert read_policies(POLICIES).policies[0].name == "mgmt"
    for rule in re.findall(r'`("nic": [^`]+)`', README):
        document = json.loads(POLICIES)
        document["policies"][0]["match"]["labels"] = json.loads(f"{{{rule}}}")
        assert read_policies(json.dumps(document)).policies[0].match.labels["nic"]


@pytest.mark.parametrize("name", re.findall(r"`([\w.-]+\.json)`", README))
def test_its_samples_are_there(name):
    """Files that it names are in the repository, or are those of its examples."""
    examples = {"policies.json", "cloud.json"}
    assert name in examples or (ROOT / "events" / "samples" / name).is_file()


def test_it_tells_of_every_setting():
    """What a function reads from its environment, it can be deployed with."""
    known = set(re.findall(r"`([A-Z_]+)`", settings))
    # Where services are, and whom to trust, is for the local cloud.
    local = {one for one in known if one.endswith("_ENDPOINT")} | {"CA_FILE"}
    assert known - local <= set(re.findall(r"`([A-Z_]+)`", README))
