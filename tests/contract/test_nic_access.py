"""Commands sign in with what they are given, and never show it."""

import json

import pytest

from functions._channels import Endpoints
from tests.contract.operator_city import City

SECRET = "t1.secret"
PEM = f"-----BEGIN PRIVATE KEY-----{SECRET}"
# From Python 3.12 on, how the SDK itself makes the times of its JWT is deprecated.
old = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with City(tmp_path_factory.mktemp("city")) as city:
        yield city


def plan(city, *arguments, **more):
    """Plan what one event leads to; return the code and what was complained of."""
    given = json.dumps(city.event("StopInstance", "fhmgone"))
    options = ("plan", "-", "--policies", city.policies(), *arguments)
    result = city.run(*options, given=given, **more)
    assert SECRET not in result.output
    return result.exit_code, result.stderr


def changed(city, folder, **changes):
    """Return a file of endpoints with changes, None for a field that is missing."""
    known = {**json.loads(city.file.read_text()), **changes}
    file = folder / "endpoints.json"
    present = {name: value for name, value in known.items() if value is not None}
    file.write_text(json.dumps(present))
    return str(file)


def test_the_endpoints_of_a_local_cloud_are_enough(city):
    """A token for another cloud does not get in their way."""
    assert plan(city, YC_IAM_TOKEN=SECRET, YC_TOKEN=SECRET) == (0, "")


@old
def test_a_key_is_exchanged_for_a_token(city, tmp_path):
    """It comes before the token in the file."""
    key = tmp_path / "key.json"
    key.write_text(json.dumps(city.thread.call(city.cloud.service_account_key)))
    endpoints = changed(city, tmp_path, iam_token=SECRET)
    options = ("--key", key, "--endpoints", endpoints)
    assert plan(city, *options, local=False) == (0, "")


@old
def test_a_key_that_the_cloud_does_not_know_is_refused(city, tmp_path):
    """In the cloud's words."""
    key = {**city.thread.call(city.cloud.service_account_key), "id": "ajeother"}
    file = tmp_path / "key.json"
    file.write_text(json.dumps(key))
    code, said = plan(city, "--key", file)
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("Error: the key was not exchanged for a token: UNAUTH")


def test_a_token_that_is_refused_ends_it(city, tmp_path):
    """With one line, not with a row for each event."""
    endpoints = changed(city, tmp_path, iam_token=SECRET)
    code, said = plan(city, "--endpoints", endpoints, local=False)
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("Error: the cloud cannot be asked: UNAUTHENTICATED: ")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "no way to sign in"),
        ({"YC_IAM_TOKEN": " \n"}, "no way to sign in"),
        ({"YC_TOKEN": "y0_t1.secret"}, "that is an OAuth token"),
        ({"YC_TOKEN": "t1.secret\u0416"}, "it has characters that no token has"),
        ({"YC_IAM_TOKEN": "t1.secret\nx: y"}, "it has characters that no token has"),
    ],
)
def test_a_token_that_cannot_be_one_is_not_sent(city, variables, told):
    """What to do instead is told."""
    code, said = plan(city, local=False, **variables)
    assert (code, told in said) == (2, True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"iam_token": None}, "iam_token is missing"),
        ({"grpc": 7}, "grpc is missing"),
        ({"ca_file": "/nowhere/ca.pem"}, "/nowhere/ca.pem: No such file or directory"),
    ],
)
def test_a_file_of_endpoints_must_be_one(city, tmp_path, changes, told):
    """What is wrong with it is told."""
    endpoints = changed(city, tmp_path, **changes)
    code, said = plan(city, "--endpoints", endpoints, local=False)
    assert (code, told in said) == (1, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("t1.secret", "is not JSON"),
        ('["t1.secret"]', "is no JSON object"),
        ('{"private_key": "t1.secret"}', "id is missing: no authorized key"),
        (
            '{"id": "a", "service_account_id": "b", "private_key": "t1.secret"}',
            "the authorized key cannot sign: RuntimeError",
        ),
        (
            json.dumps({"id": "a", "service_account_id": "b", "private_key": PEM}),
            "the authorized key cannot sign: ",
        ),
    ],
)
def test_a_key_file_must_be_one(city, tmp_path, text, told):
    """Nothing of it is repeated."""
    file = tmp_path / "key.json"
    file.write_text(text)
    code, said = plan(city, "--key", file)
    assert (code, told in said) == (1, True)


def test_the_real_cloud_is_asked_with_a_token(city, monkeypatch):
    """Where it is, with the usual certificates: here, they do not fit."""
    here = city.cloud.rpc.endpoint
    found = Endpoints(compute=here, operation=here, vpc=here)
    monkeypatch.setattr("cli.access.Endpoints", lambda: found)
    code, said = plan(city, local=False, YC_IAM_TOKEN=SECRET)
    assert (code, said.startswith("Error: the cloud cannot be asked: UNAVAIL")) == (
        1,
        True,
    )
