"""Operations that a test holds, ends or cancels."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ListInstancesRequest,
    StartInstanceRequest,
)
from yandex.cloud.operation.operation_service_pb2 import CancelOperationRequest

from fakes.chance import Chance
from fakes.compute import fates
from fakes.compute.creation import small_instance
from fakes.compute.model import Compute
from fakes.compute.settings import Durations, Kind
from fakes.errors import ApiError, Code
from tests.compute_bench import HOUR, START, Bench


@pytest.fixture
def bench():
    return Bench()


def cancel(bench, operation):
    return bench.compute.cancel(
        CancelOperationRequest(operation_id=operation.id), bench.now
    )


def test_a_test_holds_an_operation_and_lets_it_go(bench):
    """Held, it lasts until it is finished by hand, and succeeds at that moment."""
    instance_id = bench.stopped()
    bench.compute.script(Kind.ATTACH, fates.never_ends())
    operation = bench.begin(bench.attachment(instance_id))
    bench.now += 10 * HOUR
    assert not bench.operation(operation.id).done
    bench.compute.finish(operation.id, bench.now)
    ended = bench.operation(operation.id)
    assert ended.HasField("response")
    assert ended.modified_at.ToDatetime(START.tzinfo) == bench.now
    assert len(bench.instance(instance_id).network_interfaces) == 2
    bench.compute.finish(operation.id, bench.now)
    assert bench.operation(operation.id) == ended


def test_how_a_held_operation_ends_is_chosen_at_its_end(bench):
    """With a fate, it fails when it is let go."""
    instance_id = bench.stopped()
    before = bench.instance(instance_id)
    operation = bench.begin(bench.attachment(instance_id))
    fate = fates.fails(Code.INTERNAL, "by hand")
    bench.compute.finish(operation.id, bench.now, fate)
    assert bench.operation(operation.id).error.message == "by hand"
    assert bench.instance(instance_id) == before


def test_all_operations_of_a_kind_can_be_held():
    """Without a duration, each waits to be finished by hand, and nothing is due."""
    bench = Bench()
    durations = Durations(create=None)
    compute = Compute(bench.rules, Chance(2), durations)
    operation = compute.begin(small_instance(bench.world, name="web"), START)
    assert compute.next_change() is None
    compute.finish(operation.id, START + HOUR)
    [instance] = bench.world.instances
    assert instance.status == Instance.Status.RUNNING


def test_an_unknown_operation_cannot_be_finished(bench):
    """There is nothing to end."""
    with pytest.raises(ApiError, match="NOT_FOUND: Operation fhmx"):
        bench.compute.finish("fhmx", bench.now)


def test_a_creation_can_be_cancelled(bench):
    """It is done at once, with an error, and no instance, name or address stays."""
    operation = bench.begin(small_instance(bench.world, name="web"))
    bench.now += timedelta(seconds=1)
    ended = cancel(bench, operation)
    assert (ended.done, ended.error.code) == (True, Code.CANCELLED)
    request = ListInstancesRequest(folder_id=bench.world.folder_id)
    assert not bench.compute.list_instances(request, bench.now).instances
    assert bench.compute.audit.events[-1]["event_status"] == "CANCELLED"
    assert bench.compute.audit.events[-1]["error"]["code"] == Code.CANCELLED
    assert bench.begin(small_instance(bench.world, name="web")).id


@pytest.mark.parametrize("kind", ["attach", "start"])
def test_other_operations_cannot_be_cancelled(bench, kind):
    """Only what the references mark can be: neither attach nor start is."""
    instance_id = bench.stopped()
    operation = bench.begin(
        bench.attachment(instance_id)
        if kind == "attach"
        else StartInstanceRequest(instance_id=instance_id)
    )
    with pytest.raises(ApiError, match="cannot be cancelled") as refused:
        cancel(bench, operation)
    assert refused.value.code is Code.FAILED_PRECONDITION
    bench.now += HOUR
    assert bench.operation(operation.id).HasField("response")


def test_what_is_done_stays_done(bench):
    """To cancel comes too late then, and tells how it ended."""
    operation = bench.finish(small_instance(bench.world, name="web"))
    assert cancel(bench, operation) == operation


def test_what_to_cancel_must_be_named(bench):
    """An id is required, and must be one."""
    with pytest.raises(ApiError, match="operation_id: required"):
        bench.compute.cancel(CancelOperationRequest(), bench.now)
    with pytest.raises(ApiError, match="NOT_FOUND"):
        bench.compute.cancel(CancelOperationRequest(operation_id="x"), bench.now)
