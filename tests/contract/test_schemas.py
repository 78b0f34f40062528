"""Schemas and readers are two accounts of one contract: here they must agree."""

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cause import Cause
from events.request import render_request
from events.wish import ANY, render_wish
from tests.contract.contracts import (
    BY_POLICY,
    FULL,
    MINIMAL,
    POLICIES,
    SEVERAL,
    SEVERAL_BY_POLICY,
    at,
    reads,
    validator,
    violations,
)
from tests.unit.build import requests
from tests.unit.travelling import wishes

ANY_ADDRESS = {"oneToOneNatSpec": {"ipVersion": "IPV4"}}
WHOLE = {
    "full": ("request", FULL),
    "several": ("request", SEVERAL),
    "any address": ("request", {**MINIMAL, "primaryV4AddressSpec": ANY_ADDRESS}),
    "list": ("request", [MINIMAL]),
    "policy": ("request", BY_POLICY),
    "policy for several": ("request", SEVERAL_BY_POLICY),
    "list by policy": ("request", [BY_POLICY]),
    "policies": ("policies", POLICIES),
}
LABEL = "x" * 63
# Around every bound and every pattern.  Not here is what `LENIENT` has below.
VALUES = [
    *(True, 0, 1, -1, 1.5, 86400, 86401, 10**18),
    *("0", "1", "01", "99", "100", "-1", "auto", "AUTO", "\u0661", "0600"),
    *("86400", "86401", "0" * 18, "0" * 19, "1s", "0s", "01s", "86400s", "86401s"),
    *("1.5s", "1m", "as-found", "stopped", "crashed", "requested", "off"),
    *("IPV4", "IPV6", "1.2.3.4", "1.2.3.4\n", "1.2.3.04", "1.2.3.256", "1.2.3", "::1"),
    *(" ", "a b", "a\n", "a/b", "_a", "-a", "a-", "a.b.", "a..b", ".", "a:b", "\u00e9"),
    *("x" * 63, "x" * 64, "x" * 65, "x" * 128, "x" * 129),
    *(".".join([LABEL] * 3 + ["x" * 61, ""]), ".".join([LABEL] * 3 + ["x" * 62, ""])),
    *([], ["a"], ["a", "a"], ["a b"], [1], [[]], [{}], ["crashed"], ["requested"]),
    *(["stopped", "guest-stopped", "preempted", "crashed"], ["crashed"] * 2),
    *([f"a{i}" for i in range(count)] for count in (5, 6, 100, 101, 200, 201)),
    *([{"fqdn": "a"}] * count for count in (1, 32, 33)),
    *({}, {"a": "b"}, {"a": "x" * 64}, {"a": "a b"}, {"a": 1}),
    *({"A": "b"}, {"1": "b"}, {"a b": "c"}, {"a.b": ""}, {"x" * 64: "a"}, {"": "a"}),
    *({"a\\@/._-": "\\@/._-"}, {"a\n": "a"}, {"a": "a\n"}),
    *({"a": {"in": value}} for value in ([], ["a"], ["a"] * 2, ["A"], [1], "a", [""])),
    *({"a": {"exists": value}} for value in (True, False, "true", 1, [])),
    *({"a": value} for value in ({}, [], {"in": ["a"], "exists": True}, {"not": "a"})),
    *({"a": {"in": [f"a{i}" for i in range(count)]}} for count in (50, 51)),
    *({f"a{i}": "b" for i in range(count)} for count in (64, 65, 200, 201)),
    *({"in": ["a"]}, {"exists": True}, {"exists": None}, {"in": ["a" * 64]}),
    *("*", "web-*", "a?", "Web-*", "web[1]", "x" * 60 + "*?*", "x" * 60 + "*?**"),
    *("100", "1000", "1001", "0001000", "0", 1000, 1001, "no-nic", "No-nic"),
    *([cause.value for cause in Cause], ["detached"], ["scheduled", "requested"]),
]


