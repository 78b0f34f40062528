"""What an attached interface looks like, and when it gets its addresses."""

import re
from ipaddress import IPv4Network

import pytest
from yandex.cloud.compute.v1.instance_pb2 import IPV4, DnsRecord, Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.caller import Call
from fakes.chance import Chance
from fakes.compute.claims import MAC, Claims
from fakes.compute.creation import small_instance
from fakes.compute.interfaces import new_mac
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.errors import ApiError, Code
from tests.compute_bench import HOUR, START, Bench

TINY = "e9btiny0000000000000"


@pytest.fixture
def bench():
    return Bench()


def attached(bench, instance_id, index="1", **changes):
    operation = bench.finish(bench.attachment(instance_id, index, **changes))
    instance = Instance()
    operation.response.Unpack(instance)
    return next(one for one in instance.network_interfaces if one.index == index)


def test_an_attached_interface_has_no_address_yet(bench):
    """The response holds the new interface with index, MAC, subnet and groups; its
    address is there, but empty, until the instance starts.
    """
    instance_id = bench.stopped()
    interface = attached(bench, instance_id)
    assert interface.index == "1"
    assert interface.subnet_id == bench.subnet
    assert list(interface.security_group_ids) == [bench.group]
    assert re.fullmatch(r"d0:1d(:[0-9a-f]{2}){4}", interface.mac_address)
    assert interface.HasField("primary_v4_address")
    assert not interface.primary_v4_address.address
    bench.start(instance_id)
    now = bench.instance(instance_id).network_interfaces[1]
    assert now.primary_v4_address.address == "10.128.0.4"
    assert now.mac_address == interface.mac_address


def test_an_attached_interface_needs_no_address_specification(bench):
    """Without an address specification, the address is automatic as well."""
    instance_id = bench.stopped()
    request = bench.attachment(instance_id)
    request.ClearField("primary_v4_address_spec")
    bench.finish(request)
    bench.start(instance_id)
    assert bench.instance(instance_id).network_interfaces[1].primary_v4_address.address


def test_the_interface_appears_when_the_operation_ends(bench):
    """While it is attached, the instance does not show it."""
    instance_id = bench.stopped()
    bench.begin(bench.attachment(instance_id))
    assert bench.instance(instance_id).status == Instance.Status.UPDATING
    assert len(bench.instance(instance_id).network_interfaces) == 1


def test_interfaces_are_in_the_order_of_their_indexes(bench):
    """Wherever the new index is, the list of interfaces is sorted by it."""
    instance_id = bench.stopped()
    for index in ("7", "3", "5"):
        attached(bench, instance_id, index)
    interfaces = bench.instance(instance_id).network_interfaces
    assert [one.index for one in interfaces] == ["0", "3", "5", "7"]
    assert len({one.mac_address for one in interfaces}) == 4


def test_what_was_asked_for_shows_at_once(bench):
    """Given addresses, and all DNS records, are in the interface before the start
    and stay when the instance stops again.
    """
    record = DnsRecordSpec(fqdn="a.", dns_zone_id="dns1", ttl=86_400, ptr=True)
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(
        address="10.128.0.77",
        dns_record_specs=[record],
        one_to_one_nat_spec=OneToOneNatSpec(
            address="203.0.113.5", dns_record_specs=[record]
        ),
    )
    address = attached(
        bench, instance_id, primary_v4_address_spec=spec
    ).primary_v4_address
    assert address.address == "10.128.0.77"
    assert address.one_to_one_nat.address == "203.0.113.5"
    assert address.one_to_one_nat.ip_version == IPV4
    expected = [DnsRecord(fqdn="a.", dns_zone_id="dns1", ttl=86_400, ptr=True)]
    assert list(address.dns_records) == expected
    assert list(address.one_to_one_nat.dns_records) == expected
    bench.start(instance_id)
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    after = bench.instance(instance_id).network_interfaces[1].primary_v4_address
    assert after == address


