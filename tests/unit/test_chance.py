"""Chance repeats itself under a seed, and names things as the cloud does."""

import re
import uuid

import pytest

from fakes.chance import Chance


def names(chance):
    return [chance.resource_id("fhm"), chance.uuid(), chance.resource_id("e9b")]


def test_a_seed_repeats_the_world():
    """The same seed gives the same names in the same order."""
    assert names(Chance(7)) == names(Chance(7))


@pytest.mark.parametrize("other", [8, None])
def test_another_seed_is_another_world(other):
    """Another seed, or none, shares no name."""
    assert not set(names(Chance(7))) & set(names(Chance(other)))


@pytest.mark.parametrize("prefix", ["", "fhm", "YCAJE"])
def test_ids_look_like_the_clouds(prefix):
    """The prefix, then lower-case letters and digits: 20 characters in all."""
    found = Chance(1).resource_id(prefix)
    assert re.fullmatch(prefix + "[0-9a-v]+", found, re.ASCII)
    assert len(found) == 20


def test_uuids_are_of_version_4():
    """Version and variant are set, in the usual spelling."""
    found = uuid.UUID(text := Chance(1).uuid())
    assert (found.version, found.variant, str(found)) == (4, uuid.RFC_4122, text)


def test_names_do_not_repeat():
    """A thousand names of each sort are a thousand names."""
    chance = Chance(1)
    assert len({name for _ in range(1000) for name in names(chance)}) == 3000
