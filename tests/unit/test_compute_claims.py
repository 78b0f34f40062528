"""Who holds what is known without looking at everything there is."""

import copy
import gc
import random
import sys
from ipaddress import IPv4Address

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DeleteInstanceRequest,
    ListInstancesRequest,
    PrimaryAddressSpec,
    StopInstanceRequest,
)

from fakes.compute import fates
from fakes.compute.claims import EXTERNAL, MAC, USE, Claims, claims_of
from fakes.compute.creation import small_instance
from fakes.compute.settings import Kind
from fakes.compute.shelf import Shelf
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

HOSTS = [range(10, 14), range(20, 22)]
LAST = "0.0.0.21"


@pytest.fixture
def bench():
    return Bench()


def free(claims, taken=()):
    return claims.lowest_free("net", HOSTS, set(taken))


def test_free_addresses_are_given_from_below():
    """Those that are held, reserved or about to be held are passed by; what is let go
    is given again first.
    """
    claims = Claims()
    claims.hold("one", [("net", "0.0.0.10"), ("net", "0.0.0.12")])
    claims.hold("static", [("reserved net", "0.0.0.13")])
    assert free(claims) == "0.0.0.11"
    assert free(claims, [("net", "0.0.0.11")]) == "0.0.0.20"
    assert free(claims) == "0.0.0.11"
    claims.hold("two", [("net", "0.0.0.11"), ("net", "0.0.0.20")])
    assert free(claims) == LAST
    claims.hold("three", [("net", LAST)])
    assert free(claims) is None
    claims.hold("static", [])
    assert free(claims) == "0.0.0.13"
    claims.hold("one", [("net", "0.0.0.12")])
    assert free(claims) == "0.0.0.10"


def test_no_free_address_is_forgotten():
    """Whatever is taken and let go in whichever order, the lowest free one is given:
    as if all had been looked at.
    """
    dice, claims, held = random.Random(5), Claims(), {}  # noqa: S311 - dice
    numbers = [number for one in HOSTS for number in one] + [15, 30]
    for _ in range(2000):
        number = dice.choice(numbers)
        scope = dice.choice(["net", "reserved net"])
        holder, address = f"{scope}{number}", str(IPv4Address(number))
        if held.pop(holder, None) is None:
            held[holder] = address
            claims.hold(holder, [(scope, address)])
        else:
            claims.hold(holder, [])
        taken = {("net", str(IPv4Address(dice.choice(numbers))))}
        left = (str(IPv4Address(number)) for one in HOSTS for number in one)
        expected = next(
            (
                one
                for one in left
                if one not in held.values() and ("net", one) not in taken
            ),
            None,
        )
        assert free(claims, taken) == expected


def test_who_was_put_there_unchecked_holds_beside_others():
    """A claim with two holders is free when both have let go."""
    claims = Claims()
    for holder in ("one", "two"):
        claims.hold(holder, [(MAC, "d0")])
    assert list(claims.holders(MAC, "d0")) == ["one", "two"]
    assert claims.holder(MAC, "d0", but="one") == "two"
    claims.hold("one", [])
    assert claims.holder(MAC, "d0") == "two"
    claims.hold("two", [])
    assert claims.holder(MAC, "d0") is None


def recomputed(world):
    """Return all claims, gathered the slow way."""
    found = Claims()
    kinds = ("instances", "networks", "subnets", "security_groups")
    for kind in kinds:
        for one in getattr(world, kind):
            found.hold(one.id, claims_of(one))
    return found._held


def test_the_index_is_right_after_everything(bench):
    """Created, attached, failed, cancelled, stopped, deleted or put there: in the end
    the index is what one would gather from what there is.
    """
    one, two = bench.stopped("one"), bench.running("two")
    bench.finish(bench.attachment(one))
    bench.compute.script(Kind.ATTACH, fates.fails(Code.INTERNAL, "no"))
    spec = PrimaryAddressSpec(address="10.128.0.70")
    bench.finish(bench.attachment(one, "2", primary_v4_address_spec=spec))
    bench.start(one)
    bench.finish(StopInstanceRequest(instance_id=two))
    bench.finish(DeleteInstanceRequest(instance_id=two))
    third = bench.instance(one)
    third.id, third.name = "fhmthird000000000000", "third"
    third.network_interfaces[0].mac_address = "d0:0d:00:00:00:03"
    third.network_interfaces[0].primary_v4_address.address = "10.128.0.90"
    bench.compute.populate([third])
    assert bench.world.claims._held == recomputed(bench.world)
    with pytest.raises(ApiError, match=f"in use by instance {third.id}"):
        bench.begin(
            bench.attachment(
                bench.stopped("four"),
                primary_v4_address_spec=PrimaryAddressSpec(address="10.128.0.90"),
            )
        )
    bench.compute.clear()
    assert bench.world.claims._held == recomputed(bench.world)


