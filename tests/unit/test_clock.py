"""Clocks tell the time, and wake whoever waits for it."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import ManualClock, SystemClock

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(milliseconds=10)
PATIENCE = 10


@pytest.fixture
def clock():
    return ManualClock(START)


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


async def lain_down(work):
    """Return a task that has begun *work*."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    return task


def test_the_machines_time_is_in_utc():
    """No moment is ever without its zone."""
    assert SystemClock().now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("by", [MOMENT, -HOUR], ids=["future", "past"])
def test_the_machine_waits_until_a_moment_has_come(by):
    """What lies ahead is waited for, what is past is not."""
    clock = SystemClock()
    moment = clock.now() + by
    run(clock.sleep_until(moment))
    assert clock.now() >= moment - timedelta(milliseconds=1)


def test_time_stands_still_until_turned(clock):
    """Only `advance` changes the time."""
    before = (clock.now(), clock.now())
    clock.advance(HOUR)
    assert (*before, clock.now()) == (START, START, START + HOUR)


@pytest.mark.parametrize("moment", [START, START - HOUR], ids=["now", "past"])
def test_nobody_waits_for_what_has_come(clock, moment):
    """Sleeping until now, or the past, returns at once."""
    run(clock.sleep_until(moment))
    assert clock.now() == START


def test_a_sleeper_wakes_at_its_moment_not_before(clock):
    """One second too early wakes nobody; the moment itself does."""

    async def story():
        task = await lain_down(clock.sleep_until(START + HOUR))
        clock.advance(HOUR - timedelta(seconds=1))
        await asyncio.sleep(0)
        early = task.done()
        clock.advance(timedelta(seconds=1))
        await task
        return early

    assert run(story()) is False


def test_one_turn_wakes_all_who_are_due(clock):
    """Sleepers wake in the order of their moments; who is not due sleeps on."""
    woken = []

    async def sleep(hours):
        await clock.sleep_until(START + hours * HOUR)
        woken.append(hours)

    async def story():
        tasks = [await lain_down(sleep(hours)) for hours in (3, 2, 9, 1)]
        clock.advance(3 * HOUR)
        await asyncio.gather(tasks[0], tasks[1], tasks[3])
        tasks[2].cancel()

    run(story())
    assert woken == [1, 2, 3]


def test_a_sleeper_is_woken_from_another_thread(clock):
    """The thread that turns the clock needs no event loop."""

    async def story():
        task = await lain_down(clock.sleep_until(START + HOUR))
        turning = threading.Thread(target=clock.advance, args=(HOUR,))
        turning.start()
        await task
        turning.join()

    run(story())
    assert clock.now() == START + HOUR


def test_nobody_oversleeps_while_the_clock_is_turned(clock):
    """However lying down and turning meet, the sleeper wakes."""
    rounds = 300

    def turn():
        for _ in range(rounds):
            clock.advance(HOUR)

    async def story():
        turning = threading.Thread(target=turn)
        turning.start()
        for number in range(1, rounds + 1):
            await clock.sleep_until(START + number * HOUR)
        turning.join()

    run(story())
    assert clock.now() == START + rounds * HOUR


def test_a_loop_that_is_gone_is_not_woken(clock):
    """Who went away sleeping leaves nothing to fail over."""

    async def story():
        await lain_down(clock.sleep_until(START + HOUR))

    run(story())
    clock.advance(HOUR)
    assert clock.now() == START + HOUR
