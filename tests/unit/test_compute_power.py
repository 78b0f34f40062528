"""Restarting, deleting, crashing and coming back."""

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachedDiskSpec,
    DeleteInstanceRequest,
    OneToOneNatSpec,
    PrimaryAddressSpec,
    RestartInstanceRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.compute.creation import small_instance
from fakes.compute.fates import fails, never_ends
from fakes.compute.model import Mishap
from fakes.compute.settings import Kind
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

Status = Instance.Status


@pytest.fixture
def bench():
    return Bench()


def public(bench, **fields):
    """Return the id of a running instance with an external address."""
    request = small_instance(bench.world, name="public")
    spec = PrimaryAddressSpec(one_to_one_nat_spec=OneToOneNatSpec(**fields))
    request.network_interface_specs[0].primary_v4_address_spec.CopyFrom(spec)
    instance = Instance()
    bench.finish(request).response.Unpack(instance)
    return instance.id


def crowded(bench, disks):
    """Return a request for an instance with so many more disks."""
    request = small_instance(bench.world, name=f"crowded-{disks}")
    request.secondary_disk_specs.extend(AttachedDiskSpec() for _ in range(disks))
    return request


def test_a_start_goes_over_two_statuses(bench):
    """PROVISIONING comes first, then STARTING, as when it was created."""
    instance_id = bench.stopped()
    bench.begin(StartInstanceRequest(instance_id=instance_id))
    seen = [bench.instance(instance_id).status]
    while (moment := bench.compute.next_change()) is not None:
        bench.now = moment
        seen.append(bench.instance(instance_id).status)
    assert seen == [Status.PROVISIONING, Status.STARTING, Status.RUNNING]


def test_a_restart_keeps_every_address(bench):
    """An automatic external address, which a stop releases, survives a restart."""
    instance_id = public(bench)
    before = bench.instance(instance_id)
    operation = bench.finish(RestartInstanceRequest(instance_id=instance_id))
    assert operation.response.TypeName() == "google.protobuf.Empty"
    assert bench.instance(instance_id) == before


@pytest.mark.parametrize("status", ["stopped", "busy"])
def test_only_what_runs_is_restarted(bench, status):
    """A stopped instance is refused, and one with an operation under way."""
    instance_id = bench.stopped()
    if status == "busy":
        bench.compute.script(Kind.START, never_ends())
        bench.begin(StartInstanceRequest(instance_id=instance_id))
    with pytest.raises(ApiError) as refused:
        bench.begin(RestartInstanceRequest(instance_id=instance_id))
    assert refused.value.code is Code.FAILED_PRECONDITION


def test_an_instance_starts_with_fourteen_devices(bench):
    """Disks and interfaces count: with a fifteenth, it is neither created nor
    started.
    """
    instance = Instance()
    bench.finish(crowded(bench, 12)).response.Unpack(instance)
    assert instance.status == Status.RUNNING
    with pytest.raises(ApiError, match="has 15 devices, it starts with 14") as refused:
        bench.begin(crowded(bench, 13))
    assert refused.value.code is Code.FAILED_PRECONDITION
    bench.finish(StopInstanceRequest(instance_id=instance.id))
    bench.finish(bench.attachment(instance.id))
    with pytest.raises(ApiError, match="has 15 devices"):
        bench.begin(StartInstanceRequest(instance_id=instance.id))


def test_with_fifteen_devices_a_restart_fails(bench):
    """What was connected while it ran keeps it from coming up again: the operation
    ends in an error, and the instance in ERROR.
    """
    instance_id = bench.running()
    burdened = bench.instance(instance_id)
    for _ in range(13):
        burdened.secondary_disks.add()
    bench.compute.populate([burdened])
    operation = bench.finish(RestartInstanceRequest(instance_id=instance_id))
    assert "has 15 devices" in operation.error.message
    assert bench.instance(instance_id).status == Status.ERROR
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert bench.instance(instance_id).status == Status.STOPPED


def test_a_crashed_instance_comes_back_or_does_not(bench):
    """The platform restarts it, with addresses as at any start, or gives up; then it
    may be stopped.
    """
    instance_id = public(bench)
    address = bench.instance(instance_id).network_interfaces[0].primary_v4_address
    for then in (Mishap.CRASH, Mishap.RECOVER, Mishap.CRASH):
        bench.compute.happen(then, instance_id, bench.now)
    bench.compute.happen(Mishap.RECOVER, instance_id, bench.now)
    now = bench.instance(instance_id)
    assert now.status == Status.RUNNING
    assert now.network_interfaces[0].primary_v4_address == address
    bench.compute.happen(Mishap.CRASH, instance_id, bench.now)
    told = len(bench.compute.audit.events)
    bench.compute.happen(Mishap.GIVE_UP, instance_id, bench.now)
    assert bench.instance(instance_id).status == Status.ERROR
    assert len(bench.compute.audit.events) == told
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert bench.instance(instance_id).status == Status.STOPPED


def test_a_deletion_cancels_what_is_under_way(bench):
    """The running operation is done, cancelled, when the deletion begins."""
    instance_id = bench.stopped()
    bench.compute.script(Kind.START, never_ends())
    start = bench.begin(StartInstanceRequest(instance_id=instance_id))
    bench.begin(DeleteInstanceRequest(instance_id=instance_id))
    ended = bench.operation(start.id)
    assert (ended.done, ended.error.code) == (True, Code.CANCELLED)
    assert bench.instance(instance_id).status == Status.DELETING
    statuses = [event["event_status"] for event in bench.compute.audit.events[-2:]]
    assert statuses == ["CANCELLED", "STARTED"]
    with pytest.raises(ApiError, match="is busy with operation"):
        bench.begin(DeleteInstanceRequest(instance_id=instance_id))


@pytest.mark.parametrize(
    ("under_way", "left"), [(Kind.START, Status.STOPPED), (Kind.CREATE, Status.ERROR)]
)
def test_a_failed_deletion_leaves_what_was_before(bench, under_way, left):
    """The instance is as it was before the operation that the deletion cancelled; one
    that was half created is in ERROR.
    """
    if under_way is Kind.CREATE:
        bench.begin(small_instance(bench.world, name="web"))
        [instance] = bench.world.instances
        instance_id = instance.id
    else:
        instance_id = bench.stopped()
        bench.begin(StartInstanceRequest(instance_id=instance_id))
    bench.compute.script(Kind.DELETE, fails(Code.INTERNAL, "no"))
    bench.finish(DeleteInstanceRequest(instance_id=instance_id))
    assert bench.instance(instance_id).status == left


def test_a_deletion_is_possible_when_all_places_are_taken(bench):
    """What it cancels makes room for it among the fifteen operations."""
    ids = [bench.stopped(f"n{at}") for at in range(15)]
    for instance_id in ids:
        bench.begin(StartInstanceRequest(instance_id=instance_id))
    assert bench.begin(DeleteInstanceRequest(instance_id=ids[0])).id


def test_what_was_deleted_is_free_again(bench):
    """Name, addresses and MAC addresses go with the instance."""
    instance_id = bench.running()
    gone = bench.instance(instance_id)
    bench.finish(DeleteInstanceRequest(instance_id=instance_id))
    again = bench.instance(bench.running())
    assert again.name == gone.name
    [old], [new] = gone.network_interfaces, again.network_interfaces
    assert old.primary_v4_address == new.primary_v4_address
    assert old.mac_address != new.mac_address
