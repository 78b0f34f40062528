"""Models that are kept: what each of them still knows, and what goes on."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    GetInstanceRequest,
    StopInstanceRequest,
)
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.address_service_pb2 import (
    CreateAddressRequest,
    ExternalIpv4AddressSpec,
)

from fakes.caller import Call
from fakes.compute.creation import small_instance
from fakes.errors import ApiError, Code
from fakes.logs import LogEntry, LogGroup
from fakes.queue import NewMessage, QueueError
from fakes.state import KeptEstates, StateFile
from fakes.triggers.logging_trigger import LoggingTrigger
from tests.unit.twins import SECOND, START, Mortal, reopened, resume

KEY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def mortal(tmp_path):
    mortal = Mortal(tmp_path / "state")
    yield mortal
    mortal.file.close()


def killed(mortal):
    """Return the estate after everything was written and the process killed."""
    mortal.estate.write_down()
    mortal.kill()
    return mortal.estate


def operation(estate, operation_id, now):
    return estate.compute.get_operation(
        GetOperationRequest(operation_id=operation_id), now
    )


def test_an_operation_that_was_due_meanwhile_ended_when_it_was_due(mortal):
    """The cloud goes on while nobody looks: instance and operation tell the moment at
    which it would have ended, and one that is not due yet goes on.
    """
    request = small_instance(mortal.estate.world, name="web")
    begun = mortal.estate.compute.begin(request, START)
    estate = killed(mortal)
    assert not operation(estate, begun.id, START + SECOND).done
    mortal.kill()
    ended = operation(mortal.estate, begun.id, START + 100 * SECOND)
    assert ended.done
    lasted = ended.modified_at.ToDatetime() - ended.created_at.ToDatetime()
    assert lasted == timedelta(seconds=4)


def test_an_idempotency_key_stands_for_its_operation(mortal):
    """Also for another request, which is refused."""
    request, call = (
        small_instance(mortal.estate.world, name="web"),
        Call(idempotency_key=KEY),
    )
    begun = mortal.estate.compute.begin(request, START, call)
    estate = killed(mortal)
    assert estate.compute.begin(request, START, call).id == begun.id
    request.name = "other"
    with pytest.raises(ApiError, match="which another request started"):
        estate.compute.begin(request, START, call)


def test_what_runs_holds_what_it_needs(mortal):
    """Two operations that run when all ends do not get the same address afterwards,
    nor is there a second one on the same instance.
    """
    estate = mortal.estate
    web = estate.compute.begin(small_instance(estate.world, name="web"), START)
    reservation = CreateAddressRequest(
        folder_id=estate.world.folder_id,
        external_ipv4_address_spec=ExternalIpv4AddressSpec(zone_id="ru-central1-a"),
    )
    one = estate.compute.begin(reservation, START)
    estate = killed(mortal)
    other = estate.compute.begin(reservation, START)
    [instance] = estate.world.instances
    with pytest.raises(ApiError) as caught:
        estate.compute.begin(StopInstanceRequest(instance_id=instance.id), START)
    assert caught.value.code is Code.FAILED_PRECONDITION
    for it in (one, other):
        assert operation(estate, it.id, START + 9 * SECOND).done
    found = estate.world.shelf(Address)
    assert len({it.external_ipv4_address.address for it in found}) == 2
    request = GetInstanceRequest(instance_id=instance.id)
    assert estate.compute.get(request, START + 9 * SECOND).network_interfaces
    assert operation(estate, web.id, START + 9 * SECOND).done


def test_roles_and_keys_are_kept_and_what_was_used_is_not(mortal):
    """A report tells of one run."""
    iam = mortal.estate.iam
    account = iam.create_service_account("robot", ["ymq.reader"])
    key, signing = iam.create_access_key(account), iam.create_key(account, START)
    iam.authorize_action(key.id, "ReceiveMessage")
    iam = killed(mortal).iam
    assert iam.find_access_key(account) == key
    names = [one.subject.name for one in iam.report()]
    assert names == ["local", "nic-attach", "robot"]
    [usage] = [one for one in iam.report() if one.subject == account]
    assert ([one.role for one in usage.bindings], usage.used) == (["ymq.reader"], {})
    iam.authorize_action(key.id, "ReceiveMessage")
    assert signing["id"] in iam._keys
    iam.revoke(account, "ymq.reader")
    iam = killed(mortal).iam
    with pytest.raises(ApiError):
        iam.authorize_action(key.id, "ReceiveMessage")


def test_a_receive_can_be_repeated_after_a_death(mortal):
    """By its attempt id, with the same handles."""
    fifo = {"FifoQueue": "true"}
    queue = mortal.estate.queues.create("orders.fifo", START, fifo)
    for key in ("1", "2"):
        message = NewMessage(body=key, group_id=key, deduplication_id=key)
        queue.send(message, START)
    first = queue.receive(START, 1, None, "attempt")
    queue = killed(mortal).queues.by_name("orders.fifo")
    assert queue.receive(START, 1, None, "attempt") == first
    assert queue.receive(START + 301 * SECOND, 1, None, "attempt") != first


def test_a_queue_is_as_it_was(mortal):
    """With attributes, tags and the moment of its last purge; its URL is the same."""
    service = mortal.estate.queues
    queue = service.create("orders", START, {"DelaySeconds": "3"}, {"team": "shop"})
    service.set_attributes(queue, {"VisibilityTimeout": "9"}, START + SECOND)
    service.set_tags(queue, {"team": "bank"})
    service.purge(queue, START + SECOND)
    service.delete(service.url_of(service.create("gone", START)), START)
    again = killed(mortal).queues
    found = again.by_url(service.url_of(queue))
    assert found.attributes == queue.attributes
    assert (found.created_at, found.modified_at) == (START, START + SECOND)
    assert found.tags == {"team": "bank"}
    for refused in (found.purge, lambda now: again.create("gone", now)):
        with pytest.raises(QueueError, match="60 seconds"):
            refused(START + 10 * SECOND)


def test_what_goes_wrong_at_the_beginning_is_not_the_files_fault(tmp_path):
    """Whoever begins says himself what is wrong."""

    def fail(_seed):
        msg = "no such world"
        raise ValueError(msg)

    file = StateFile(tmp_path / "state")
    with pytest.raises(ValueError, match="no such world"):
        KeptEstates(file, fail, resume)(1)
    file.close()


def test_ids_are_never_given_twice(tmp_path):
    """Though every start has the same seed."""
    tokens = set()
    for _ in range(4):
        file, estate = reopened(tmp_path / "state", seed=1)
        tokens.add(estate.token(START).value)
        file.close()
    assert len(tokens) == 4


def test_groups_keep_their_order(mortal):
    """A FIFO queue hands out each group's messages in the order sent, and none whose
    predecessor is in flight.
    """
    fifo = {"FifoQueue": "true"}
    queue = mortal.estate.queues.create("orders.fifo", START, fifo)
    for number, group in enumerate("xyxyxy"):
        message = NewMessage(body=group, group_id=group, deduplication_id=str(number))
        queue.send(message, START)
    first = queue.receive(START, 10)
    assert [one.body for one in first] == ["x", "y"]
    queue = killed(mortal).queues.by_name("orders.fifo")
    assert queue.receive(START, 10) == []
    queue.delete(first[1].receipt_handle, START)
    [second] = queue.receive(START, 10)
    assert (second.deduplication_id, second.sequence_number[-1]) == ("3", "4")


def test_an_event_that_was_not_handed_over_for_good_is_handed_over_again(mortal):
    """One that waits, and one that is with the function when all ends; not one that
    the function is done with.
    """

    def trigger():
        group = LogGroup()
        made = LoggingTrigger(group, mortal.estate.chance, batch_size=1)
        made.keep_in(mortal.file, "events")
        return group, made

    def handed_over(batch):
        return batch.event["messages"][0]["details"]["messages"][0]["message"]

    group, first = trigger()
    for text in ("one", "two", "three"):
        entry = LogEntry(
            timestamp=START,
            level="INFO",
            message=text,
            resource_type="t",
            resource_id="i",
            json_payload={"a": [1, {"b": None}]},
        )
        group.write(entry)
    first.take(START).succeeded(START)
    assert handed_over(first.take(START)) == "two"
    killed(mortal)
    _, second = trigger()
    assert [handed_over(second.take(START)) for _ in range(2)] == ["two", "three"]
    assert second.take(START) is None