def test_an_automatic_external_address_lives_while_the_instance_runs(bench):
    """It is given at start and taken away at stop; the internal one stays."""
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(one_to_one_nat_spec=OneToOneNatSpec(ip_version=IPV4))
    attached(bench, instance_id, primary_v4_address_spec=spec)

    def addresses():
        found = bench.instance(instance_id).network_interfaces[1].primary_v4_address
        return found.address, found.one_to_one_nat.address

    assert addresses() == ("", "")
    bench.start(instance_id)
    assert addresses() == ("10.128.0.4", "198.51.100.1")
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert addresses() == ("10.128.0.4", "")


def test_two_starts_at_once_do_not_share_an_address(bench):
    """What a running operation will assign is taken already."""
    one, two = bench.stopped("one"), bench.stopped("two")
    for instance_id in (one, two):
        attached(bench, instance_id)
    for instance_id in (one, two):
        bench.begin(StartInstanceRequest(instance_id=instance_id))
    bench.now += HOUR
    found = {
        interface.primary_v4_address.address
        for instance_id in (one, two)
        for interface in bench.instance(instance_id).network_interfaces
    }
    assert found == {f"10.128.0.{host}" for host in (3, 4, 5, 6)}


def test_a_full_subnet_refuses_the_start(bench):
    """Without a free address in its subnet, an instance does not start."""
    instance_id = bench.stopped()
    for index in ("1", "2", "3", "4", "5"):
        attached(bench, instance_id, index, subnet_id=TINY)
    with pytest.raises(ApiError, match=f"Subnet {TINY} has no free") as refused:
        bench.start(instance_id)
    assert refused.value.code is Code.RESOURCE_EXHAUSTED
    assert bench.instance(instance_id).status == Instance.Status.STOPPED


def test_external_addresses_may_run_out(bench):
    """The range of automatic external addresses is finite, too."""
    world = starting_world(bench.chance, public_range=IPv4Network("198.51.100.0/30"))
    compute = Compute(Rules(world=world), bench.chance)
    request = small_instance(world, name="web")
    spec = PrimaryAddressSpec(one_to_one_nat_spec=OneToOneNatSpec())
    request.network_interface_specs[0].primary_v4_address_spec.CopyFrom(spec)
    for name in ("first", "second"):
        request.name = name
        compute.begin(request, START, Call())
    request.name = "third"
    with pytest.raises(ApiError, match="external addresses has no free address"):
        compute.begin(request, START, Call())


def test_a_detached_interface_frees_its_index_and_address(bench):
    """After detaching, the same index and address can be attached again."""
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(address="10.128.0.50")
    before = attached(bench, instance_id, primary_v4_address_spec=spec)
    assert bench.finish(bench.detachment(instance_id)).done
    assert len(bench.instance(instance_id).network_interfaces) == 1
    after = attached(bench, instance_id, primary_v4_address_spec=spec)
    assert after.mac_address != before.mac_address


def test_indexes_of_new_instances_count_up_from_zero(bench):
    """Interfaces created without an index get the lowest ones that are free."""
    request = small_instance(bench.world, name="web")
    request.hostname = "web"
    request.network_interface_specs[0].index = "1"
    for _ in range(2):
        spec = NetworkInterfaceSpec(subnet_id=bench.subnet)
        request.network_interface_specs.append(spec)
    instance = Instance()
    bench.finish(request).response.Unpack(instance)
    assert [one.index for one in instance.network_interfaces] == ["1", "0", "2"]
    assert instance.fqdn == "web.ru-central1.internal"


def test_no_mac_address_is_given_twice():
    """A number that is taken is thrown again."""
    claims, taken = Claims(), set()
    first = new_mac(Chance(1), "0", claims, set())
    claims.hold("fhm1", [(MAC, first)])
    second = new_mac(Chance(1), "0", claims, taken)
    third = new_mac(Chance(1), "0", claims, taken)
    assert len({first, second, third}) == 3


def test_a_world_knows_its_subnets():
    """Every zone has one subnet with its prefix; elsewhere there is none."""
    world = starting_world(Chance(1))
    prefixes = {zone: world.subnet_in(zone).id[:3] for zone in ("ru-central1-a",)}
    assert prefixes == {"ru-central1-a": "e9b"}
    assert [subnet.id[:3] for subnet in world.subnets] == ["e9b", "e2l", "fl8"]
    assert {one.network_id for one in world.security_groups} == {
        one.id for one in world.networks
    }
    with pytest.raises(LookupError, match="moon"):
        world.subnet_in("moon")
