"""External addresses are given, kept and taken away; interfaces are changed."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from yandex.cloud.compute.v1.instance_pb2 import IPV4
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatRequest,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    RemoveInstanceOneToOneNatRequest,
    StopInstanceRequest,
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


def test_a_running_instance_gets_its_address_at_once(bench):
    """It is the lowest free one, and gone for others until it is taken away."""
    one, two = bench.running("one"), bench.running("two")
    operation = bench.finish(add(one, network_interface_index=""))
    assert operation.metadata.TypeName().endswith("AddInstanceOneToOneNatMetadata")
    assert nat_of(bench, one) == "198.51.100.1"
    bench.finish(add(two))
    assert nat_of(bench, two) == "198.51.100.2"
    bench.finish(remove(one))
    assert not interface(bench, one).primary_v4_address.HasField("one_to_one_nat")
    bench.finish(add(one))
    assert nat_of(bench, one) == "198.51.100.1"


def test_a_stopped_instance_gets_its_address_at_the_start(bench):
    """Until then, only that it will have one is there."""
    instance_id = bench.stopped()
    bench.finish(add(instance_id, one_to_one_nat_spec=OneToOneNatSpec(ip_version=IPV4)))
    nat = interface(bench, instance_id).primary_v4_address.one_to_one_nat
    assert (nat.address, nat.ip_version) == ("", IPV4)
    bench.start(instance_id)
    assert nat_of(bench, instance_id) == "198.51.100.1"
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert nat_of(bench, instance_id) == ""


@pytest.mark.parametrize(
    ("make", "code", "why"),
    [
        (lambda one: add(one, network_interface_index="1"), Code.NOT_FOUND, "index 1"),
        (lambda one: add(one, network_interface_index="8"), BAD, "'8' is not a number"),
        (remove, STATE, "has no one-to-one NAT on .* interface 0"),
        (
            lambda one: add(one, internal_address="10.128.0.200"),
            BAD,
            "internal_address: network interface 0 has 10.128.0.3",
        ),
        (
            lambda one: add(
                one, one_to_one_nat_spec=OneToOneNatSpec(address="198.51.100.9")
            ),
            BAD,
            "one_to_one_nat_spec.address: 198.51.100.9 is not a static address",
        ),
        (
            lambda one: update(one, "mac_address"),
            BAD,
            "update_mask: 'mac_address' cannot be updated",
        ),
        (lambda one: update(one, index=""), BAD, "network_interface_index: required"),
        (
            lambda one: update(one, "subnet_id", subnet_id=TINY),
            STATE,
            "must be STOPPED, it is RUNNING",
        ),
        (
            lambda one: update(
                one,
                "primary_v4_address_spec",
                primary_v4_address_spec=PrimaryAddressSpec(address="10.128.0.9"),
            ),
            STATE,
            "must be STOPPED",
        ),
        (
            lambda one: update(
                one,
                "primary_v6_address_spec",
                primary_v6_address_spec=PrimaryAddressSpec(address="::1"),
            ),
            BAD,
            "IPv6 is not available yet",
        ),
    ],
)
def test_what_cannot_be_is_refused(bench, make, code, why):
    """Nothing is begun then."""
    instance_id = bench.running()
    with pytest.raises(ApiError, match=why) as refused:
        bench.begin(make(instance_id))
    assert refused.value.code is code
    assert bench.compute.next_change() is None


def test_a_second_external_address_is_refused(bench):
    """One interface has one."""
    instance_id = bench.running()
    bench.finish(add(instance_id, internal_address="10.128.0.3"))
    with pytest.raises(ApiError, match="has a one-to-one NAT already") as refused:
        bench.begin(add(instance_id))
    assert refused.value.code is STATE


def test_the_last_interface_stays(bench):
    """An instance is never without one."""
    instance_id = bench.stopped()
    with pytest.raises(ApiError, match="has no other network interface") as refused:
        bench.begin(bench.detachment(instance_id, "0"))
    assert refused.value.code is STATE
