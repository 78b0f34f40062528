"""A kept connection serves one at a time, and is not trusted for long."""

from datetime import timedelta

import pytest

from functions._pool import Pool


class Ticks:
    """A clock that goes forward when it is told to."""

    seconds = 100.0

    def __call__(self):
        return self.seconds


class Connection:
    """Knows whether it was closed."""

    closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def pool(ticks):
    return Pool(ticks, timedelta(seconds=5))


def test_an_empty_pool_has_nothing(pool):
    """Whoever finds none makes one."""
    assert pool.borrow("here") is None


def test_what_is_borrowed_is_nobody_elses(pool):
    """A connection is handed out once, until it is given back."""
    one = Connection()
    pool.give_back("here", one)
    assert pool.borrow("here") is one
    assert pool.borrow("here") is None


def test_a_connection_leads_to_one_place(pool):
    """Another host's is no use."""
    pool.give_back("here", Connection())
    assert pool.borrow("there") is None


def test_the_latest_is_used_again_and_the_idle_ones_age(pool, ticks):
    """So that no more are kept warm than are needed; the others are closed."""
    old, new = Connection(), Connection()
    pool.give_back("here", old)
    ticks.seconds += 3
    pool.give_back("here", new)
    ticks.seconds += 3
    assert pool.borrow("here") is new
    assert (old.closed, new.closed) == (True, False)
    assert pool.borrow("here") is None


@pytest.mark.parametrize(("after", "kept"), [(5.0, True), (5.1, False)])
def test_after_idleness_none_is_trusted(pool, ticks, after, kept):
    """What may be dead is closed."""
    one = Connection()
    pool.give_back("here", one)
    ticks.seconds += after
    assert (pool.borrow("here") is one) is kept
    assert one.closed is not kept


def test_closing_forgets(pool):
    """What is not in use is closed, and not handed out."""
    one, other = Connection(), Connection()
    pool.give_back("here", one)
    pool.give_back("there", other)
    pool.close()
    assert one.closed
    assert other.closed
    assert pool.borrow("here") is None
