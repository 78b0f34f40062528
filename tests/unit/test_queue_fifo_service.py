"""FIFO queues among others: how they are made, changed and bury."""

import json

import pytest

from fakes.chance import Chance
from fakes.queue import FifoQueue, MessageQueue, NewMessage, Refusal
from tests.unit.fifo_bench import SECOND, T0, message, refusal

FIFO = {"FifoQueue": "true"}
ARN = "yrn:yc:ymq:ru-central1:b1gfolder:"


@pytest.fixture
def service():
    return MessageQueue(folder_id="b1gfolder", cloud_id="b1gcloud", chance=Chance(1))


def redrive(name):
    policy = {"deadLetterTargetArn": ARN + name, "maxReceiveCount": 1}
    return {"RedrivePolicy": json.dumps(policy)}


def test_makes_a_fifo_queue(service):
    """Suffix and attribute together make a FIFO queue, which tells that it is one."""
    queue = service.create("tasks.fifo", T0, FIFO)
    assert isinstance(queue, FifoQueue)
    assert queue.attributes.fifo
    shown = queue.attributes.render()
    assert (shown["FifoQueue"], shown["ContentBasedDeduplication"]) == ("true", "false")
    assert service.create("tasks.fifo", T0, FIFO) is queue


def test_makes_a_standard_queue(service):
    """Without either sign, or with its denial, a queue is standard."""
    queue = service.create("tasks", T0, {"FifoQueue": "false"})
    assert not queue.attributes.fifo
    assert "FifoQueue" not in queue.attributes.render()


@pytest.mark.parametrize(
    ("name", "attributes", "expected"),
    [
        ("a.fifo", {}, Refusal.INVALID_PARAMETER_VALUE),
        ("a.fifo", {"FifoQueue": "false"}, Refusal.INVALID_PARAMETER_VALUE),
        ("a.fifo", {"FifoQueue": "yes"}, Refusal.INVALID_PARAMETER_VALUE),
        ("a", FIFO, Refusal.INVALID_PARAMETER_VALUE),
        ("a.FIFO", FIFO, Refusal.INVALID_PARAMETER_VALUE),
        (".fifo", FIFO, Refusal.INVALID_PARAMETER_VALUE),
        ("a.fifo.fifo", FIFO, Refusal.INVALID_PARAMETER_VALUE),
        ("a" * 76 + ".fifo", FIFO, Refusal.INVALID_PARAMETER_VALUE),
        ("a", {"ContentBasedDeduplication": "true"}, Refusal.INVALID_ATTRIBUTE_NAME),
    ],
)
def test_refuses_what_is_half_fifo(service, name, attributes, expected):
    """One sign of a FIFO queue without the other is refused, so is a bad name."""
    assert refusal(service.create, name, T0, attributes) is expected
    assert service.queues() == []


def test_takes_the_longest_name(service):
    """A name has 80 characters with its suffix."""
    assert service.create("a" * 75 + ".fifo", T0, FIFO)


def test_the_type_is_for_good(service):
    """FifoQueue can be set to what it is, and to nothing else."""
    fifo = service.create("a.fifo", T0, FIFO)
    standard = service.create("a", T0)
    service.set_attributes(fifo, FIFO, T0)
    service.set_attributes(standard, {"FifoQueue": "false"}, T0)
    for queue, value in ((fifo, "false"), (standard, "true")):
        refused = refusal(service.set_attributes, queue, {"FifoQueue": value}, T0)
        assert refused is Refusal.INVALID_ATTRIBUTE_VALUE
    assert (fifo.attributes.fifo, standard.attributes.fifo) == (True, False)


def test_content_based_deduplication_can_change(service):
    """It can be turned on and off, and concerns what is sent from then on."""
    queue = service.create("a.fifo", T0, FIFO)
    sent = (NewMessage(body="x", group_id="a"), T0)
    assert refusal(queue.send, *sent) is Refusal.INVALID_PARAMETER_VALUE
    service.set_attributes(queue, {"ContentBasedDeduplication": "true"}, T0)
    queue.send(*sent)
    service.set_attributes(queue, {"ContentBasedDeduplication": "false"}, T0)
    assert refusal(queue.send, *sent) is Refusal.INVALID_PARAMETER_VALUE


@pytest.mark.parametrize(
    ("name", "attributes", "grave"), [("a.fifo", FIFO, "dead"), ("a", {}, "dead.fifo")]
)
def test_a_dead_letter_queue_is_of_the_same_type(service, name, attributes, grave):
    """A queue cannot bury in one of the other type."""
    service.create("dead", T0)
    service.create("dead.fifo", T0, FIFO)
    refused = refusal(service.create, name, T0, {**attributes, **redrive(grave)})
    assert refused is Refusal.INVALID_PARAMETER_VALUE


def test_burying_frees_the_group(service):
    """A buried message keeps its ids, is numbered anew, and the next of its group is
    received in its stead; in the dead-letter queue the group is a group again.
    """
    dead = service.create("dead.fifo", T0, FIFO)
    attributes = {**FIFO, **redrive("dead.fifo"), "VisibilityTimeout": "1"}
    queue = service.create("a.fifo", T0, attributes)
    dead.send(message("d1", group="d"), T0)
    sent = [queue.send(message(it), T0) for it in ("a1", "a2")]
    queue.receive(T0)
    (second,) = queue.receive(T0 + SECOND)
    assert second.body == "a2"
    assert queue.receive(T0 + 2 * SECOND) == []
    _, buried = dead.receive(T0 + 2 * SECOND, 10)
    assert buried.message_id == sent[0].message_id
    assert (buried.group_id, buried.deduplication_id) == ("a", "a1")
    assert buried.sequence_number == f"{2:020}"


def test_a_standard_queue_repeats_no_receive(service):
    """An attempt id means nothing to a standard queue."""
    queue = service.create("a", T0)
    queue.send(NewMessage(body="x"), T0)
    assert queue.receive(T0, attempt_id="once")
    assert queue.receive(T0, attempt_id="once") == []


@pytest.mark.parametrize("field", ["group_id", "deduplication_id"])
def test_a_standard_queue_refuses_what_is_for_fifo(service, field):
    """Neither a group nor a deduplication id can be sent to a standard queue."""
    queue = service.create("a", T0)
    sent = NewMessage(**{"body": "x", field: "k"})
    assert refusal(queue.send, sent, T0) is Refusal.INVALID_PARAMETER_VALUE
