"""Everything the fake refuses, in one table."""

from dataclasses import replace

import pytest
from yandex.cloud.compute.v1.instance_pb2 import IPV4, IPV6
from yandex.cloud.compute.v1.instance_service_pb2 import (
    PrimaryAddressSpec,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.chance import Chance
from fakes.compute.creation import small_instance
from fakes.compute.model import Compute
from fakes.compute.scene import Rules
from fakes.compute.settings import Limits, RefusalCodes
from fakes.errors import ApiError, Code
from tests.compute_bench import HOUR, Bench
from tests.compute_city import (
    attach,
    build,
    create,
    dns,
    group,
    interface,
    nat,
    on,
    v4,
)

BAD, MISSING, TAKEN = Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS
STATE = Code.FAILED_PRECONDITION
ADDRESS = "primary_v4_address_spec.address: "
NAT = "primary_v4_address_spec.one_to_one_nat_spec."
LATER_ZONE = "ru-central1-b"

REFUSALS = {
    # Instances and their statuses.
    "no instance id": (attach(to=""), BAD, "instance_id: required"),
    "unknown instance": (attach(to="fhmx"), MISSING, "Instance fhmx not found"),
    "attach to running": (attach(to="running"), STATE, "{running} must be STOPPED, it"),
    "attach while busy": (attach(to="busy"), STATE, "{busy} is busy with operation"),
    "start running": (on("running", StartInstanceRequest), STATE, "must be STOPPED"),
    "stop stopped": (on("stopped", StopInstanceRequest), STATE, "must be RUNNING"),
    "stop nothing": (on("", StopInstanceRequest), BAD, "instance_id: required"),
    "detach running": (
        lambda c: c.bench.detachment(c.running, "0"),
        STATE,
        "{running} must be STOPPED",
    ),
    "detach nothing": (
        lambda c: c.bench.detachment(c.stopped, "5"),
        MISSING,
        "{stopped} has no network interface with index 5",
    ),
    # The index.
    "no index": (attach(index=""), BAD, "network_interface_index: required"),
    "taken index": (attach(index="0"), TAKEN, "{stopped} has a .* with index 0"),
    "index 8": (attach(index="8"), BAD, "'8' is not a number from 0 to 7"),
    "index -1": (attach(index="-1"), BAD, "'-1' is not a number from 0 to 7"),
    "index 01": (attach(index="01"), BAD, "'01' is not a number from 0 to 7"),
    "index text": (attach(index="eth1"), BAD, "'eth1' is not a number from 0 to 7"),
    "other digits": (attach(index="\u0661"), BAD, "is not a number from 0 to 7"),
    "ninth interface": (attach(to="full", index="7"), BAD, "{full} has 8 network"),
    # The subnet and the groups.
    "no subnet": (attach(subnet_id=""), BAD, "subnet_id: required"),
    "unknown subnet": (attach(subnet_id="e9bx"), MISSING, "Subnet e9bx not found"),
    "other zone": (
        lambda c: c.bench.attachment(
            c.stopped, subnet_id=c.bench.world.subnet_in(LATER_ZONE).id
        ),
        BAD,
        "is in zone ru-central1-b, the instance is in zone ru-central1-a",
    ),
    "no groups": (attach(security_group_ids=[]), BAD, "security_group_ids: required"),
    "unknown group": (
        attach(security_group_ids=["enpx"]),
        MISSING,
        "Security group enpx not found",
    ),
    "six groups": (
        lambda c: c.bench.attachment(c.stopped, security_group_ids=[group(c, 0)] * 6),
        BAD,
        "6 groups, at most 5 are allowed",
    ),
    "foreign group": (
        lambda c: c.bench.attachment(c.stopped, security_group_ids=[group(c, 1)]),
        BAD,
        "security_group_ids: Security group .* is in network .*, subnet .* in",
    ),
    # Addresses and DNS.
    "no address": (v4(address="host"), BAD, ADDRESS + "'host' is not an IPv4 address"),
    "other range": (v4(address="10.1.1.5"), BAD, "10.1.1.5 is not for instances in"),
    "gateway": (v4(address="10.128.0.1"), BAD, "10.128.0.1 is not for instances in"),
    "broadcast": (v4(address="10.128.0.255"), BAD, "is not for instances in"),
    "taken address": (v4(address="10.128.0.99"), TAKEN, "in use by instance {other}"),
    "nat version and address": (
        nat(ip_version=IPV4, address="203.0.113.1"),
        BAD,
        NAT + "ip_version: only if address is not given",
    ),
    "nat v6": (nat(ip_version=IPV6), BAD, NAT + "ip_version: IPV6 is not available"),
    "nat text": (nat(address="x"), BAD, NAT + "address: 'x' is not an IPv4 address"),
    "nat taken": (nat(address="203.0.113.9"), TAKEN, "in use by instance {other}"),
    "nat automatic": (nat(address="198.51.100.7"), BAD, "is not a static address"),
    "ttl too long": (v4(dns_record_specs=dns(86_401)), BAD, "86401 of a. is not betw"),
    "ttl negative": (v4(dns_record_specs=dns(-1)), BAD, "ttl: -1 of a. is not between"),
    "no fqdn": (v4(dns_record_specs=dns(fqdn="")), BAD, "fqdn: required"),
    "nat ttl": (nat(dns_record_specs=dns(86_401)), BAD, "86401 of a. is not between"),
    # Creation.
    "no folder": (create(folder_id=""), BAD, "folder_id: required"),
    "unknown folder": (create(folder_id="b1gx"), MISSING, "Folder b1gx not found"),
    "no zone": (create(zone_id=""), BAD, "zone_id: required"),
    "unknown zone": (create(zone_id="moon"), MISSING, "Zone moon not found"),
    "no platform": (create(platform_id=""), BAD, "platform_id: required"),
    "no resources": (create(resources_spec=None), BAD, "resources_spec: required"),
    "no disk": (create(boot_disk_spec=None), BAD, "boot_disk_spec: required"),
    "no interface": (create(network_interface_specs=[]), BAD, "specs: required"),
    "bad name": (create(name="No"), BAD, "name: 'No' does not match"),
    "bad host": (create(hostname="-"), BAD, "hostname: '-' does not match"),
    "same name": (create(name="busy"), TAKEN, "Instance busy exists already"),
    "created in other zone": (create(zone_id=LATER_ZONE), BAD, "is in zone"),
    "same index twice": (
        lambda c: create(network_interface_specs=[interface(c, index="1")] * 2)(c),
        TAKEN,
        "with index 1 already",
    ),
    "same address twice": (
        lambda c: create(
            network_interface_specs=[
                interface(
                    c,
                    primary_v4_address_spec=PrimaryAddressSpec(address="10.128.0.50"),
                )
            ]
            * 2
        )(c),
        TAKEN,
        "10.128.0.50 is in use",
    ),
    "nine created": (
        lambda c: create(network_interface_specs=[interface(c)] * 9)(c),
        BAD,
        "has 8 network interfaces already",
    ),
    "IPv6": (
        lambda c: create(
            network_interface_specs=[
                interface(c, primary_v6_address_spec=PrimaryAddressSpec())
            ]
        )(c),
        BAD,
        "primary_v6_address_spec: IPv6 is not available yet",
    ),
}


@pytest.fixture(scope="module")
def city():
    return build()


@pytest.mark.parametrize(("request_of", "code", "why"), REFUSALS.values(), ids=REFUSALS)
def test_refusals(city, request_of, code, why):
    """Each of these is refused with its code and a message naming what was wrong, and
    leaves no operation, event or changed instance behind.
    """
    compute, now = city.bench.compute, city.bench.now
    before = (
        compute.audit.events,
        list(compute.rules.world.instances),
        compute.next_change(),
    )
    names = {name: getattr(city, name) for name in ("stopped", "running", "busy")}
    pattern = why.format(**names, other=city.other, full=city.full)
    with pytest.raises(ApiError, match=pattern) as refused:
        compute.begin(request_of(city), now)
    assert refused.value.code is code
    assert before == (
        compute.audit.events,
        list(compute.rules.world.instances),
        compute.next_change(),
    )


def test_a_sixteenth_operation_waits_for_its_turn():
    """Fifteen operations may run in a folder at a time; when one of them ends, the
    next may begin.
    """
    bench = Bench()
    requests = [small_instance(bench.world, name=f"n{at}") for at in range(16)]
    for request in requests[:15]:
        bench.begin(request)
    with pytest.raises(ApiError, match="15 operations running") as refused:
        bench.begin(requests[15])
    assert refused.value.code is Code.RESOURCE_EXHAUSTED
    bench.now += HOUR
    assert bench.begin(requests[15]).id


def test_codes_and_limits_are_values():
    """Where the real cloud answers otherwise, a code or limit is replaced."""
    bench = Bench()
    rules: Rules = replace(
        bench.rules,
        codes=RefusalCodes(index_taken=Code.INVALID_ARGUMENT),
        limits=Limits(operations=1),
    )
    bench.compute = Compute(rules, Chance(3))
    instance_id = bench.stopped()
    with pytest.raises(ApiError, match="with index 0") as refused:
        bench.begin(bench.attachment(instance_id, "0"))
    assert refused.value.code is Code.INVALID_ARGUMENT
    bench.begin(bench.attachment(instance_id))
    with pytest.raises(ApiError, match="1 operations running"):
        bench.begin(small_instance(bench.world, name="other"))
