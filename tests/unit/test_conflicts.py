"""Two policies must not want one index: told at load where that is certain."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.attachment import AddressSpec
from events.cause import Cause
from events.decision import Verdict
from events.match import LabelRule, Match
from events.policy import Policies, Policy, read_policies
from events.reading import InvalidDocumentError
from events.task import Task
from events.wanted import wanted
from tests.unit.build import NOW, instance, occasion, policy

AMONG = {"nic": {"in": ["mgmt", "public"]}}
TWICE = "is wanted by policy 'first' too, for the same instances"
WANTED = {
    "networkInterfaceIndex": "1",
    "subnetIds": {"zone-a": "subnet-a", "zone-b": "subnet-b"},
    "securityGroupIds": ["group-1", "group-2"],
}


def entry(name, match=None, **attachment):
    """Return a policy's JSON."""
    return {"name": name, "match": match or {}, "attachment": {**WANTED, **attachment}}


def conflicts(*policies):
    try:
        read_policies(json.dumps({"policies": policies}))
    except InvalidDocumentError as error:
        return [str(one) for one in error.violations]
    return []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"match": {"labels": {"nic": "mgmt"}}}),
        ({"match": {"labels": AMONG}}, {"match": {"labels": {"nic": "mgmt"}}}),
        ({"match": {"namePattern": "web-*"}}, {"match": {"namePattern": "web-1"}}),
        ({"match": {"folderIds": ["f", "g"]}}, {"match": {"folderIds": ["g"]}}),
        ({"match": {"zoneIds": ["zone-a"]}}, {"subnetIds": {"zone-a": "s"}}),
        ({"match": {"causes": ["stopped", "crashed"]}}, {"match": {}}),
        (
            {"match": {"causes": ["stopped"]}},
            {"match": {"causes": ["crashed"]}, "securityGroupIds": ["group-9"]},
        ),
        (
            {"match": {"causes": ["stopped"]}},
            {"match": {"causes": ["crashed"]}, "subnetIds": {"zone-b": "s"}},
        ),
    ],
)
def test_a_certain_conflict_is_refused_at_load(one, other):
    """In either order, at the second one's index, with the first one's name."""
    for first, second in ((one, other), (other, one)):
        assert conflicts(
            entry("other", networkInterfaceIndex="7"),
            entry("first", **first),
            entry("second", **second),
        ) == [f"$.policies[2].attachment.networkInterfaceIndex {TWICE}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"networkInterfaceIndex": "2"}),
        ({"networkInterfaceIndex": "auto"}, {"networkInterfaceIndex": "auto"}),
        ({"subnetIds": {"zone-a": "s"}}, {"subnetIds": {"zone-b": "s"}}),
        ({"match": {"zoneIds": ["zone-a"]}}, {"match": {"zoneIds": ["zone-b"]}}),
        (
            {"match": {"labels": {"nic": "mgmt"}}},
            {"match": {"labels": {"tier": "web"}}},
        ),
        ({"match": {"labels": {"nic": "a"}}}, {"match": {"labels": {"nic": "b"}}}),
        ({"match": {"folderIds": ["f"]}}, {"match": {"folderIds": ["g"]}}),
        ({"match": {"namePattern": "a*"}}, {"match": {"namePattern": "*b"}}),
        (
            {"match": {"causes": ["stopped"]}},
            {
                "match": {"causes": ["crashed"]},
                "securityGroupIds": ["group-2", "group-1"],
            },
        ),
    ],
)
def test_what_is_no_certain_conflict_is_taken(one, other):
    """Another index or none, no zone in common, no instance that both must mean.

    And the same interface, wanted on occasions that are never the same.
    """
    assert conflicts(entry("first", **one), entry("second", **other)) == []


def test_conflicts_are_told_once_all_else_is_right():
    """What is misread would only make more of them."""
    assert conflicts(entry("a"), entry("b", colour=1)) == [
        "$.policies[1].attachment.colour is not a known field"
    ]


def few(*values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


RULES = st.sampled_from(
    [
        LabelRule(),
        LabelRule(present=False),
        LabelRule(values=frozenset("a")),
        LabelRule(values=frozenset("ab")),
    ]
)
# A small world, where two policies often meet.
POLICIES = st.builds(
    Policy,
    name=st.sampled_from(["one", "other"]),
    match=st.builds(
        Match,
        folder_ids=few("f", "g"),
        zone_ids=few("x", "y"),
        name_pattern=st.sampled_from(["", "*", "w-*", "w-?", "w-1"]),
        labels=st.dictionaries(st.sampled_from("lm"), RULES),
        causes=few(*list(Cause)[:3]),
    ),
    index=st.sampled_from(["1", "1", "2", "auto"]),
    subnet_ids=st.dictionaries(
        st.sampled_from("xy"), st.sampled_from(["s", "t"]), min_size=1
    ),
    security_group_ids=st.sampled_from([("g",), ("g", "h"), ("h", "g")]),
    address=st.sampled_from([AddressSpec(), AddressSpec(address="10.0.0.1")]),
)


def means(match, zone_id):
    """Return an instance in that zone which *match* means."""
    labels = {
        name: min(rule.values or {"z"})
        for name, rule in match.labels.items()
        if rule.present
    }
    return instance(
        folder_id=min(match.folder_ids, default="e"),
        zone_id=zone_id,
        name=re.sub("[*?]", "z", match.name_pattern),
        labels=labels,
    )


@given(POLICIES, POLICIES)
def test_for_a_certain_conflict_there_is_an_instance(one, other):
    """Both mean it, and have a subnet in its zone: on one occasion, or they differ."""
    assume(one.contradicts(other))
    assert other.contradicts(one)
    inner = other if one.match.covers(other.match) else one
    there = [means(inner.match, zone) for zone in sorted(one.zones & other.zones)]
    assert there
    for found in there:
        assert (one.match.unlike(found), other.match.unlike(found)) == ("", "")
    causes = [
        cause
        for cause in Cause
        if one.match.fits(there[0], cause) and other.match.fits(there[0], cause)
    ]
    differ = [one.attachment(each) != other.attachment(each) for each in there]
    assert causes or any(differ)


@given(POLICIES, POLICIES, st.sampled_from(Cause))
def test_whatever_was_loaded_no_two_ask_for_one_index(one, other, cause):
    """On one occasion, of one instance, at most one of them asks."""
    there = means(one.match, min(one.subnet_ids))
    found = wanted(Policies(policies=(one, other)), there, occasion(cause=cause), NOW)
    asked = [each.attachment.index for each in found if isinstance(each, Task)]
    fixed = [index for index in asked if index != "auto"]
    assert len(set(fixed)) == len(fixed)


def test_a_conflict_that_was_only_possible_is_an_outcome_for_each():
    """When an instance is meant by both, they are refused, and each names both."""
    one = policy(name="one", match=Match(name_pattern="web-*"))
    other = policy(name="other", match=Match(labels={"nic": LabelRule()}))
    assert not one.contradicts(other)
    both = Policies(policies=(one, other, policy(name="third", index="2")))
    first, second, third = wanted(both, instance(), occasion(), NOW)
    assert {(each.verdict, each.reason) for each in (first, second)} == {
        (Verdict.REFUSED, "policies one and other want interface 1")
    }
    assert [each.origin["policy"] for each in (first, second)] == ["one", "other"]
    assert third.attachment.index == "2"
