"""What would make an instance unusable is refused before the call."""

from dataclasses import replace

import pytest

from events.attachment import AddressSpec, Nat
from events.guard import Subnet, misplacement, overload
from events.limits import Limits
from tests.unit.build import attachment, instance, interface

PUBLIC = AddressSpec(nat=Nat())
WANTED = attachment(security_group_ids=("enp1", "enp2"))
SUBNET = Subnet(id=WANTED.subnet_id, zone_id="ru-central1-a", network_id="enpN")
HERE = {"enp1": "enpN", "enp2": "enpN"}


def with_interfaces(count, **changes):
    there = tuple(interface(index=str(index)) for index in range(count))
    return instance(interfaces=there, **changes)


@pytest.mark.parametrize(
    ("there", "problem"),
    [
        (with_interfaces(7), None),
        (with_interfaces(8), "an instance has at most 8 interfaces"),
        (with_interfaces(7, disks=6), None),
        (
            with_interfaces(7, disks=7),
            (
                "with 15 devices the instance could not boot: "
                "it has at most 14, disks and interfaces together"
            ),
        ),
    ],
)
def test_an_instance_is_not_overloaded(there, problem):
    """The documented limits hold, and are named."""
    assert overload(attachment(index="9"), there, Limits()) == problem


@pytest.mark.parametrize(
    "there",
    [
        with_interfaces(8),
        with_interfaces(7, disks=7),
        instance(interfaces=(interface(index="1", address=PUBLIC),)),
    ],
)
def test_what_is_at_the_index_does_not_count(there):
    """It may be the very interface, attached by a call whose answer was lost."""
    limits = Limits(one_public_address=True)
    assert overload(attachment(address=PUBLIC), there, limits) is None


@pytest.mark.parametrize(
    ("wanted", "there", "one_only", "refused"),
    [
        (PUBLIC, PUBLIC, True, True),
        (PUBLIC, PUBLIC, False, False),
        (PUBLIC, AddressSpec(), True, False),
        (AddressSpec(), PUBLIC, True, False),
        (None, PUBLIC, True, False),
    ],
)
def test_a_second_public_address_is_refused_where_the_limits_say_so(
    wanted, there, one_only, refused
):
    """One is advised; more than one is forbidden only where somebody forbade it."""
    known = instance(interfaces=(interface(index="0", address=there),))
    limits = Limits(one_public_address=one_only)
    problem = overload(attachment(address=wanted), known, limits)
    assert (problem == "a second public address is not allowed") is refused


@pytest.mark.parametrize(
    ("subnet", "networks", "problem"),
    [
        (SUBNET, HERE, None),
        (None, HERE, f"there is no subnet {WANTED.subnet_id}"),
        (
            replace(SUBNET, zone_id="ru-central1-b"),
            HERE,
            (
                f"subnet {SUBNET.id} is in zone ru-central1-b, "
                "the instance in ru-central1-a"
            ),
        ),
        (SUBNET, {"enp1": None}, "there is no security group enp1"),
        (
            SUBNET,
            {**HERE, "enp2": "enpX"},
            "security group enp2 is of network enpX, the subnet of enpN",
        ),
    ],
)
def test_an_interface_is_put_where_it_can_be(subnet, networks, problem):
    """Zone and network must fit, and both sides of a misfit are named."""
    assert misplacement(WANTED, instance(), subnet, networks) == problem
