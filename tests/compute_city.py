"""Instances in every condition, and requests that go wrong with them."""

from dataclasses import dataclass

from yandex.cloud.compute.v1.instance_service_pb2 import (
    CreateInstanceRequest,
    DnsRecordSpec,
    NetworkInterfaceSpec,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    StartInstanceRequest,
)

from fakes.compute.creation import small_instance
from fakes.compute.fates import never_ends
from fakes.compute.settings import Kind
from tests.compute_bench import Bench


@dataclass(frozen=True)
class City:
    """Instances in every condition, by name."""

    bench: Bench
    stopped: str
    running: str
    other: str
    busy: str
    full: str


def build() -> City:
    bench = Bench()
    stopped, running = bench.stopped("stopped"), bench.running("running")
    other, full = bench.stopped("other"), bench.stopped("full")
    given = PrimaryAddressSpec(
        address="10.128.0.99",
        one_to_one_nat_spec=OneToOneNatSpec(address="203.0.113.9"),
    )
    bench.finish(bench.attachment(other, primary_v4_address_spec=given))
    for index in range(1, 8):
        bench.finish(bench.attachment(full, str(index)))
    busy = bench.stopped("busy")
    bench.compute.script(Kind.START, never_ends())
    bench.begin(StartInstanceRequest(instance_id=busy))
    return City(
        bench=bench, stopped=stopped, running=running, other=other, busy=busy, full=full
    )


def attach(to="stopped", index="1", **changes):
    return lambda c: c.bench.attachment(getattr(c, to, to), index, **changes)


def v4(**fields):
    return attach(primary_v4_address_spec=PrimaryAddressSpec(**fields))


def nat(**fields):
    return v4(one_to_one_nat_spec=OneToOneNatSpec(**fields))


def create(**changes):
    def request(city: City) -> CreateInstanceRequest:
        made = small_instance(city.bench.world, name="new")
        for field, value in changes.items():
            made.ClearField(field)
            made.MergeFrom(CreateInstanceRequest(**{field: value}))
        return made

    return request


def interface(city: City, **changes):
    subnet_id = city.bench.subnet
    return NetworkInterfaceSpec(**({"subnet_id": subnet_id} | changes))


def on(name: str, request_type):
    return lambda c: request_type(instance_id=getattr(c, name, name))


def group(city: City, index: int) -> str:
    return city.bench.world.security_groups[index].id


def dns(ttl=0, fqdn="a."):
    return [DnsRecordSpec(fqdn=fqdn, ttl=ttl)]
