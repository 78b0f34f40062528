"""Policies say once which interface an instance should have."""

import json
from datetime import timedelta

import pytest

from events.attachment import AddressSpec, DnsRecord, Nat
from events.cause import Cause
from events.decision import FinalPower
from events.limits import Limits
from events.match import LabelRule, Match
from events.policy import Policies, Policy, read_policies
from events.reading import InvalidDocumentError
from events.request import Options
from tests.unit.build import (
    instance,
    policy,
    sample,
)


def entry(**changes):
    """Return one policy's JSON, with fields changed."""
    wanted = {
        "networkInterfaceIndex": "1",
        "subnetIds": {"ru-central1-a": "e9b1"},
        "securityGroupIds": ["enp1"],
    }
    return {"name": "mgmt", "attachment": wanted, **changes}


def wanting(**changes):
    return entry(attachment={**entry()["attachment"], **changes})


def violations(value):
    with pytest.raises(InvalidDocumentError) as caught:
        read_policies(json.dumps(value))
    return [str(violation) for violation in caught.value.violations]


def test_the_sample_is_read_in_full():
    """Every field of the sample's first policy is read as written."""
    assert read_policies(json.dumps(sample("policies"))).policies[0] == Policy(
        name="management",
        match=Match(
            folder_ids=("b1gf3k8s6n1w5r9j2h7c",),
            zone_ids=("ru-central1-a", "ru-central1-b"),
            name_pattern="web-*",
            labels={
                "nic": LabelRule(values=frozenset({"mgmt"})),
                "tier": LabelRule(values=frozenset({"web", "api"})),
                "owner": LabelRule(),
                "legacy": LabelRule(present=False),
            },
            causes=(
                Cause.STOPPED,
                Cause.GUEST_STOPPED,
                Cause.PREEMPTED,
                Cause.DETACHED,
                Cause.SCHEDULED,
                Cause.REQUESTED,
            ),
        ),
        index="1",
        subnet_ids={
            "ru-central1-a": "e9b2w6k9c4x1t7v5n3qd",
            "ru-central1-b": "e2l8k3c5x9t1w6v4n7qm",
        },
        security_group_ids=("enp5k1c8x3t6w9v2n4qd",),
        address=AddressSpec(
            dns_records=(
                DnsRecord(fqdn="mgmt", dns_zone_id="dns9c4k7x2t5w1v8n6qm", ttl=300),
            )
        ),
        options=Options(
            final_power=FinalPower.RUNNING, timeout=timedelta(seconds=1800)
        ),
    )


def test_an_external_address_may_be_wanted():
    """The sample's second policy asks for any external address."""
    found = read_policies(json.dumps(sample("policies")))
    assert found.policies[1].address == AddressSpec(nat=Nat(ip_version="IPV4"))


def test_limits_come_with_the_policies():
    """The same document holds the limits that bind everyone."""
    found = read_policies('{"limits": {"folderIds": ["b1g1"]}}')
    assert found.limits.folder_ids == ("b1g1",)


def test_no_policies_are_allowed():
    """An empty document wants nothing and forbids nothing."""
    assert read_policies("{}") == Policies()


def test_a_small_policy_has_all_defaults():
    """Without a match it means every instance; without options, the usual ones."""
    subnets = {"ru-central1-a": "e9b1"}
    small = policy(subnet_ids=subnets, security_group_ids=("enp1",))
    assert read_policies(json.dumps({"policies": [entry()]})).policies == (small,)


def test_all_matching_policies_count():
    """Each policy that means the instance is returned, in order."""
    other = policy(name="other", match=Match(zone_ids=("ru-central1-b",)))
    policies = Policies(policies=(policy(), other, policy(name="third")))
    found = policies.matching(instance(), Cause.STOPPED)
    assert [one.name for one in found] == ["mgmt", "third"]


@pytest.mark.parametrize(("name", "place"), [("mgmt", 0), ("third", 1), ("x", None)])
def test_a_policy_is_found_by_its_name(name, place):
    """None if there is none of that name."""
    policies = (policy(), policy(name="third"))
    expected = None if place is None else policies[place]
    assert Policies(policies=policies).named(name) is expected


