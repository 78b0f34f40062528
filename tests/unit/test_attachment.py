"""An attachment is read from the API's own REST body, and written as the same."""

import copy

import pytest
from hypothesis import given

from events.attachment import (
    AddressSpec,
    Attachment,
    DnsRecord,
    Nat,
    read_attachment,
    render_attachment,
)
from tests.unit.build import attachment, attachments, document, sample

NAT = "primaryV4AddressSpec.oneToOneNatSpec"


def read(value):
    found, violations = document(value)
    attached = read_attachment(found)
    found.close()
    return attached, [str(violation) for violation in violations]


def changed(path, value):
    """Return the full sample with one field changed; its path as in a violation."""
    whole = {
        name: content
        for name, content in sample("request").items()
        if name not in ("requestId", "options")
    }
    place = whole
    *outer, last = path.replace("[0]", ".0").split(".")
    for name in outer:
        place = place[int(name) if name == "0" else name]
    place[int(last) if last == "0" else last] = value
    return whole


def snake(value):
    """Return *value* with its names in snake_case."""
    if isinstance(value, dict):
        return {
            "".join(f"_{c.lower()}" if c.isupper() else c for c in name): snake(content)
            for name, content in value.items()
        }
    return [snake(item) for item in value] if isinstance(value, list) else value


FULL = Attachment(
    instance_id="fhm4k9v2c7t1x5n8w3qd",
    index="1",
    subnet_id="e9b2w6k9c4x1t7v5n3qd",
    security_group_ids=("enp5k1c8x3t6w9v2n4qd", "enp7x2k4c9t1w5v8n3qm"),
    address=AddressSpec(
        address="10.1.2.3",
        nat=Nat(
            address="198.51.100.7",
            dns_records=(
                DnsRecord(
                    fqdn="web-1.example.com.",
                    dns_zone_id="dns3k8c1x6t9w4v2n7qd",
                    ttl=600,
                    ptr=True,
                ),
            ),
        ),
        dns_records=(
            DnsRecord(
                fqdn="web-1-mgmt", dns_zone_id="dns9c4k7x2t5w1v8n6qm", ttl=300, ptr=True
            ),
        ),
    ),
)


@pytest.mark.parametrize("spell", [copy.copy, snake])
def test_every_field_is_read_in_both_spellings(spell):
    """The sample with every field reads as written, in camelCase and snake_case."""
    whole = changed("instanceId", FULL.instance_id)
    assert read(spell(whole)) == (FULL, [])


@given(attachments)
def test_what_is_written_is_read(wanted):
    """Rendering an attachment and reading it gives the same attachment."""
    assert read(render_attachment(wanted)) == (wanted, [])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (None, None),
        (AddressSpec(), {}),
        (AddressSpec(nat=Nat()), {"oneToOneNatSpec": {}}),
        (
            AddressSpec(dns_records=(DnsRecord(fqdn="a"),)),
            {"dnsRecordSpecs": [{"fqdn": "a"}]},
        ),
    ],
)
def test_absent_fields_are_not_written_but_empty_objects_are(address, expected):
    """An empty specification asks for something; an absent one does not."""
    rendered = render_attachment(attachment(address=address))
    assert rendered.get("primaryV4AddressSpec") == expected


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("instanceId", None, "is required"),
        ("instanceId", "a/b", "must be a resource's id"),
        ("networkInterfaceIndex", "", "is required"),
        ("networkInterfaceIndex", "01", "must be a number like '1', or 'auto'"),
        ("networkInterfaceIndex", 1, "must be a string"),
        ("subnetId", None, "is required"),
        ("subnetId", "-", "must be a resource's id"),
        ("securityGroupIds", None, "is required"),
        ("securityGroupIds", [], "is required"),
        ("primaryV4AddressSpec", "auto", "must be an object"),
        ("primaryV4AddressSpec.address", "10.1.2", "must be an IPv4 address"),
        ("primaryV4AddressSpec.colour", "red", "is not a known field"),
        (f"{NAT}.address", "::1", "must be an IPv4 address"),
        (f"{NAT}.ipVersion", "IPV4", "must be absent where address is given"),
        (f"{NAT}.ipVersion", "IPV6", "IPV6 is not available yet"),
        (f"{NAT}.ipVersion", "ipv4", "must be IPV4"),
        (f"{NAT}.colour", "red", "is not a known field"),
        (f"{NAT}.dnsRecordSpecs[0].fqdn", None, "is required"),
        (f"{NAT}.dnsRecordSpecs[0].fqdn", "a..b", "must be a domain name"),
        (f"{NAT}.dnsRecordSpecs[0].ttl", "86401", "must be 0 to 86400"),
        (f"{NAT}.dnsRecordSpecs[0].ttl", -1, "must be 0 to 86400"),
        (f"{NAT}.dnsRecordSpecs[0].ptr", "yes", "must be true or false"),
        (f"{NAT}.dnsRecordSpecs[0].colour", "red", "is not a known field"),
        (
            "primaryV4AddressSpec.dnsRecordSpecs[0].dnsZoneId",
            "a b",
            "must be a resource's id",
        ),
        (
            "primaryV4AddressSpec.dnsRecordSpecs",
            [{"fqdn": "a"}] * 33,
            "must have at most 32 items",
        ),
        ("colour", "red", "is not a known field"),
    ],
)
def test_one_bad_field_is_one_violation_at_its_path(path, value, problem):
    """Each broken rule is told once, with the JSON path of its field."""
    _, violations = read(changed(path, value))
    assert violations == [f"$.{path} {problem}"]


def test_more_groups_than_the_api_takes_are_refused():
    """A sixth security group is one too many."""
    _, violations = read(changed("securityGroupIds", [f"enp{i}" for i in range(6)]))
    assert "$.securityGroupIds must have at most 5 items" in violations


def test_everything_wrong_is_told_at_once():
    """Violations of the whole document come together, not one per attempt."""
    bad = {"primaryV4AddressSpec": {"address": 1, "dnsRecordSpecs": [{}]}, "x": 1}
    assert read(bad)[1] == [
        "$.securityGroupIds is required",
        "$.instanceId is required",
        "$.networkInterfaceIndex is required",
        "$.subnetId is required",
        "$.primaryV4AddressSpec.address must be a string",
        "$.primaryV4AddressSpec.dnsRecordSpecs[0].fqdn is required",
        "$.x is not a known field",
    ]
