"""Instances go through their statuses as operations on them run and end."""

import itertools
from datetime import timedelta

import pytest
from google.protobuf.message import Message
from yandex.cloud.api import operation_pb2 as annotations
from yandex.cloud.compute.v1 import instance_service_pb2
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    FULL,
    DeleteInstanceRequest,
    GetInstanceRequest,
    RestartInstanceRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.chance import Chance
from fakes.compute.creation import small_instance
from fakes.compute.model import Compute, Mishap
from fakes.compute.settings import Durations, Kind
from fakes.errors import ApiError, Code
from tests.compute_bench import START, Bench

Status = Instance.Status

# How to get an instance for it, the request, its status meanwhile and afterwards.
LIFE = {
    "Stop": (Bench.running, StopInstanceRequest, Status.STOPPING, Status.STOPPED),
    "Restart": (
        Bench.running,
        RestartInstanceRequest,
        Status.RESTARTING,
        Status.RUNNING,
    ),
    "Delete": (Bench.running, DeleteInstanceRequest, Status.DELETING, None),
}


@pytest.fixture
def bench():
    return Bench()


@pytest.mark.parametrize(("get", "request_type", "meanwhile", "then"), LIFE.values())
def test_an_operation_leads_through_a_passing_status(
    bench, get, request_type, meanwhile, then
):
    """While an operation runs the instance is in its passing status, and at the very
    moment it ends in the final one.
    """
    instance_id = get(bench)
    bench.begin(request_type(instance_id=instance_id))
    end = bench.compute.next_change()
    bench.now = end - timedelta(microseconds=1)
    assert bench.instance(instance_id).status == meanwhile
    bench.now = end
    if then is None:
        with pytest.raises(ApiError, match=f"NOT_FOUND: Instance {instance_id}"):
            bench.instance(instance_id)
    else:
        assert bench.instance(instance_id).status == then


def test_a_created_instance_is_provisioned_and_then_runs(bench):
    """Creation leads over PROVISIONING and STARTING to RUNNING, with addresses."""
    bench.begin(small_instance(bench.world, name="web"))
    (instance,) = bench.world.instances
    instance_id = instance.id
    assert bench.instance(instance_id).status == Status.PROVISIONING
    bench.now = bench.compute.next_change()
    assert bench.instance(instance_id).status == Status.STARTING
    bench.now = bench.compute.next_change()
    instance = bench.instance(instance_id)
    assert instance.status == Status.RUNNING
    assert instance.network_interfaces[0].primary_v4_address.address == "10.128.0.3"
    assert instance.fqdn == f"{instance_id}.auto.internal"
    assert instance.created_at.ToDatetime(START.tzinfo) == START


def test_ids_tell_the_zone(bench):
    """Instances and operations are named after their zone, 20 characters long."""
    prefixes = {}
    for zone_id in ("ru-central1-a", "ru-central1-b", "ru-central1-d"):
        request = small_instance(bench.world, name="", zone_id=zone_id)
        operation = bench.finish(request)
        instance = Instance()
        operation.response.Unpack(instance)
        assert len(instance.id) == len(operation.id) == 20
        prefixes[zone_id] = (instance.id[:3], operation.id[:3])
    assert prefixes == {
        "ru-central1-a": ("fhm", "fhm"),
        "ru-central1-b": ("epd", "epd"),
        "ru-central1-d": ("fv4", "fv4"),
    }


def test_every_operation_is_typed_as_its_method_is_annotated(bench):
    """Metadata and response of each operation have the types that the SDK's own
    descriptors announce for the method.
    """
    stopped, running = bench.stopped("stopped"), bench.running("running")
    by_method = {
        "Create": small_instance(bench.world, name="new"),
        "AttachNetworkInterface": bench.attachment(stopped),
        "DetachNetworkInterface": bench.detachment(stopped),
        "Start": StartInstanceRequest(instance_id=stopped),
        "Stop": StopInstanceRequest(instance_id=running),
        "Delete": DeleteInstanceRequest(instance_id=running),
    }
    service = instance_service_pb2.DESCRIPTOR.services_by_name["InstanceService"]
    for method, request in by_method.items():
        announced = (
            service.methods_by_name[method]
            .GetOptions()
            .Extensions[annotations.operation]
        )
        operation = bench.finish(request)
        assert operation.done
        assert operation.metadata.TypeName().rpartition(".")[2] == announced.metadata
        assert operation.response.TypeName().endswith(announced.response)


