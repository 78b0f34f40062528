"""A thousand messages in a call, over the protocol of the queue."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from events.limits import Limits
from functions._clerk import Clerk
from functions._deadline import Deadline
from functions._follow import Follower
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey
from functions.on_task import move
from tests.contract.queue_server import KEY, SECRET, serving
from tests.unit.build import instance, interface, sample

MANY = 1000
BAD = "fhm-bad"


def now():
    return datetime.now(UTC)  # noqa: TID251 - a signature names the moment


@dataclass
class Cloud:
    """Every instance has the interface already; over one a function fails.

    A look takes a part of the call's time, which nobody has to wait for.
    """

    look_ms: int = 0
    left_ms: int = 30_000
    looks: int = 0
    at_once: set = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remaining(self):
        return self.left_ms

    def instance(self, instance_id):
        with self.lock:
            self.looks += 1
            self.left_ms -= self.look_ms
            self.at_once.add(threading.get_ident())
        if instance_id == BAD:
            raise MemoryError
        there = (interface(index="0"), interface(index="1"))
        return instance(id=instance_id, interfaces=there)


def event(*instance_ids):
    """Return a queue trigger's event with a request without a name for each."""
    wanted = {**sample("request.minimal"), "networkInterfaceIndex": "1"}
    wanted.pop("requestId", None)
    return {
        "messages": [
            {
                "event_metadata": {
                    "event_id": f"message-{place}",
                    "event_type": "yandex.cloud.events.messagequeue.QueueMessage",
                },
                "details": {
                    "message": {
                        "body": json.dumps(
                            {**wanted, "instanceId": one, "options": {"dryRun": True}}
                        )
                    }
                },
            }
            for place, one in enumerate(instance_ids)
        ]
    }


@pytest.fixture
def service():
    with serving() as running, capture_logs():
        yield running


@pytest.fixture
def queues(service):
    return [service.create(name, now()) for name in ("tasks", "results")]


@pytest.fixture
def run(service, queues):
    """Return what moves an event, with a cloud; then what is on both queues."""
    client = QueueClient(StaticKey(id=KEY, secret=SECRET), now, time.monotonic)

    def move_all(found, cloud):
        deadline = Deadline(cloud.remaining)
        tasks, results = (
            QueueMailbox(client, service.url_of(queue), deadline) for queue in queues
        )
        limits = Limits()
        follower = Follower(
            compute=cloud, tasks=tasks, results=results, limits=limits, now=now
        )
        clerk = Clerk(follower=follower, reactor=unwanted, sweeper=unwanted)
        move(found, clerk, deadline)
        return [list(bodies(queue)) for queue in queues]

    yield move_all
    client.close()


def unwanted():
    raise AssertionError


def bodies(queue):
    """Yield what is on a queue, or will be within a minute."""
    later = now() + timedelta(minutes=1)
    while received := queue.receive(later, 10):
        yield from (json.loads(message.body) for message in received)


def test_a_bad_message_is_put_back_alone(run):
    """999 neighbours have their outcome, none comes again, and the call succeeds."""
    names = [f"fhm{place}" for place in range(MANY)]
    names[500] = BAD
    cloud = Cloud()
    tasks, results = run(event(*names), cloud)
    assert len(cloud.at_once) > 1
    others = {f"message-{place}" for place in range(MANY)} - {"message-500"}
    assert sorted(one["id"] for one in results) == sorted(others)
    [(back, failures)] = [(one["requestId"], one["task"]["failures"]) for one in tasks]
    assert (back, failures) == ("message-500", 1)
    assert cloud.looks == MANY


def test_what_there_is_no_time_for_goes_back_unharmed(run):
    """Each message ends as an outcome or as the task that it was, under its id."""
    names = [f"fhm{place}" for place in range(MANY)]
    cloud = Cloud(look_ms=100)
    tasks, results = run(event(*names), cloud)
    done = {one["id"] for one in results}
    back = {one["requestId"]: one["task"] for one in tasks}
    # 20 of 30 s are there to begin in; what runs then is finished.
    assert 200 <= len(done) < 300
    assert len(tasks) == len(back) == MANY - len(done)
    assert done | set(back) == {f"message-{place}" for place in range(MANY)}
    harm = {"failures", "hurdles", "looks", "reason"}
    assert not [one for one in back.values() if harm & one.keys()]
