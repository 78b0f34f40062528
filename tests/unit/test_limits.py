"""Limits bind everyone, and an empty one binds nobody."""

import pytest

from events.limits import Limits, read_limits
from tests.unit.build import attachment, document, instance, sample

WANTED = attachment(subnet_id="subnet-1", security_group_ids=("group-1", "group-2"))


def read(value):
    found, violations = document(value)
    return read_limits(found), [str(violation) for violation in violations]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(), None),
        (Limits(folder_ids=("folder-1",)), None),
        (
            Limits(folder_ids=("other",)),
            "folder folder-1 is not among the allowed ones",
        ),
        (Limits(subnet_ids=("other", "subnet-1")), None),
        (
            Limits(subnet_ids=("other",)),
            "subnet subnet-1 is not among the allowed ones",
        ),
        (Limits(security_group_ids=("group-2", "group-1")), None),
        (
            Limits(security_group_ids=("group-1",)),
            "security group group-2 is not among the allowed ones",
        ),
    ],
)
def test_the_first_limit_broken_is_told(limits, reason):
    """Folder, subnet and every group must be among the allowed, where any are named."""
    assert limits.against(WANTED, "folder-1") == reason


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        (Limits(), True),
        (Limits(folder_ids=("folder-1",)), True),
        (Limits(folder_ids=("other",)), False),
    ],
)
def test_a_folder_is_allowed_by_itself(limits, allowed):
    """Whether a folder's instances may be touched is known before the attachment."""
    assert limits.allow_folder("folder-1") is allowed


def test_no_limits_are_none():
    """A document without limits allows all."""
    assert read({}) == (Limits(), [])


def test_every_limit_is_read():
    """The sample's limits are read in their order."""
    limits, _ = read({"limits": sample("policies")["limits"]})
    assert limits == Limits(
        folder_ids=("b1gf3k8s6n1w5r9j2h7c",),
        subnet_ids=(
            "e9b2w6k9c4x1t7v5n3qd",
            "e2l8k3c5x9t1w6v4n7qm",
            "e9b7c1k4x8t3w5v9n2qd",
        ),
        security_group_ids=("enp5k1c8x3t6w9v2n4qd", "enp7x2k4c9t1w5v8n3qm"),
        per_sweep=50,
        opt_out_label="no-nic",
    )


@pytest.mark.parametrize(
    ("value", "found", "told"),
    [
        (None, 100, []),
        (1, 1, []),
        ("1000", 1000, []),
        (0, 100, ["$.limits.instancesPerSweep must be 1 to 1000"]),
        (1001, 100, ["$.limits.instancesPerSweep must be 1 to 1000"]),
        (1.5, 100, ["$.limits.instancesPerSweep must be an integer"]),
    ],
)
def test_a_sweep_asks_for_one_to_a_thousand_instances(value, found, told):
    """A hundred, where nothing is said."""
    limits, problems = read({"limits": {"instancesPerSweep": value}})
    assert (limits.per_sweep, problems) == (found, told)


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, "nic-attach-opt-out"), ("", "nic-attach-opt-out"), ("no/nic", "no/nic")],
)
def test_the_label_to_opt_out_may_be_chosen(value, found):
    """There is always one."""
    limits, problems = read({"limits": {"optOutLabel": value}})
    assert (limits.opt_out_label, problems) == (found, [])


def test_the_label_to_opt_out_is_a_labels_name():
    """Any other could never be there, and nobody could opt out."""
    [problem] = read({"limits": {"optOutLabel": "No NIC"}})[1]
    assert problem.startswith("$.limits.optOutLabel must name a label")


@pytest.mark.parametrize(
    ("labels", "opted_out"),
    [
        ({}, False),
        ({"nic": "no-nic"}, False),
        ({"no-nic": ""}, True),
        ({"no-nic": "false"}, True),
    ],
)
def test_an_instance_opts_out_by_a_labels_name(labels, opted_out):
    """Whatever its value."""
    limits = Limits(opt_out_label="no-nic")
    assert limits.opted_out(instance(labels=labels)) is opted_out


def test_everything_wrong_with_limits_is_told_at_once():
    """Bad ids, repeats and unknown fields are told together, by path."""
    bad = {"folderIds": ["a b"], "subnetIds": "x", "securityGroupIds": ["a", "a"]}
    assert read({"limits": {**bad, "zones": []}})[1] == [
        "$.limits.folderIds[0] must be a resource's id",
        "$.limits.subnetIds must be a list",
        "$.limits.securityGroupIds[1] is there twice",
        "$.limits.zones is not a known field",
    ]
