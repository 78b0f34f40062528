"""Message Queue changes its manners while it runs."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import (
    GOOD,
    Manners,
    MessageQueue,
    NewMessage,
    QueueError,
    Refusal,
    behave,
)

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LETTERS = "abcdefghij"


@pytest.fixture
def service():
    return MessageQueue(folder_id="f", cloud_id="c", chance=Chance(1))


@pytest.fixture
def queue(service):
    return service.create("tasks", T0)


def send(queue, bodies=LETTERS):
    for body in bodies:
        queue.send(NewMessage(body=body), T0)


def bodies(queue, at=T0):
    return "".join(one.body for one in queue.receive(at, 10))


def test_what_waits_is_handed_out_in_no_order(service, queue):
    """Messages that are ready lose their order; none is lost."""
    send(queue)
    behave(service, Manners(unordered=True))
    found = bodies(queue)
    assert found != LETTERS
    assert sorted(found) == sorted(LETTERS)


def test_order_comes_back(service, queue):
    """What is sent afterwards comes in order, after what was ready in any."""
    behave(service, Manners(unordered=True))
    send(queue, "x")
    behave(service, GOOD)
    send(queue, LETTERS[:9])
    assert bodies(queue) == "x" + LETTERS[:9]


def test_what_is_hidden_keeps_its_moment(service, queue):
    """Messages in flight and delayed ones show when they would have."""
    queue.send(NewMessage(body="late", delay=60 * SECOND), T0)
    send(queue, "a")
    assert bodies(queue) == "a"
    behave(service, Manners(unordered=True))
    assert bodies(queue) == ""
    assert set(bodies(queue, T0 + 60 * SECOND)) == set("alate")


def test_duplicates_begin_and_end(service, queue):
    """A message that was deleted comes again, once it may."""

    def deliveries():
        send(queue, "a")
        [message] = queue.receive(T0, 1)
        queue.delete(message.receipt_handle, T0)
        return 1 + len(bodies(queue))

    counts = [deliveries()]
    behave(service, Manners(duplicates=1))
    counts.append(deliveries())
    queue.purge(T0)
    behave(service, GOOD)
    assert [*counts, deliveries()] == [1, 2, 1]


def test_rates_come_into_force(service, queue):
    """From then on, calls beyond them are throttled."""

    def throttled():
        try:
            for _ in range(10_000):
                service.count("SendMessage", lambda: queue, T0)
        except QueueError as error:
            return error.refusal is Refusal.THROTTLING
        return False

    before = throttled()
    behave(service, Manners(rates=True))
    assert (before, throttled()) == (False, True)


def test_queues_to_come_have_them_too(service):
    """A queue that is made later takes a while to be known, and has no order."""
    behave(service, Manners(unordered=True, settling=3600 * SECOND))
    queue = service.create("later", T0)
    send(queue)
    assert not service.newcomers.is_known(queue.queue_id, T0)
    assert bodies(queue) != LETTERS


def test_a_fifo_queue_stays_as_it_is(service):
    """It keeps its order whatever the others do."""
    queue = service.create(
        "tasks.fifo", T0, {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )
    for body in LETTERS:
        queue.send(NewMessage(body=body, group_id=body), T0)
    behave(service, Manners(unordered=True, duplicates=1, empty_polls=1))
    assert bodies(queue) == LETTERS
