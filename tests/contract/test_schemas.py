"""Schemas and readers are two accounts of one contract: here they must agree."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.request import render_request
from tests.contract.contracts import (
    FULL,
    MINIMAL,
    POLICIES,
    SEVERAL,
    at,
    reads,
    validator,
    violations,
)
from tests.unit.build import repeatable, requests

ANY_ADDRESS = {"oneToOneNatSpec": {"ipVersion": "IPV4"}}
WHOLE = {
    "full": ("request", FULL),
    "several": ("request", SEVERAL),
    "any address": ("request", {**MINIMAL, "primaryV4AddressSpec": ANY_ADDRESS}),
    "list": ("request", [MINIMAL]),
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
    value = {"policies": [{**policy, "name": f"p{i}"} for i in range(count)]}
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
def test_what_only_the_descriptions_say(value):
    """A schema cannot tell these; its descriptions do, and the reader refuses."""
    assert validator("request").is_valid(value)
    assert not reads("request", value)


@repeatable
@given(requests, st.sampled_from(["0", "auto"]))
def test_every_request_we_write_is_valid(asked, index):
    """Whatever our reader gives, rendered again it keeps the contract."""
    elsewhere = replace(asked.attachment, index=index)
    for one in (asked, replace(asked, attachment=elsewhere)):
        assert violations("request", render_request(one)) == []