def places(value, path=()):
    """Yield the path of everything in a document; of a list, of its first item."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value[:1]))
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))


def changed(whole, path, value):
    """Return a copy with another value there; without it, if that is `...`."""
    if not path:
        return value
    whole = copy.deepcopy(whole)
    *outer, last = path
    if value is ...:
        del at(whole, outer)[last]
    else:
        at(whole, outer)[last] = value
    return whole


def variants(whole, path):
    """Yield documents that differ from a valid one at one place."""
    yield from (changed(whole, path, value) for value in VALUES)
    if path:
        yield changed(whole, path, ...)
    if isinstance(there := at(whole, path), dict):
        yield changed(whole, path, {**there, "task": "stranger"})
        yield changed(whole, path, {**there, "stranger": 1})


@pytest.mark.parametrize(
    ("name", "whole", "path"),
    [
        pytest.param(name, whole, path, id="-".join([title, *map(str, path)]))
        for title, (name, whole) in WHOLE.items()
        for path in places(whole)
    ],
)
def test_schema_and_reader_refuse_the_same(name, whole, path):
    """A valid document, changed at one place: either both take it or neither."""
    assert reads(name, whole)
    assert violations(name, whole) == []
    assert [
        one
        for one in variants(whole, path)
        if validator(name).is_valid(one) != reads(name, one)
    ] == []


def test_an_external_address_is_given_or_any():
    """A static one and a version together are refused, by both accounts."""
    spec = {"oneToOneNatSpec": {"ipVersion": "IPV4", "address": "198.51.100.7"}}
    both = {**MINIMAL, "primaryV4AddressSpec": spec}
    assert violations("request", both)
    assert not reads("request", both)


@pytest.mark.parametrize(("count", "valid"), [(0, True), (200, True), (201, False)])
def test_there_are_at_most_two_hundred_policies(count, valid):
    """By both accounts; there may be none."""
    [policy] = POLICIES["policies"]
    # For an index left open, or else two of them would want the same.
    wanted = {**policy["attachment"], "networkInterfaceIndex": "auto"}
    some = [{**policy, "attachment": wanted, "name": f"p{i}"} for i in range(count)]
    value = {"policies": some}
    assert validator("policies").is_valid(value) is valid
    assert reads("policies", value) is valid


@pytest.mark.parametrize(
    ("count", "valid"), [(0, False), (1, True), (100, True), (101, False)]
)
@pytest.mark.parametrize("name", ["requests", "instances"])
def test_a_message_is_for_one_to_a_hundred(name, count, valid):
    """Lists of requests and of instances have the same bounds, by both accounts."""
    several = {**SEVERAL, "instanceIds": [f"fhm{i}" for i in range(count)]}
    value = several if name == "instances" else [MINIMAL] * count
    assert validator("request").is_valid(value) is valid
    assert reads("request", value) is valid


LENIENT = {
    "snake_case": {**changed(MINIMAL, ("subnetId",), ...), "subnet_id": "e9b1"},
    "null": {**MINIMAL, "options": None},
    "empty text": {**MINIMAL, "requestId": ""},
    "empty list": {**MINIMAL, "instanceIds": []},
    "no policy": {**MINIMAL, "policy": None},
    "a policy and nothing": {**BY_POLICY, "subnetId": None, "securityGroupIds": []},
    "sign of nought": changed(
        FULL, ("primaryV4AddressSpec", "dnsRecordSpecs", 0, "ttl"), "-0"
    ),
}


@pytest.mark.parametrize("value", LENIENT.values(), ids=LENIENT)
def test_the_reader_takes_more_than_is_promised(value):
    """Other spellings of the same request are understood, but no contract."""
    assert reads("request", value)
    assert not validator("request").is_valid(value)


@pytest.mark.parametrize(
    "value",
    [
        changed(FULL, ("primaryV4AddressSpec", "dnsRecordSpecs", 0, "ttl"), 600.0),
        {**SEVERAL, "requestId": "x" * 128},
        [{**MINIMAL, "requestId": "a"}] * 2,
    ],
    ids=["fraction of nought", "ids too long together", "two of one name"],
)
def test_what_only_the_descriptions_say_of_requests(value):
    """A schema cannot tell these; its descriptions do, and the reader refuses."""
    assert validator("request").is_valid(value)
    assert not reads("request", value)


@pytest.mark.parametrize(
    "changes",
    [{}, {"name": "other"}],
    ids=["two of one name", "two that want the same"],
)
def test_what_only_the_descriptions_say_of_policies(changes):
    """No schema can hold one policy against another; the reader does."""
    [policy] = POLICIES["policies"]
    value = {"policies": [policy, {**policy, **changes}]}
    assert validator("policies").is_valid(value)
    assert not reads("policies", value)


def test_an_interface_and_a_policy_exclude_each_other():
    """By both accounts, and so does neither of them."""
    both = {**MINIMAL, "policy": "mgmt"}
    neither = {"requestId": "order-1", "instanceId": "fhm1"}
    for value in (both, neither, {**both, "policy": "*"}):
        assert violations("request", value)
        assert not reads("request", value)


@given(wishes.filter(lambda one: one.policy != ANY))
def test_every_request_by_policy_we_write_is_valid(one):
    """But for what is ours, `task`, which is no part of the contract."""
    written = json.loads(render_wish(one))
    del written["task"]
    assert violations("request", written) == []


@given(requests, st.sampled_from(["0", "auto"]))
def test_every_request_we_write_is_valid(asked, index):
    """Whatever our reader gives, rendered again it keeps the contract."""
    elsewhere = replace(asked.attachment, index=index)
    for one in (asked, replace(asked, attachment=elsewhere)):
        assert violations("request", render_request(one)) == []
