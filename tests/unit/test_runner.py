"""The runner calls functions when triggers say so, and no more often."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import ManualClock, SystemClock
from fakes.triggers.batch import Batch
from fakes.triggers.runner import FunctionError, Runner

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SOON = timedelta(milliseconds=50)
HOUR = timedelta(hours=1)
PATIENCE = 10


class Feed:
    """A trigger that hands over each event once its moment has come."""

    def __init__(self):
        self.takes = 0
        self.ended = []
        self._events = []
        self._wakers = []

    def add(self, event, at=NOW):
        self._events.append((at, event))
        for wake in self._wakers:
            wake()

    def take(self, now):
        self.takes += 1
        for place, (at, event) in enumerate(self._events):
            if at <= now:
                del self._events[place]
                return self._batch(event)
        return None

    def _batch(self, event):
        return Batch(
            event=event,
            succeeded=lambda now: self.ended.append((event, "good", now)),
            failed=lambda now: self.ended.append((event, "bad", now)),
        )

    def next_due(self, _now):
        return min((at for at, _ in self._events), default=None)

    def watch(self, wake):
        self._wakers.append(wake)


class Work:
    """A function that does nothing, unless made to fail, follow up or hang."""

    def __init__(self, concurrency=1, *, fails=False, hangs=False, then=None):
        self.concurrency = concurrency
        self.called = []
        self.under_way = self.peak = self.cancelled = 0
        self.begun = asyncio.Event()
        self._fails, self._hangs, self._then = fails, hangs, then

    async def invoke(self, event):
        self.called.append(event)
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        self.begun.set()
        try:
            await (asyncio.Event().wait() if self._hangs else asyncio.sleep(0))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        if self._then is not None:
            self._then(event)
        if self._fails:
            raise FunctionError


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def clock():
    return ManualClock(NOW)


def settled(clock, *bindings):
    """Bind and settle."""

    async def story():
        runner = Runner(clock)
        for feed, work in bindings:
            runner.bind(feed, work)
        await runner.settle()

    asyncio.run(asyncio.wait_for(story(), PATIENCE))


def in_real_time(story, *bindings):
    """Run *story* beside a runner, then cancel that; return the tasks left over."""

    async def both():
        runner = Runner(SystemClock())
        for feed, work in bindings:
            runner.bind(feed, work)
        running = asyncio.create_task(runner.run())
        async with asyncio.timeout(PATIENCE):
            await story()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await runner.stop()
        await asyncio.sleep(0)
        return len(asyncio.all_tasks()) - 1

    return asyncio.run(both())


def test_nothing_due_settles_at_once(feed, clock):
    """What is due later is not called."""
    feed.add("later", NOW + HOUR)
    settled(clock, (feed, work := Work()))
    assert work.called == []


@pytest.mark.parametrize(("fails", "how"), [(False, "good"), (True, "bad")])
def test_the_trigger_hears_how_a_call_ended(feed, clock, fails, how):
    """It is told once, with the time."""
    feed.add("a")
    settled(clock, (feed, Work(fails=fails)))
    assert feed.ended == [("a", how, NOW)]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_concurrency_is_kept_and_used(feed, clock, limit):
    """There are as many calls under way as the function takes, never more."""
    for number in range(7):
        feed.add(number)
    settled(clock, (feed, work := Work(limit)))
    assert (work.peak, work.called) == (limit, list(range(7)))


def test_a_limit_belongs_to_the_function(clock):
    """Two triggers of one function share its limit."""
    feeds = Feed(), Feed()
    for feed in feeds:
        feed.add("a")
        feed.add("b")
    work = Work(1)
    settled(clock, *((feed, work) for feed in feeds))
    assert (work.peak, len(work.called)) == (1, 4)


def test_functions_do_not_wait_for_each_other(clock):
    """Different functions run at the same time."""
    feeds, together = (Feed(), Feed()), []
    works = tuple(Work(then=lambda _: together.append(active())) for _ in feeds)

    def active():
        return sum(len(work.called) for work in works)

    for feed in feeds:
        feed.add("a")
    settled(clock, *zip(feeds, works, strict=True))
    assert together == [2, 2]


def test_what_follows_at_once_is_settled_too(feed, clock):
    """Settling goes on until no call leads to another one."""

    def then(event):
        if event < 5:
            feed.add(event + 1)

    feed.add(0)
    settled(clock, (feed, work := Work(then=then)))
    assert work.called == [0, 1, 2, 3, 4, 5]


def test_news_wake_the_runner():
    """An event that arrives while nothing is due is handed over at once."""
    feed, work = Feed(), Work()
    feed.add("later", SystemClock().now() + HOUR)

    async def story():
        feed.add("now")
        await work.begun.wait()

    in_real_time(story, (feed, work))
    assert work.called == ["now"]


def test_waiting_is_not_busy():
    """Until an event is due the trigger is asked a handful of times at most."""
    feed, work = Feed(), Work()
    feed.add("soon", SystemClock().now() + SOON)
    in_real_time(work.begun.wait, (feed, work))
    assert work.called == ["soon"]
    assert feed.takes < 10


def test_a_full_function_is_not_asked_about():
    """Events that find no room make nobody wait busily."""
    full, hanging = Feed(), Work(hangs=True)
    full.add("a")
    full.add("b")
    feed, work = Feed(), Work()
    feed.add("soon", SystemClock().now() + SOON)
    in_real_time(work.begun.wait, (full, hanging), (feed, work))
    assert hanging.called == ["a"]
    assert feed.takes < 10


def test_room_is_used_as_soon_as_there_is_some():
    """The end of a call is news as well."""
    feed, ended = Feed(), asyncio.Event()
    work = Work(then=lambda event: ended.set() if event == "b" else None)
    feed.add("a")
    feed.add("b")
    in_real_time(ended.wait, (feed, work))
    assert work.called == ["a", "b"]


def test_stop_breaks_off_what_is_called():
    """The call is cancelled; the trigger hears neither of success nor of failure."""
    feed, work = Feed(), Work(hangs=True)
    feed.add("a")
    in_real_time(work.begun.wait, (feed, work))
    assert (work.cancelled, feed.ended) == (1, [])


def test_a_runner_that_was_ended_leaves_nothing():
    """Neither the wait for news nor that for a moment outlives it."""
    feed, work = Feed(), Work()
    feed.add("now")
    feed.add("later", SystemClock().now() + HOUR)
    assert in_real_time(work.begun.wait, (feed, work)) == 0