def test_while_an_operation_runs_both_ends_are_held(bench):
    """What the instance has, and what it will have, is nobody else's."""
    instance_id = bench.stopped("one")
    spec = PrimaryAddressSpec(address="10.128.0.70")
    request = bench.attachment(instance_id, primary_v4_address_spec=spec)
    operation = bench.begin(request)
    claims = bench.world.claims
    assert claims.holder(bench.subnet, "10.128.0.70") == instance_id
    fate = fates.fails(Code.INTERNAL, "no")
    bench.compute.finish(operation.id, bench.now, fate)
    assert claims.holder(bench.subnet, "10.128.0.70") is None
    assert claims.holder(bench.subnet, "10.128.0.3") == instance_id
    assert list(claims.holders(USE, bench.group)) == [instance_id]
    assert claims.reservation(EXTERNAL, "198.51.100.1") is None


def test_what_is_populated_is_replaced(bench):
    """An instance put there again lets go of what it had."""
    instance_id = bench.running()
    again = bench.instance(instance_id)
    again.network_interfaces[0].primary_v4_address.address = "10.128.0.99"
    before = copy.deepcopy(again)
    bench.compute.populate([again])
    again.Clear()
    assert bench.instance(instance_id) == before
    assert bench.world.claims.holder(bench.subnet, "10.128.0.3") is None
    request = small_instance(bench.world, name="other")
    instance = Instance()
    bench.finish(request).response.Unpack(instance)
    address = instance.network_interfaces[0].primary_v4_address.address
    assert address == "10.128.0.3"


def test_a_shelf_is_read_from_any_place():
    """In the order of ids, whatever was put there or taken away in which order."""
    shelf = Shelf()
    for one in ("c", "a", "d", "b", "c"):
        shelf.put(Instance(id=one))
    shelf.take("b")
    shelf.take("x")
    assert [one.id for one in shelf.after("")] == ["a", "c", "d"]
    assert [one.id for one in shelf.after("b")] == ["c", "d"]
    assert [one.id for one in shelf] == ["c", "a", "d"]
    assert (len(shelf), "a" in shelf, "b" in shelf) == (3, True, False)


def calls_of(work) -> int:
    """Return how many functions, also of C, are called while *work* is done."""
    count = 0

    def see(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    gc.disable()  # who measures collections calls functions, too
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def costs(crowd: int) -> dict[str, int]:
    """Return what requests cost beside so many other instances."""
    bench = Bench()
    instance_id = bench.stopped("one")
    model, others = bench.instance(bench.stopped("model")), []
    for number in range(crowd):
        other = copy.deepcopy(model)
        other.id, other.name = f"fhmz{number:016}", f"crowd-{number}"
        other.network_interfaces[0].mac_address = f"d0:0d:{number:08x}"
        address = f"10.127.{number // 256}.{number % 256}"
        other.network_interfaces[0].primary_v4_address.address = address
        others.append(other)
    bench.compute.populate(others)
    folder_id = bench.world.folder_id

    def page(**fields):
        request = ListInstancesRequest(folder_id=folder_id, page_size=10, **fields)
        return lambda: bench.compute.list_instances(request, bench.now)

    return {
        "attach": calls_of(lambda: bench.begin(bench.attachment(instance_id))),
        "create": calls_of(
            lambda: bench.begin(small_instance(bench.world, name="web"))
        ),
        "page": calls_of(page()),
        "late page": calls_of(page(page_token="id~~fhmz0000000000000050")),
        "by name": calls_of(page(filter='name="crowd-7"')),
    }


def test_no_request_looks_at_every_instance():
    """To attach, to create, to turn a page and to find by name cost as much beside two
    thousand instances as beside a hundred.
    """
    costs(1)  # what is done once is done
    assert costs(2000) == costs(100)