@pytest.mark.parametrize(
    ("names", "chosen"),
    [((), "abc"), (("b",), "b"), (("c", "a"), "ac"), (("x",), "")],
)
def test_some_policies_are_chosen_by_their_names(names, chosen):
    """No names choose all; the limits stay, and the order."""
    policies = Policies(
        policies=tuple(policy(name=name) for name in "abc"), limits=Limits(per_sweep=7)
    )
    found = policies.among(names)
    assert "".join(one.name for one in found.policies) == chosen
    assert found.limits == policies.limits


@pytest.mark.parametrize(
    ("zone_ids", "zones"), [((), {"a", "b"}), (("b", "c"), {"b"}), (("c",), set())]
)
def test_it_can_be_had_where_it_is_meant_and_has_a_subnet(zone_ids, zones):
    """Both must name the zone, if the match names any."""
    both = policy(match=Match(zone_ids=zone_ids), subnet_ids={"a": "s", "b": "t"})
    assert both.zones == zones


def test_the_zone_chooses_the_subnet():
    """What an instance should have is in its own zone's subnet."""
    subnets = {"ru-central1-b": "e2l1", "ru-central1-a": "e9b1"}
    wanted = policy(subnet_ids=subnets).attachment(instance())
    assert (wanted.instance_id, wanted.subnet_id) == (instance().id, "e9b1")


def test_a_zone_without_a_subnet_gets_nothing():
    """Without a subnet in its zone, an instance can have no such interface."""
    assert policy().attachment(instance(zone_id="ru-central1-d")) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], "$ must be an object"),
        ({"x": 1}, "$.x is not a known field"),
        ({"policies": {}}, "$.policies must be a list"),
        ({"policies": [entry()] * 2}, "$.policies[1].name is there twice"),
    ],
)
def test_a_bad_document_is_refused(value, expected):
    """The whole is an object of policies, each with a name of its own, and limits."""
    assert violations(value) == [expected]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (entry(name=None), "name is required"),
        (entry(name="a b"), "name must be a resource's id"),
        (entry(colour=1), "colour is not a known field"),
        (entry(attachment=None), "attachment is required"),
        (
            entry(options={"timeout": "1"}),
            "options.timeout must be 1s to 86400s, in whole seconds with an 's'",
        ),
        (entry(match={"colour": 1}), "match.colour is not a known field"),
        (
            entry(match={"folderIds": ["a b"]}),
            "match.folderIds[0] must be a resource's id",
        ),
        (entry(match={"zoneIds": "a"}), "match.zoneIds must be a list"),
        (
            entry(match={"labels": []}),
            "match.labels must be an object with at most 64 entries",
        ),
        (
            entry(match={"causes": ["bored"]}),
            (
                "match.causes[0] must be one of stopped, guest-stopped, "
                "preempted, crashed, detached, scheduled, requested"
            ),
        ),
        (
            wanting(networkInterfaceIndex=1),
            "attachment.networkInterfaceIndex must be a string",
        ),
        (
            wanting(networkInterfaceIndex=None),
            "attachment.networkInterfaceIndex is required",
        ),
        (
            wanting(subnetIds=None),
            "attachment.subnetIds is required: an object from zone to subnet",
        ),
        (
            wanting(subnetIds={}),
            "attachment.subnetIds is required: an object from zone to subnet",
        ),
        (
            wanting(subnetIds={"a": "b c"}),
            "attachment.subnetIds['a'] must be a resource's id",
        ),
        (
            wanting(subnetIds={"a b": "c"}),
            "attachment.subnetIds['a b'] must be a resource's id",
        ),
        (
            wanting(subnetIds={"a": None}),
            "attachment.subnetIds['a'] must be a string",
        ),
        (wanting(securityGroupIds=[]), "attachment.securityGroupIds is required"),
        (wanting(instanceId="fhm1"), "attachment.instanceId is not a known field"),
        (
            wanting(primaryV4AddressSpec={"address": "x"}),
            "attachment.primaryV4AddressSpec.address must be an IPv4 address",
        ),
    ],
)
def test_one_bad_field_is_one_violation_at_its_path(bad, expected):
    """Each broken rule of a policy is told once, with its JSON path."""
    assert violations({"policies": [bad]}) == [f"$.policies[0].{expected}"]


def test_everything_wrong_is_told_at_once():
    """Violations of all policies and of the limits come together."""
    whole = {"policies": [entry(name=None), entry(x=1)], "limits": {"x": 1}, "x": 1}
    assert violations(whole) == [
        "$.policies[0].name is required",
        "$.policies[1].x is not a known field",
        "$.limits.x is not a known field",
        "$.x is not a known field",
    ]
