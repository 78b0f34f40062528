"""Fields are found by their names, and some objects have names of their own."""

import pytest

from events.reading import camel_keys
from tests.unit.build import document


def problems(violations):
    return [str(violation) for violation in violations]


def long_is_bad(value):
    return "is too long" if len(value) > 3 else None


@pytest.mark.parametrize(
    ("value", "there"),
    [({}, False), ({"a": None}, False), ({"a": ""}, False), ({"a": 0}, True)],
)
def test_a_field_is_there_if_something_is_given(value, there):
    """Null and '' stand for an absent one; once taken, nothing is left."""
    read, _ = document(value)
    assert read.has("a") is there
    read.take("a")
    assert not read.has("a")


@pytest.mark.parametrize(
    ("given", "names", "expected"),
    [
        (None, [], []),
        ({}, [], []),
        ({"a_b": 1, "aB": None}, ["a_b", "aB"], []),
        ({"long": 1}, ["long"], ["$.x['long'] is too long"]),
        ([], [], ["$.x must be an object with at most 2 entries"]),
        ("ab", [], ["$.x must be an object with at most 2 entries"]),
        (dict.fromkeys("abc"), [], ["$.x must be an object with at most 2 entries"]),
    ],
)
def test_entries_have_free_names(given, names, expected):
    """Taken literally, each with its path and whatever it holds."""
    read, violations = document({"x": given})
    found = read.entries("x", long_is_bad, most=2)
    assert [name for name, _, _ in found] == names
    assert [(path, value) for _, path, value in found] == [
        (f"$.x[{name!r}]", given[name]) for name in names
    ]
    assert problems(violations) == expected


def test_a_long_name_is_told_in_part():
    """Its first 64 characters, escaped."""
    read, violations = document({"x": {"\n" * 99: 1}})
    read.entries("x", long_is_bad, most=2)
    name = "\n" * 64
    assert problems(violations) == [f"$.x[{name!r}] is too long"]


def test_camel_keys_changes_names_and_nothing_within():
    """Names that are no texts become some."""
    value = {"a_b": {"c_d": 1}, "e": [], 7: 8}
    assert camel_keys(value) == {"aB": {"c_d": 1}, "e": [], "7": 8}