def test_an_operation_tells_who_began_it_and_when(bench):
    """Creator and times are in the operation; the time of the last change is that of
    its end, whenever somebody looks.
    """
    operation = bench.begin(small_instance(bench.world, name="web"))
    assert (operation.created_by, operation.done) == ("ajelocal000000000000", False)
    assert operation.created_at == operation.modified_at
    bench.now += timedelta(days=1)
    after = bench.operation(operation.id)
    lasted = after.modified_at.ToDatetime() - after.created_at.ToDatetime()
    assert lasted == timedelta(seconds=4)
    assert after.description == "Create instance"


@pytest.mark.parametrize(
    ("mishap", "status"),
    [
        (Mishap.GUEST_STOP, Status.STOPPED),
        (Mishap.PREEMPT, Status.STOPPED),
        (Mishap.CRASH, Status.CRASHED),
    ],
)
def test_mishaps_strike_running_instances(bench, mishap, status):
    """A mishap ends in its status at once, and strikes only what runs."""
    instance_id = bench.running()
    bench.compute.happen(mishap, instance_id, bench.now)
    assert bench.instance(instance_id).status == status
    with pytest.raises(ApiError, match="must be RUNNING") as refused:
        bench.compute.happen(mishap, instance_id, bench.now)
    assert refused.value.code is Code.FAILED_PRECONDITION


def test_metadata_is_shown_only_on_demand(bench):
    """What the guest reads from its metadata is only in the view FULL."""
    request = small_instance(bench.world, name="web")
    request.metadata["ssh-keys"] = "someone"
    bench.finish(request)
    (instance,) = bench.world.instances
    instance_id = instance.id
    assert not bench.instance(instance_id).metadata
    full = bench.compute.get(
        GetInstanceRequest(instance_id=instance_id, view=FULL), bench.now
    )
    assert full.metadata == {"ssh-keys": "someone"}


def test_nobody_gets_hold_of_what_is_stored(bench):
    """Changing an answer, or a request afterwards, changes nothing in the model."""
    instance_id = bench.stopped()
    request = bench.attachment(instance_id)
    operation = bench.begin(request)
    operation.description = request.subnet_id = "changed"
    bench.instance(instance_id).name = "changed"
    bench.now += timedelta(hours=1)
    assert bench.operation(operation.id).description != "changed"
    instance = bench.instance(instance_id)
    assert instance.name == "web"
    assert instance.network_interfaces[1].subnet_id == bench.subnet


def test_durations_are_chosen_by_the_user(bench):
    """Operations that last no time are done when they are answered."""
    compute = Compute(bench.rules, Chance(2), Durations.all(timedelta(0)))
    operation = compute.begin(small_instance(bench.world, name="web"), START)
    assert operation.done
    assert compute.next_change() is None


def test_each_kind_lasts_its_own_time():
    """The duration of a kind is the field of its name."""
    names = ("create", "delete", "start", "stop", "attach", "detach")
    counted = {name: timedelta(seconds=at) for at, name in enumerate(names)}
    durations = Durations(**counted)
    assert {name: durations.of(Kind[name.upper()]) for name in names} == counted


def test_a_seed_repeats_the_world():
    """With one seed, two models do the same to the last byte."""

    def history() -> list[Message]:
        bench = Bench(seed=7)
        instance_id = bench.stopped()
        return [
            bench.finish(bench.attachment(instance_id)),
            bench.start(instance_id),
            bench.instance(instance_id),
        ]

    assert history() == history()


def test_whoever_waits_is_called_after_every_change(bench):
    """The hooks are called when an operation begins and when time ends it."""
    count = itertools.count(1)
    calls = []
    bench.compute.on_change.append(lambda: calls.append(next(count)))
    instance_id = bench.running()
    assert calls == [1, 2]
    bench.instance(instance_id)
    assert calls == [1, 2]
    bench.compute.happen(Mishap.CRASH, instance_id, bench.now)
    assert calls == [1, 2, 3]


def test_clear_forgets_everything(bench):
    """A cleared model has no instances, operations or events left."""
    bench.begin(small_instance(bench.world, name="web"))
    bench.compute.clear()
    assert bench.compute.next_change() is None
    assert bench.compute.audit.events == []
    assert bench.running("web")
