"""Static addresses are reserved, used and released."""

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatRequest,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    RemoveInstanceOneToOneNatRequest,
    StopInstanceRequest,
)
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.address_service_pb2 import (
    DeleteAddressRequest,
    DnsRecordSpec,
    GetAddressByValueRequest,
    GetAddressRequest,
    ListAddressesBySubnetRequest,
    ListAddressesRequest,
)

from fakes.errors import ApiError, Code
from fakes.vpc import Vpc
from tests.compute_bench import START, Bench
from tests.unit.vpc_requests import external, internal, made

OTHER_ZONE = "ru-central1-b"


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def vpc(bench):
    return Vpc(bench.rules)


def add(instance_id, address=""):
    return AddInstanceOneToOneNatRequest(
        instance_id=instance_id, one_to_one_nat_spec=OneToOneNatSpec(address=address)
    )


def nat_of(bench, instance_id):
    [interface] = bench.instance(instance_id).network_interfaces
    return interface.primary_v4_address.one_to_one_nat.address


def get(vpc, address):
    return vpc.get_address(GetAddressRequest(address_id=address.id))


def test_an_external_address_is_reserved_in_a_zone(bench, vpc):
    """It is the lowest free one, external, reserved, and not used yet."""
    record = DnsRecordSpec(fqdn="a.", dns_zone_id="dns1", ttl=60, ptr=True)
    request = external(bench, name="Own", labels={"a": "b"}, dns_record_specs=[record])
    provider = request.external_ipv4_address_spec.requirements
    provider.ddos_protection_provider = "qrator"
    one = made(bench, request, Address)
    assert one.external_ipv4_address.address == "198.51.100.1"
    assert one.external_ipv4_address.zone_id == "ru-central1-a"
    assert one.external_ipv4_address.requirements.ddos_protection_provider == "qrator"
    assert (one.type, one.ip_version) == (Address.EXTERNAL, Address.IPV4)
    assert (one.reserved, one.used) == (True, False)
    assert one.created_at.ToDatetime(START.tzinfo) == START
    assert (one.dns_records[0].fqdn, one.dns_records[0].ttl) == ("a.", 60)
    assert one.id[:3] == "e9b"
    assert get(vpc, one) == one


def test_a_reserved_address_is_not_given_automatically(bench):
    """Neither externally nor in a subnet."""
    made(bench, external(bench), Address)
    made(bench, internal(bench), Address)
    instance_id = bench.running()
    bench.finish(add(instance_id))
    [interface] = bench.instance(instance_id).network_interfaces
    assert interface.primary_v4_address.address == "10.128.0.4"
    assert nat_of(bench, instance_id) == "198.51.100.2"


def test_a_static_address_shows_that_it_is_used(bench, vpc):
    """While an instance has it, also a stopped one, it is used and cannot be
    released; then it can.
    """
    one = made(bench, external(bench), Address)
    instance_id, address = bench.running(), one.external_ipv4_address.address
    bench.finish(add(instance_id, address))
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert nat_of(bench, instance_id) == address
    assert get(vpc, one).used
    folder = ListAddressesRequest(folder_id=bench.world.folder_id)
    assert [found.used for found in vpc.list_addresses(folder).addresses] == [True]
    delete = DeleteAddressRequest(address_id=one.id)
    with pytest.raises(ApiError, match=f"is in use by {instance_id}") as refused:
        bench.begin(delete)
    assert refused.value.code is Code.FAILED_PRECONDITION
    bench.finish(RemoveInstanceOneToOneNatRequest(instance_id=instance_id))
    assert get(vpc, one) == one
    assert bench.finish(delete).HasField("response")
    with pytest.raises(ApiError, match=f"NOT_FOUND: Address {one.id} not found"):
        get(vpc, one)


def test_a_static_address_is_for_its_zone(bench):
    """In another zone, it is refused, and twice anywhere."""
    one = made(bench, external(bench, zone_id=OTHER_ZONE), Address)
    address = one.external_ipv4_address.address
    with pytest.raises(ApiError, match=f"{address} is in zone {OTHER_ZONE}"):
        bench.begin(add(bench.running("here"), address))
    first, second = (bench.running(name, OTHER_ZONE) for name in ("a", "b"))
    bench.finish(add(first, address))
    with pytest.raises(ApiError, match=f"{address} is in use by instance {first}"):
        bench.begin(add(second, address))


def test_a_given_external_address_is_good_in_every_zone(bench):
    """It was reserved by its value, without a zone."""
    made(bench, external(bench, "198.51.100.77", ""), Address)
    instance_id = bench.running("far", OTHER_ZONE)
    bench.finish(add(instance_id, "198.51.100.77"))
    assert nat_of(bench, instance_id) == "198.51.100.77"


@pytest.mark.parametrize("how", ["reserved", "used"])
def test_what_somebody_has_cannot_be_reserved(bench, how):
    """Neither what is reserved already nor what an instance has."""
    if how == "reserved":
        made(bench, internal(bench, "10.128.0.3"), Address)
    else:
        bench.running()
    with pytest.raises(ApiError, match=r"10\.128\.0\.3 is in use by") as refused:
        bench.begin(internal(bench, "10.128.0.3"))
    assert refused.value.code is Code.ALREADY_EXISTS


def test_an_instance_takes_a_reserved_internal_address(bench, vpc):
    """Asked for by its value, as it must be; by that it is found, too."""
    one = made(bench, internal(bench, "10.128.0.50"), Address)
    assert one.type == Address.INTERNAL
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(address="10.128.0.50")
    operation = bench.finish(
        bench.attachment(instance_id, primary_v4_address_spec=spec)
    )
    assert operation.response.Unpack(Instance())
    by_value = GetAddressByValueRequest(
        internal_ipv4_address="10.128.0.50", subnet_id=bench.subnet
    )
    assert vpc.get_address_by_value(by_value) == get(vpc, one)
    assert get(vpc, one).used
    request = ListAddressesBySubnetRequest(subnet_id=bench.subnet)
    made(bench, external(bench), Address)
    assert list(vpc.list_addresses_by_subnet(request).addresses) == [get(vpc, one)]


def test_an_address_is_found_by_its_value(bench, vpc):
    """If it is reserved; an automatic one is not."""
    one = made(bench, external(bench), Address)
    value = one.external_ipv4_address.address
    request = GetAddressByValueRequest(external_ipv4_address=value)
    assert vpc.get_address_by_value(request) == one
    for unknown, why in (
        (GetAddressByValueRequest(external_ipv4_address="198.51.100.9"), "not found"),
        (GetAddressByValueRequest(), "address: required"),
    ):
        with pytest.raises(ApiError, match=why):
            vpc.get_address_by_value(unknown)


def test_a_protected_address_stays(bench):
    """Protection goes before everything."""
    one = made(bench, external(bench, deletion_protection=True), Address)
    with pytest.raises(ApiError, match="is protected from deletion") as refused:
        bench.begin(DeleteAddressRequest(address_id=one.id))
    assert refused.value.code is Code.FAILED_PRECONDITION


def test_a_reservation_keeps_its_subnet(bench):
    """Addresses of a subnet are in it, like interfaces."""
    one = made(bench, internal(bench, "10.128.0.50"), Address)
    assert list(bench.world.claims.holders("use", bench.subnet)) == [one.id]
