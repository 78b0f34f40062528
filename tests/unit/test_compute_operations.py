"""Operations end as scripted, and are found again by key, id and instance."""

import uuid
from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ListInstanceOperationsRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest

from fakes.compute import fates
from fakes.compute.creation import small_instance
from fakes.compute.settings import Kind
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

KEY = str(uuid.UUID(int=5, version=4))
SECOND = timedelta(seconds=1)


@pytest.fixture
def bench():
    return Bench()


def test_a_failing_operation_leaves_the_instance_as_it_was(bench):
    """It runs its time without an error, is then done with one and no response, and
    the instance is as before.
    """
    instance_id = bench.stopped()
    before = bench.instance(instance_id)
    bench.compute.script(Kind.ATTACH, fates.fails(Code.INTERNAL, "no host"))
    operation = bench.begin(bench.attachment(instance_id))
    assert not bench.operation(operation.id).HasField("error")
    bench.now = bench.compute.next_change()
    after = bench.operation(operation.id)
    assert (after.done, after.WhichOneof("result")) == (True, "error")
    assert (after.error.code, after.error.message) == (Code.INTERNAL, "no host")
    assert bench.instance(instance_id) == before


def test_a_failing_creation_leaves_no_instance(bench):
    """Rolled back, a creation takes its instance with it."""
    bench.compute.script(Kind.CREATE, fates.fails(Code.RESOURCE_EXHAUSTED, "full"))
    assert bench.finish(small_instance(bench.world, name="web")).done
    assert not len(bench.world.instances)


def test_a_failing_deletion_leaves_the_instance(bench):
    """Rolled back, a deletion gives the instance back its status."""
    instance_id = bench.running()
    bench.compute.script(Kind.STOP, fates.fails(Code.INTERNAL, "no", lasts=SECOND))
    bench.begin(StopInstanceRequest(instance_id=instance_id))
    bench.now += SECOND
    assert bench.instance(instance_id).status == Instance.Status.RUNNING


def test_an_error_may_show_before_the_end(bench):
    """While a service rolls back, `error` is there and `done` is not; the instance is
    not free before the end.
    """
    instance_id = bench.stopped()
    fate = fates.rolls_back(Code.INTERNAL, "lost", lasts=2 * SECOND)
    bench.compute.script(Kind.ATTACH, fate)
    operation = bench.begin(bench.attachment(instance_id))
    bench.now += SECOND
    half = bench.operation(operation.id)
    assert (half.done, half.error.message) == (False, "lost")
    assert bench.instance(instance_id).status == Instance.Status.UPDATING
    bench.now += SECOND
    assert bench.operation(operation.id).done
    assert bench.instance(instance_id).status == Instance.Status.STOPPED


def test_an_operation_may_never_end(bench):
    """It keeps the instance busy, and nobody need wait for it."""
    instance_id = bench.stopped()
    bench.compute.script(Kind.START, fates.never_ends())
    operation = bench.begin(StartInstanceRequest(instance_id=instance_id))
    assert bench.compute.next_change() is None
    bench.now += timedelta(days=365)
    assert not bench.operation(operation.id).done
    with pytest.raises(ApiError, match=operation.id):
        bench.begin(StopInstanceRequest(instance_id=instance_id))


def test_fates_are_used_up_in_their_order(bench):
    """Each fate strikes one operation of its kind; then all is well again."""
    instance_id = bench.stopped()
    bench.compute.script(
        Kind.ATTACH, fates.fails(Code.INTERNAL, "one"), fates.lasts(9 * SECOND)
    )
    assert bench.finish(bench.attachment(instance_id)).error.message == "one"
    second = bench.begin(bench.attachment(instance_id))
    bench.now += 8 * SECOND
    assert not bench.operation(second.id).done
    bench.now += SECOND
    assert bench.operation(second.id).done
    assert bench.finish(bench.attachment(instance_id, "2")).HasField("response")


def test_effects_happen_in_the_order_of_time(bench):
    """Of two operations looked at late, the shorter one ended first."""
    one, two = bench.stopped("one"), bench.stopped("two")
    bench.compute.script(Kind.START, fates.lasts(9 * SECOND), fates.lasts(SECOND))
    bench.begin(StartInstanceRequest(instance_id=one))
    bench.begin(StartInstanceRequest(instance_id=two))
    bench.now += 10 * SECOND
    bench.instance(one)
    done = [e["details"]["instance_id"] for e in bench.compute.audit.events[-2:]]
    assert done == [two, one]


@pytest.mark.parametrize("fate", [fates.SUCCEEDS, fates.fails(Code.INTERNAL, "no")])
def test_a_repeated_key_finds_the_same_operation(bench, fate):
    """The same request with the same key gets the operation as it now is, running,
    succeeded or failed, whatever its checks would say, and does nothing.
    """
    instance_id = bench.stopped()
    bench.compute.script(Kind.ATTACH, fate)
    first = bench.begin(bench.attachment(instance_id), KEY)
    assert bench.begin(bench.attachment(instance_id), KEY.upper()) == first
    bench.now += timedelta(hours=1)
    ended = bench.begin(bench.attachment(instance_id), KEY)
    assert (ended.id, ended.done) == (first.id, True)
    assert ended == bench.operation(first.id)
    assert bench.compute.next_change() is None


def test_another_request_cannot_have_the_key(bench):
    """A key stands for one request, body and method."""
    instance_id = bench.stopped()
    bench.begin(bench.attachment(instance_id), KEY)
    for request in (
        bench.attachment(instance_id, "2"),
        StartInstanceRequest(instance_id=instance_id),
        StopInstanceRequest(instance_id=instance_id),
    ):
        with pytest.raises(ApiError, match=f"{KEY} belongs to operation") as refused:
            bench.begin(request, KEY)
        assert refused.value.code is Code.INVALID_ARGUMENT


@pytest.mark.parametrize("key", ["once", "", KEY.replace("-", ""), f"{{{KEY}}}"])
def test_a_key_is_a_uuid(bench, key):
    """Any other text is refused, and so is a UUID in another form."""
    with pytest.raises(ApiError, match="is not a UUID") as refused:
        bench.begin(small_instance(bench.world, name="web"), key)
    assert refused.value.code is Code.INVALID_ARGUMENT


def test_a_refused_request_leaves_its_key_free(bench):
    """When the reason for a refusal is gone, the key still works."""
    instance_id = bench.running()
    with pytest.raises(ApiError, match="must be STOPPED"):
        bench.begin(bench.attachment(instance_id), KEY)
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert bench.finish(bench.attachment(instance_id), KEY).HasField("response")


def test_an_unknown_operation_is_not_found(bench):
    """The message names the id."""
    with pytest.raises(ApiError, match="NOT_FOUND: Operation fhmx not found"):
        bench.compute.get_operation(GetOperationRequest(operation_id="fhmx"), bench.now)


def test_a_lost_operation_is_found_by_its_instance(bench):
    """Operations are listed newest first, page by page; one that begins between two
    pages is neither shown nor hides another.
    """
    instance_id = bench.stopped()
    attach = bench.finish(bench.attachment(instance_id))

    def page(token=""):
        request = ListInstanceOperationsRequest(
            instance_id=instance_id, page_size=2, page_token=token
        )
        return bench.compute.list_operations(request, bench.now)

    first = page()
    assert first.operations[0] == attach
    bench.start(instance_id)
    second = page(first.next_page_token)
    shown = [*first.operations, *second.operations]
    assert [one.description.split()[0] for one in shown] == ["Attach", "Stop", "Create"]
    assert not second.next_page_token
