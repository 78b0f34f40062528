"""Long polling in virtual time: one waiter, one loop, no sockets."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.clock import ManualClock
from fakes.http.queue_call import Call
from fakes.http.queue_receive import ClientGoneError, receive_message
from fakes.queue import MessageQueue, NewMessage

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONG = {"QueueUrl": "", "WaitTimeSeconds": "20", "VisibilityTimeout": "60"}


class World:
    """A queue, a clock, and a client that may go."""

    def __init__(self, **attributes):
        self.clock = ManualClock(T0)
        self.service = MessageQueue(folder_id="f", cloud_id="c", chance=Chance(1))
        self.queue = self.service.create("tasks", T0, attributes)
        self.gone = asyncio.Event()

    def send(self, body, delay=timedelta()):
        self.queue.send(NewMessage(body=body, delay=delay), self.clock.now())

    async def receive(self, form):
        call = Call(
            service=self.service,
            action="ReceiveMessage",
            form={**form, "QueueUrl": self.service.url_of(self.queue)},
            path="/",
            sender="me",
            now=self.clock.now(),
        )
        answer = await receive_message(call, self.clock, self.gone.wait)
        return [it["Body"] for it in answer.get("Messages", [])]

    async def start(self, form):
        """Begin to receive, and return once that waits."""
        task = asyncio.create_task(self.receive(form))
        await settle()
        return task

    async def advance(self, by):
        self.clock.advance(by)
        await settle()


async def settle():
    """Let every task run until it waits for something else."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_answers_at_once_without_patience():
    """Without a wait time an empty queue is answered for at once."""

    async def story():
        world = World()
        return await world.receive({})

    assert asyncio.run(story()) == []


@pytest.mark.parametrize(
    ("attributes", "form", "patience"),
    [
        ({}, {"WaitTimeSeconds": "20"}, 20),
        ({"ReceiveMessageWaitTimeSeconds": "5"}, {}, 5),
        ({"ReceiveMessageWaitTimeSeconds": "5"}, {"WaitTimeSeconds": "7"}, 7),
    ],
)
def test_waits_to_the_end(attributes, form, patience):
    """An empty queue is answered for when the wait is over, and no earlier."""

    async def story():
        world = World(**attributes)
        task = await world.start(form)
        await world.advance((patience - 1) * SECOND)
        early = task.done()
        await world.advance(SECOND)
        return early, await task

    assert asyncio.run(story()) == (False, [])


class CountingClock(ManualClock):
    """Counts how often somebody waits by it."""

    waits = 0

    async def sleep_until(self, moment):
        self.waits += 1
        await super().sleep_until(moment)


def test_does_not_look_again_while_nothing_happens():
    """To wait for 20 seconds is to sleep once, and to look once before and after."""

    async def story():
        world = World()
        world.clock = CountingClock(T0)
        looks, receive = [], world.queue.receive
        world.queue.receive = lambda *wish: looks.append(wish) or receive(*wish)
        task = await world.start({"WaitTimeSeconds": "20"})
        for _ in range(20):
            await world.advance(SECOND)
        return await task, world.clock.waits, len(looks)

    assert asyncio.run(story()) == ([], 1, 2)


def test_wakes_for_a_new_message():
    """A message that arrives during the wait is handed out at once."""

    async def story():
        world = World()
        task = await world.start(LONG)
        world.send("x")
        return await task

    assert asyncio.run(story()) == ["x"]


def test_wakes_for_a_delayed_message():
    """A message sent with a delay is handed out when the delay ends."""

    async def story():
        world = World()
        task = await world.start(LONG)
        world.send("x", 5 * SECOND)
        await world.advance(4 * SECOND)
        early = task.done()
        await world.advance(SECOND)
        return early, await task

    assert asyncio.run(story()) == (False, ["x"])


def test_wakes_for_a_message_that_shows_again():
    """A message in flight is handed out again when its timeout ends."""

    async def story():
        world = World()
        world.send("x")
        world.queue.receive(T0, visibility=5 * SECOND)
        task = await world.start(LONG)
        await world.advance(5 * SECOND)
        return await task

    assert asyncio.run(story()) == ["x"]


def test_wakes_for_a_message_shown_early():
    """A consumer that gives a message back hands it to who waits."""

    async def story():
        world = World()
        world.send("x")
        (message,) = world.queue.receive(T0)
        task = await world.start(LONG)
        world.queue.change_visibility(message.receipt_handle, timedelta(), T0)
        return await task

    assert asyncio.run(story()) == ["x"]


def test_one_message_wakes_one_waiter():
    """Of two that wait, one gets the message and the other goes on waiting."""

    async def story():
        world = World()
        tasks = [await world.start(LONG), await world.start(LONG)]
        world.send("x")
        await settle()
        done = [task.done() for task in tasks]
        world.send("y")
        return done, [await task for task in tasks]

    assert asyncio.run(story()) == ([True, False], [["x"], ["y"]])


def test_a_client_that_went_gets_nothing():
    """When client and message come and go in the same moment, the message stays
    visible for others, and nobody watches the queue any more.
    """

    async def story():
        world = World()
        task = await world.start(LONG)
        world.gone.set()
        await settle()
        world.send("x")
        with pytest.raises(ClientGoneError):
            await task
        return world.queue

    queue = asyncio.run(story())
    assert queue.counters(T0)["ApproximateNumberOfMessages"] == 1
    assert not queue._watchers
