"""Timers, streams and EventRouter in the local cloud: what they send is understood."""

from datetime import UTC, datetime, timedelta

import pytest

from events.envelope import deliveries
from fakes.caller import Call
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.stream import Stream
from fakes.testing import CloudThread
from fakes.triggers.redelivery import Retries
from fakes.triggers.router_trigger import RouterTrigger
from fakes.triggers.runner import FunctionError
from fakes.triggers.stream_trigger import StreamTrigger
from fakes.triggers.timer_trigger import TimerTrigger

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CREATED = [("STARTED", "CreateInstance"), ("DONE", "CreateInstance")]


class Heard:
    """A function that keeps what it is called with, and fails as often as told."""

    concurrency = 1

    def __init__(self, failures=0):
        self.events = []
        self._failures = failures

    async def invoke(self, event):
        self.events.append(event)
        if len(self.events) <= self._failures:
            raise FunctionError

    def bodies(self):
        return [one.body for event in self.events for one in deliveries(event)]


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def thread(clock):
    with CloudThread(lambda: LocalCloud(clock, seed=1)) as thread:
        yield thread


def pass_time(thread, clock, seconds):
    for _ in range(seconds):
        clock.advance(SECOND)
        thread.run(thread.cloud.pass_time())


def create(thread, clock):
    """Let an instance be created, of which the audit trail tells twice."""
    request = small_instance(thread.cloud.world, name="web")
    thread.call(thread.cloud.compute.begin, request, clock.now(), Call())
    pass_time(thread, clock, 6)


def told(bodies):
    return [
        (one["event_status"], one["event_type"].rpartition(".")[2]) for one in bodies
    ]


def bind(thread, make, function):
    thread.call(lambda: thread.cloud.runner.bind(make(thread.cloud), function))


def test_a_timer_calls_on_time(thread, clock):
    """Every minute its payload is read."""
    function = Heard()

    def timer(cloud):
        return TimerTrigger(
            "* * * * ? *",
            place=cloud.place,
            chance=cloud.chance,
            since=clock.now(),
            payload="sweep",
        )

    bind(thread, timer, function)
    pass_time(thread, clock, 120)
    assert function.bodies() == ["sweep", "sweep"]


def test_a_timers_event_comes_again_as_it_was(thread, clock):
    """After a failure the same event, by its id."""
    function = Heard(failures=1)

    def timer(cloud):
        return TimerTrigger(
            "0 * * * ? *",
            place=cloud.place,
            chance=cloud.chance,
            since=START - timedelta(hours=1),
            retries=Retries(attempts=1),
        )

    bind(thread, timer, function)
    pass_time(thread, clock, 20)
    ids = [one.event_id for event in function.events for one in deliveries(event)]
    assert (len(ids), len(set(ids))) == (2, 1)


def test_a_trail_may_write_into_a_stream(thread, clock):
    """Its trigger hands the audit events over, each by itself by default."""
    stream, function = Stream(), Heard()
    thread.call(thread.cloud.add_trail, stream)
    bind(thread, lambda _cloud: StreamTrigger(stream), function)
    create(thread, clock)
    assert told(function.bodies()) == CREATED
    assert len(function.events) == 2
    assert len(thread.cloud.audit_group.entries) == 2


@pytest.mark.parametrize("size", [None, 2])
def test_a_router_hands_over_audit_events(thread, clock, size):
    """One by one, or as lists."""
    function = Heard()

    def rule(cloud):
        return RouterTrigger(cloud.compute.audit, batch_size=size)

    bind(thread, rule, function)
    create(thread, clock)
    assert told(function.bodies()) == CREATED
    assert all(isinstance(one, list) is (size == 2) for one in function.events)
