"""An instance's status and interfaces mean one thing each."""

import pytest

from events.attachment import AddressSpec, DnsRecord, Nat
from events.instance import Power, Slot, is_ours, power_of
from tests.unit.build import attachment, instance, interface

MINE = DnsRecord(fqdn="web.example.com.", dns_zone_id="dns1", ttl=600, ptr=True)


def named(**changes):
    fields = {"fqdn": MINE.fqdn, "dns_zone_id": "dns1", "ttl": 600, "ptr": True}
    return AddressSpec(dns_records=(DnsRecord(**(fields | changes)),))


@pytest.mark.parametrize(
    ("status", "power"),
    [
        ("PROVISIONING", Power.MOVING),
        ("RUNNING", Power.RUNNING),
        ("STOPPING", Power.MOVING),
        ("STOPPED", Power.STOPPED),
        ("STARTING", Power.MOVING),
        ("RESTARTING", Power.MOVING),
        ("UPDATING", Power.MOVING),
        ("ERROR", Power.BROKEN),
        ("CRASHED", Power.BROKEN),
        ("DELETING", Power.MISSING),
        ("HIBERNATED", Power.MOVING),
        ("", Power.MOVING),
    ],
)
def test_every_status_has_a_meaning(status, power):
    """The ten documented statuses are told apart; an unknown one is waited for."""
    assert power_of(status) is power


def test_an_instances_power_is_its_statuss():
    """The instance itself tells what its status means."""
    assert instance(status="CRASHED").power is Power.BROKEN


@pytest.mark.parametrize(
    ("interfaces", "slot"),
    [
        ((), Slot.FREE),
        ((interface(index="0"),), Slot.FREE),
        ((interface(index="0"), interface(index="1")), Slot.OURS),
        ((interface(index="1", subnet_id="other"),), Slot.FOREIGN),
        ((interface(index="0"), interface(subnet_id="other")), Slot.FOREIGN),
    ],
)
def test_the_slot_is_what_is_at_the_wanted_index(interfaces, slot):
    """Only the wanted index counts, wherever it stands in the list."""
    assert instance(interfaces=interfaces).slot(attachment()) is slot


def test_groups_are_compared_as_a_set():
    """The order of security groups means nothing."""
    there = interface(security_group_ids=frozenset({"a", "b"}))
    assert is_ours(there, attachment(security_group_ids=("b", "a")))


@pytest.mark.parametrize(
    "there",
    [
        interface(subnet_id="other"),
        interface(security_group_ids=frozenset()),
        interface(security_group_ids=frozenset({"enp5k1c8x3t6w9v2n4qd", "more"})),
        interface(address=AddressSpec(nat=Nat())),
    ],
)
def test_what_was_not_asked_for_is_not_ours(there):
    """Another subnet, other groups or an external address make it foreign."""
    assert not is_ours(there, attachment())


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        (AddressSpec(), None),
        (AddressSpec(address="10.0.0.7"), None),
        (AddressSpec(address="10.0.0.7"), AddressSpec()),
        (AddressSpec(address="10.0.0.7"), AddressSpec(address="10.0.0.7")),
        (AddressSpec(), AddressSpec(address="10.0.0.7")),
        (AddressSpec(nat=Nat(address="1.1.1.1")), AddressSpec(nat=Nat())),
        (AddressSpec(nat=Nat()), AddressSpec(nat=Nat(address="1.1.1.1"))),
        (named(), None),
        (named(), AddressSpec(dns_records=(MINE,))),
        (named(fqdn="WEB.example.com"), AddressSpec(dns_records=(MINE,))),
        (named(), named(dns_zone_id="")),
        (named(dns_zone_id=""), named()),
        (named(), named(ttl=0)),
        (
            AddressSpec(nat=Nat(dns_records=(MINE,))),
            AddressSpec(nat=Nat(dns_records=(MINE,))),
        ),
    ],
)
def test_what_contradicts_nothing_asked_is_ours(there, asked):
    """What was left open may be anything; what is not there yet contradicts nothing."""
    assert is_ours(interface(address=there), attachment(address=asked))


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        (AddressSpec(address="10.0.0.8"), AddressSpec(address="10.0.0.7")),
        (AddressSpec(), AddressSpec(nat=Nat())),
        (
            AddressSpec(nat=Nat(address="1.1.1.2")),
            AddressSpec(nat=Nat(address="1.1.1.1")),
        ),
        (AddressSpec(), AddressSpec(dns_records=(MINE,))),
        (named(fqdn="other."), named()),
        (named(dns_zone_id="dns2"), named()),
        (named(ttl=300), named()),
        (named(ptr=False), named()),
        (named(), named(ptr=False)),
        (AddressSpec(nat=Nat()), AddressSpec(nat=Nat(dns_records=(MINE,)))),
    ],
)
def test_what_contradicts_anything_asked_is_not_ours(there, asked):
    """Another address, a missing external one or a missing name make it foreign."""
    assert not is_ours(interface(address=there), attachment(address=asked))


@pytest.mark.parametrize(
    ("index", "there", "has"),
    [
        ("1", ("0", "1"), True),
        ("1", ("0",), False),
        ("auto", ("0", "3"), True),
        ("auto", (), False),
    ],
)
def test_an_instance_has_what_is_wanted_at_its_index_or_at_any(index, there, has):
    """Where the index is left open, an equal interface anywhere is the one."""
    interfaces = tuple(interface(index=one) for one in there)
    wanted = attachment(index=index)
    assert instance(interfaces=interfaces).has(wanted) is has
