"""Who is killed now and then lives as if he never was."""

import random

import pytest

from tests.unit.twins import Life, Mortal, begin


@pytest.mark.parametrize("seed", range(12))
def test_nobody_can_tell_that_it_was_killed(tmp_path, seed):
    """An estate in a file, killed between any two calls, gives the same answers to
    hundreds of calls as one that lives on: about instances, networks, operations,
    idempotency keys, queues of both types, tokens and keys.
    """
    mortal = Mortal(tmp_path / "state")
    one, other = Life(mortal.estate, seed), Life(begin(1), seed)
    fate = random.Random(seed)  # noqa: S311 - a test's
    for _ in range(250):
        assert one.live() == other.live()
        mortal.estate.write_down()
        if fate.random() < 0.1:
            mortal.kill()
            one.estate = mortal.estate
    mortal.file.close()
