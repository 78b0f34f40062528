"""A trigger delivers a batch once more, if it is told to."""

import asyncio
from datetime import UTC, datetime

import pytest

from fakes.clock import ManualClock
from fakes.triggers.batch import Batch
from fakes.triggers.runner import FunctionError, Runner

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Feed:
    """A trigger that hands over each event at once, and notes what became of it."""

    def __init__(self, *events):
        self.events = list(events)
        self.ended = []

    def take(self, _now):
        if not self.events:
            return None
        event = self.events.pop(0)
        return Batch(
            event=event,
            succeeded=lambda _now: self.ended.append((event, True)),
            failed=lambda _now: self.ended.append((event, False)),
        )

    def next_due(self, now):
        return now if self.events else None

    def watch(self, _wake):
        """Do nothing: there is never anything new."""


class Work:
    """A function that notes its calls, and fails if it should."""

    def __init__(self, concurrency=1, *, fails=False):
        self.concurrency = concurrency
        self.called = []
        self.fails = fails
        self.was_busy = asyncio.Event()

    async def invoke(self, event):
        self.called.append(event)
        if len(self.called) == len("abab"):
            self.was_busy.set()
        await asyncio.sleep(0)
        if self.fails:
            raise FunctionError


def settle(feed, work, again):
    async def story():
        runner = Runner(ManualClock(NOW), again)
        runner.bind(feed, work)
        await runner.settle()

    asyncio.run(story())


@pytest.mark.parametrize("concurrency", [1, 2, 9])
def test_every_batch_may_come_twice(concurrency):
    """No oftener, however many calls there may be at once."""
    work = Work(concurrency)
    settle(Feed("a", "b", "c"), work, lambda: True)
    assert sorted(work.called) == ["a", "a", "b", "b", "c", "c"]
    assert work.called.index("a") == 0


def test_only_what_was_chosen_comes_twice():
    """Each batch is asked for by itself."""
    answers = iter([False, True, False])
    work = Work()
    settle(Feed("a", "b", "c"), work, lambda: next(answers))
    assert sorted(work.called) == ["a", "b", "b", "c"]


@pytest.mark.parametrize("fails", [False, True])
def test_the_first_delivery_decides(fails):
    """What becomes of the second one is nobody's concern."""
    feed, work = Feed("a"), Work(fails=fails)
    settle(feed, work, lambda: True)
    assert (work.called, feed.ended) == (["a", "a"], [("a", not fails)])


def test_what_was_to_come_again_is_forgotten():
    """A runner that is cleared calls nothing any more."""

    async def story():
        runner, work = Runner(ManualClock(NOW), lambda: True), Work()
        runner.bind(Feed("a"), work)
        running = asyncio.create_task(runner.run())
        await asyncio.sleep(0)
        await runner.clear()
        await runner.settle()
        running.cancel()
        return work.called

    assert len(asyncio.run(story())) <= 1


def test_a_runner_in_real_time_repeats_too():
    """Without being asked to settle."""

    async def story():
        runner, work = Runner(ManualClock(NOW), lambda: True), Work()
        runner.bind(Feed("a", "b"), work)
        running = asyncio.create_task(runner.run())
        async with asyncio.timeout(10):
            await work.was_busy.wait()
        running.cancel()
        return sorted(work.called)

    assert asyncio.run(story()) == ["a", "a", "b", "b"]
