"""The documented rates of calls, where they are asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import Limits, Manners, MessageQueue, QueueError

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def make_service(**more):
    return MessageQueue(folder_id="f", cloud_id="c", chance=Chance(1), **more)


@pytest.fixture
def service():
    return make_service(manners=Manners(rates=True))


@pytest.fixture
def find(service):
    """Return what finds the one queue there is."""
    queue = service.create("tasks", T0)
    return lambda: queue


def passed(service, action, find, at=T0):
    """Count how many calls pass at one moment, until one is refused."""

    def try_all():
        for _ in range(1000):
            service.count(action, find, at)
            counted.append(action)

    counted = []
    with pytest.raises(QueueError, match="ThrottlingException"):
        try_all()
    return len(counted)


MESSAGES = ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"]


@pytest.mark.parametrize("action", MESSAGES)
def test_limits_messages_by_the_queue(service, find, action):
    """300 calls a second of each kind, for each standard queue."""
    other = service.create("other", T0)
    assert passed(service, action, find) == 300
    assert passed(service, action, lambda: other) == 300
    assert passed(service, action, find, T0 + SECOND) == 300


@pytest.mark.parametrize("action", MESSAGES)
def test_limits_fifo_queues_to_a_tenth(service, action):
    """30 calls a second of each kind, for each FIFO queue."""
    queue = service.create("tasks.fifo", T0, {"FifoQueue": "true"})
    assert passed(service, action, lambda: queue) == 30


@pytest.mark.parametrize(
    "action", ["SendMessage", "DeleteMessage", "ChangeMessageVisibility"]
)
def test_a_batch_is_one_call_of_its_kind(service, find, action):
    """A batch and a single call draw on the same 300."""
    assert passed(service, f"{action}Batch", find) == 300
    assert passed(service, action, find) == 0
    assert passed(service, "ReceiveMessage", find) == 300


@pytest.mark.parametrize(
    ("action", "rate"), [("CreateQueue", 2), ("DeleteQueue", 5), ("ListQueues", 100)]
)
def test_limits_queues_by_the_cloud(service, find, action, rate):
    """2 queues are created in a second, 5 deleted, and 100 other calls made."""
    assert passed(service, action, find) == rate


def test_other_calls_share_one_rate(service, find):
    """The 100 are for all other calls together."""
    assert passed(service, "ListQueues", find) == 100
    assert passed(service, "GetQueueUrl", find) == 0


def test_a_refused_call_does_not_count(service, find):
    """A client that tries again too early does not put off its next chance; what was
    not used for long is not saved up.
    """
    assert passed(service, "CreateQueue", find) == 2
    half = T0 + SECOND / 2
    assert passed(service, "CreateQueue", find, half) == 1
    assert passed(service, "CreateQueue", find, half + SECOND / 2) == 1
    assert passed(service, "CreateQueue", find, half + 60 * SECOND) == 2


def test_clearing_gives_all_back(service, find):
    """A new, empty service has counted nothing."""
    passed(service, "CreateQueue", find)
    service.clear()
    assert passed(service, "CreateQueue", find) == 2


def test_does_not_limit_unless_asked_to():
    """By default a laptop is as fast as it can be."""
    service = make_service(bounds=Limits(create_calls=0))
    service.count("CreateQueue", None, T0)
