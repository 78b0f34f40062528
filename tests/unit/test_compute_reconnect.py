"""An interface that is there is changed."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatRequest,
    DnsRecordSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    RemoveInstanceOneToOneNatRequest,
    UpdateInstanceNetworkInterfaceRequest,
)

from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

TINY = "e9btiny0000000000000"
BAD, STATE = Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION


@pytest.fixture
def bench():
    return Bench()


def add(instance_id, **fields):
    index = {"network_interface_index": "0"}
    return AddInstanceOneToOneNatRequest(instance_id=instance_id, **(index | fields))


def remove(instance_id, **fields):
    return RemoveInstanceOneToOneNatRequest(instance_id=instance_id, **fields)


def update(instance_id, *paths, index="0", **fields):
    return UpdateInstanceNetworkInterfaceRequest(
        instance_id=instance_id,
        network_interface_index=index,
        update_mask=FieldMask(paths=paths),
        **fields,
    )


def interface(bench, instance_id, at=0):
    return bench.instance(instance_id).network_interfaces[at]


def nat_of(bench, instance_id):
    return interface(bench, instance_id).primary_v4_address.one_to_one_nat.address


def test_groups_change_while_the_instance_runs(bench):
    """Addresses, also automatic ones, and MAC address stay."""
    instance_id = bench.running()
    bench.finish(add(instance_id))
    before = interface(bench, instance_id)
    operation = bench.finish(update(instance_id, "security_group_ids"))
    answer = Instance()
    operation.response.Unpack(answer)
    del before.security_group_ids[:]
    assert interface(bench, instance_id) == before == answer.network_interfaces[0]


def test_records_change_while_the_instance_runs(bench):
    """A part of the specification is named; an automatic external address stays."""
    instance_id = bench.running()
    bench.finish(add(instance_id))
    records = [DnsRecordSpec(fqdn="a.")]
    spec = PrimaryAddressSpec(
        one_to_one_nat_spec=OneToOneNatSpec(dns_record_specs=records)
    )
    path = "primary_v4_address_spec.one_to_one_nat_spec"
    bench.finish(update(instance_id, path, primary_v4_address_spec=spec))
    address = interface(bench, instance_id).primary_v4_address
    assert address.address == "10.128.0.3"
    assert address.one_to_one_nat.address == "198.51.100.1"
    assert address.one_to_one_nat.dns_records[0].fqdn == "a."
    bench.finish(update(instance_id, "security_group_ids"))
    assert interface(bench, instance_id).primary_v4_address == address


def test_an_update_without_a_specification_takes_the_external_address(bench):
    """The field is named, and empty: what it can be without, it loses."""
    instance_id = bench.running()
    bench.finish(add(instance_id))
    bench.finish(update(instance_id, "primary_v4_address_spec"))
    address = interface(bench, instance_id).primary_v4_address
    assert address.address == "10.128.0.3"
    assert not address.HasField("one_to_one_nat")


def test_a_stopped_instance_moves_to_another_subnet(bench):
    """Its old address is free at the end, and a new one comes with the start; the MAC
    address stays.
    """
    instance_id = bench.stopped()
    before = interface(bench, instance_id)
    bench.finish(update(instance_id, "subnet_id", subnet_id=TINY))
    after = interface(bench, instance_id)
    assert (after.subnet_id, after.primary_v4_address.address) == (TINY, "")
    assert after.mac_address == before.mac_address
    other = bench.running("other")
    assert interface(bench, other).primary_v4_address == before.primary_v4_address
    bench.start(instance_id)
    assert interface(bench, instance_id).primary_v4_address.address == "10.200.0.3"


def test_subnet_and_address_change_together(bench):
    """The address is one of the new subnet then; a static external one stays."""
    instance_id = bench.stopped()
    static = OneToOneNatSpec(address="203.0.113.9")
    bench.finish(add(instance_id, one_to_one_nat_spec=static))
    request = update(
        instance_id,
        "subnet_id",
        "primary_v4_address_spec.address",
        subnet_id=TINY,
        primary_v4_address_spec=PrimaryAddressSpec(address="10.200.0.4"),
    )
    bench.finish(request)
    after = interface(bench, instance_id)
    assert (after.subnet_id, after.primary_v4_address.address) == (TINY, "10.200.0.4")
    assert nat_of(bench, instance_id) == "203.0.113.9"


def test_without_a_mask_all_of_the_interface_is_updated(bench):
    """What is not said is reset: groups, address and external address."""
    instance_id = bench.stopped()
    bench.finish(add(instance_id))
    bench.finish(update(instance_id, subnet_id=bench.subnet))
    after = interface(bench, instance_id)
    assert list(after.security_group_ids) == []
    assert not after.primary_v4_address.address
    assert not after.primary_v4_address.HasField("one_to_one_nat")


def test_the_internal_address_of_a_stopped_instance_changes(bench):
    """To a given one, also when it has that already, or to an automatic one."""
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(address="10.128.0.77")
    for _ in range(2):
        path = "primary_v4_address_spec.address"
        bench.finish(update(instance_id, path, primary_v4_address_spec=spec))
        address = interface(bench, instance_id).primary_v4_address.address
        assert address == "10.128.0.77"
    bench.finish(update(instance_id, "primary_v4_address_spec"))
    assert interface(bench, instance_id).primary_v4_address.address == ""


def test_an_interface_may_not_take_its_neighbours_address(bench):
    """Two interfaces of one instance are two, too."""
    instance_id = bench.stopped()
    bench.finish(bench.attachment(instance_id))
    spec = PrimaryAddressSpec(address="10.128.0.3")
    for request in (
        update(
            instance_id,
            "primary_v4_address_spec",
            index="1",
            primary_v4_address_spec=spec,
        ),
        bench.attachment(instance_id, "2", primary_v4_address_spec=spec),
    ):
        with pytest.raises(ApiError, match="in use by instance"):
            bench.begin(request)
