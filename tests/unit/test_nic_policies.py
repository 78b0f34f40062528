"""`nic policies check` says that policies are fine, or all that is wrong."""

import json

import pytest
from click.testing import CliRunner

from cli.main import nic
from tests.unit.build import SAMPLES, sample

POLICY = {
    "name": "mgmt",
    "attachment": {
        "networkInterfaceIndex": "1",
        "subnetIds": {"ru-central1-b": "e2lone", "ru-central1-a": "e9bone"},
        "securityGroupIds": ["enpone"],
    },
}


def check(value, *arguments):
    given = value if isinstance(value, bytes | str) else json.dumps(value)
    return CliRunner().invoke(nic, ["policies", "check", "-", *arguments], input=given)


def row(**match):
    """Return the cells of the one policy."""
    result = check({"policies": [{**POLICY, "match": match}]})
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()[3]


def test_the_sample_is_fine():
    """It is read from a file; its size is that of its compact JSON."""
    name = str(SAMPLES / "policies.json")
    result = CliRunner().invoke(nic, ["policies", "check", name])
    size = len(json.dumps(sample("policies"), separators=(",", ":")))
    assert result.exit_code == 0
    assert result.stdout.startswith("fine: 2 policies\n")
    assert f"\nsize: {size + len('POLICIES')} bytes " in result.stdout


def test_what_is_not_restricted_is_told():
    """All causes and all instances, in the zones that have a subnet."""
    assert row().split() == [
        *("mgmt", "1", "ru-central1-a,", "ru-central1-b", "any", "all"),
    ]


def test_every_rule_about_instances_is_told():
    """Labels of each kind, names and folders."""
    rules = {"a": "1", "b": {"in": ["y", "x"]}, "c": {"exists": True}}
    labels = {**rules, "d": {"exists": False}}
    found = row(labels=labels, namePattern="web-*", folderIds=["b1g", "b2g"])
    told = "a=1, b in (x, y), with c, without d, named web-*, in folder b1g or b2g"
    assert found.endswith(told)


def test_causes_and_zones_are_told():
    """A zone without a subnet, or not matched, is none of the policy's."""
    found = row(causes=["stopped", "crashed"], zoneIds=["ru-central1-d"])
    assert found.split()[2:5] == ["none", "stopped,", "crashed"]


def test_limits_are_told():
    """Those that are set and those that are not."""
    limits = {"subnetIds": ["e9bone"], "onePublicAddress": True}
    told = check({"limits": limits}).stdout
    assert told.startswith("fine: 0 policies\n")
    assert "any folder; 1 subnet; any security group; one public address;" in told


def test_every_violation_is_told_with_its_path():
    """On stderr, and the exit code says so too."""
    wrong = {**POLICY, "colour": "red", "name": "a b"}
    result = check({"policies": [wrong, POLICY], "limit": 1})
    assert (result.exit_code, result.stdout) == (1, "")
    head, *told = result.stderr.splitlines()
    assert head == "the policies are wrong: 3 things"
    assert sorted(line.split()[0] for line in told) == [
        "$.limit",
        "$.policies[0].colour",
        "$.policies[0].name",
    ]


def test_names_from_the_file_are_printed_safely():
    """Whatever they would do to a terminal."""
    result = check({"\x1b[2J\x9b": 1, "policies": [{**POLICY, "\x07": 1}]})
    assert all(line.isprintable() for line in result.stderr.splitlines())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"policies": [}', "line 1, column 15: Expecting value"),
        ('{\n  "policies": [],\n}', "line 3, column 1"),
        (b'{"policies": "\xff"}', "is not JSON: UnicodeDecodeError"),
        ("[" * 100_000, "is not JSON: RecursionError"),
        ("[]", "$ must be an object"),
    ],
)
def test_what_is_no_json_is_told_by_its_place(text, told):
    """As far as there is one."""
    result = check(text)
    assert (result.exit_code, told in result.stderr) == (1, True)


def test_too_many_bytes_are_warned_of():
    """Other variables need a part of the environment; it is no error."""
    many = [
        {**POLICY, "name": f"policy-{number}", "match": {"labels": {"n": str(number)}}}
        for number in range(25)
    ]
    result = check({"policies": many})
    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: too large: of the 4096 bytes")


@pytest.mark.parametrize("command", ["plan", "why"])
def test_other_commands_refuse_wrong_policies(tmp_path, command):
    """With all that is wrong, before the cloud is asked."""
    file = tmp_path / "policies.json"
    file.write_text('{"policy": 1, "limit": 2}')
    arguments = [command, "-" if command == "plan" else "fhm1", "--policies", str(file)]
    result = CliRunner().invoke(nic, arguments)
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        [
            "Error: the policies are wrong:",
            "  $.policy is not a known field",
            "  $.limit is not a known field",
        ],
    )
