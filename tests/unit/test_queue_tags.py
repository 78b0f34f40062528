"""Tags: what may be one, and what becomes of those that are there."""

import pytest

from fakes.queue import LIMITS, QueueError, Refusal
from fakes.queue.tags import tagged, untagged

LONG = "a" * 63


def refusal(tags, new):
    with pytest.raises(QueueError) as caught:
        tagged(tags, new, LIMITS)
    return caught.value.refusal


def test_tags_add_up():
    """A new tag joins the others and replaces the one of its key."""
    assert tagged({"a": "1", "b": "1"}, {"b": "2", "c": "2"}, LIMITS) == {
        "a": "1",
        "b": "2",
        "c": "2",
    }


def test_tags_go_by_their_keys():
    """What is named is gone, and what is not there was gone already."""
    assert untagged({"a": "1", "b": "1"}, ["b", "c"]) == {"a": "1"}


@pytest.mark.parametrize(("key", "value"), [("a", "0"), ("a-_9", "-_9z"), (LONG, LONG)])
def test_takes_what_is_documented(key, value):
    """1 to 63 small letters, digits, hyphens and underscores."""
    assert tagged({}, {key: value}, LIMITS) == {key: value}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, "x") for key in ("", "A", "1a", "_a", "ä", "a b", "a\n", LONG + "a")),
        *(("a", value) for value in ("", "A", "ä", "a b", "a.b", "a\n", LONG + "a")),
    ],
)
def test_refuses_what_is_not(key, value):
    """Neither a key nor a value may be anything else, nor empty."""
    assert refusal({}, {key: value}) is Refusal.INVALID_PARAMETER_VALUE


def test_limits_their_number():
    """A queue has 50 tags; one more is refused, another value of one is not."""
    full = {f"a{n}": "x" for n in range(50)}
    assert tagged(full, {"a0": "y"}, LIMITS)["a0"] == "y"
    assert refusal(full, {"b": "x"}) is Refusal.INVALID_PARAMETER_VALUE
