"""`nic cloud` goes wrong on purpose: from a file, and at its admin port."""

import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.contract.rest_client import INSTANCES, RestClient
from tests.contract.test_nic_cloud import PATIENCE, refused, started

PLAN = {
    "faults": [
        {"method": "InstanceService/List", "code": "UNAVAILABLE", "times": 2},
        {"method": "InstanceService/Get", "probability": 0.5, "code": "INTERNAL"},
    ],
    "manners": {"unordered": True, "duplicates": 0.5},
    "triggers": {"duplicates": 0.25},
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "faults.json"


def admin(endpoints, method, path, content=None):
    connection = http.client.HTTPConnection(
        urlsplit(endpoints["admin"]).netloc, timeout=PATIENCE
    )
    with closing(connection):
        connection.request(method, path, content and json.dumps(content))
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def statuses(endpoints, count):
    rest = RestClient(endpoints["rest"], endpoints["iam_token"])
    path = f"{INSTANCES}?folderId={endpoints['folder_id']}"
    with closing(rest.connection):
        return [rest.ask("GET", path)[0] for _ in range(count)]


def test_a_file_says_what_goes_wrong(tmp_path, file):
    """From the first call on; the admin port tells what is left, and adds to it."""
    file.write_text(json.dumps(PLAN))
    found = tmp_path / "endpoints.json"
    with started("--faults", file, "--endpoints", found, "--seed", "1") as process:
        endpoints = json.loads(found.read_text())
        assert f"admin             {endpoints['admin']}\n" in process.announced
        assert statuses(endpoints, 3) == [503, 503, 200]
        _, told = admin(endpoints, "GET", "/faults")
        assert [one["method"] for one in told["faults"]] == ["InstanceService/Get"]
        assert told["manners"] == {
            "unordered": True,
            "duplicates": 0.5,
            "emptyPolls": 0.0,
            "rates": False,
            "settling": "0s",
        }
        more = {"faults": [{"method": "List", "code": "INTERNAL"}]}
        assert admin(endpoints, "POST", "/faults", more)[0] == 200
        assert statuses(endpoints, 2) == [500, 200]
        assert admin(endpoints, "POST", "/time", {"seconds": 1})[0] == 409


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{", ["$ is not JSON: JSONDecodeError"]),
        (
            '{"faults": [{"method": "Get"}]}',
            ["$.faults[0] says nothing that goes wrong, such as a code or a latency"],
        ),
        (
            '{"faults": [{"method": "Get", "cod": "INTERNAL"}], "maners": {}}',
            [
                "$.faults[0].cod is not a known field",
                "$.maners is not a known field",
            ],
        ),
    ],
)
def test_a_wrong_file_is_refused(file, text, problems):
    """The file is named, and every place with its problem; nothing is started."""
    file.write_text(text)
    lines = [f"Error: the faults in {file} are wrong:", *(f"  {it}" for it in problems)]
    assert refused("--faults", file) == (1, "", "\n".join(lines) + "\n")


def test_a_file_that_is_not_there_is_named(file):
    """As a mistake in usage."""
    code, said, complaint = refused("--faults", file)
    assert (code, said) == (2, "")
    assert str(file) in complaint
