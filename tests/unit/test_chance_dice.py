"""Dice are thrown as often as asked, under the seed, and only if anything depends."""

from datetime import timedelta

from fakes.chance import Chance

HOUR = timedelta(hours=1)


def throws(seed):
    chance = Chance(seed)
    return [
        (chance.happens(0.5), chance.below(9), chance.part_of(HOUR)) for _ in range(20)
    ]


def test_a_seed_repeats_the_dice():
    """The same seed throws the same, another one does not."""
    assert throws(1) == throws(1) != throws(2)


def test_dice_fall_as_often_as_asked():
    """What is likely happens often, what is certain always, what is not never."""
    chance = Chance(1)
    often = sum(chance.happens(0.7) for _ in range(1000))
    assert 650 < often < 750
    assert all(chance.happens(1) for _ in range(100))
    assert not any(chance.happens(0) for _ in range(100))


def test_what_never_happens_changes_nothing():
    """Names stay the same whether or not the impossible was asked for."""
    asked, other = Chance(1), Chance(1)
    asked.happens(0)
    assert asked.uuid() == other.uuid()


def test_dice_stay_within_bounds():
    """Every number below the bound comes, and no other; no part is more than all."""
    chance = Chance(1)
    assert {chance.below(5) for _ in range(200)} == set(range(5))
    parts = [chance.part_of(HOUR) for _ in range(200)]
    assert timedelta() <= min(parts) < max(parts) <= HOUR
