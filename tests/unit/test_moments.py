"""Moments are read in every form that triggers use, and written in one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.moments import after_epoch, read_millis, read_moment, render_moment
from tests.unit.build import json_values


def at(micros=0):
    return datetime(2021, 9, 2, 18, 29, 17, micros, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-09-02T18:29:17Z", at()),
        ("2021-09-02t18:29:17z", at()),
        (" 2021-09-02T18:29:17Z\n", at()),
        ("2021-09-02T18:29:17.1Z", at(100_000)),
        ("2021-09-02T18:29:17.123456Z", at(123_456)),
        ("2021-09-02T18:29:17.123456789Z", at(123_456)),
        ("2021-09-02T21:29:17+03:00", at()),
        ("2021-09-02 18:29:17.118082213 +0000 UTC", at(118_082)),
        ("2021-09-02 18:29:17 +0000 UTC", at()),
        ({"seconds": 1630607357, "nanos": 6794776}, at()),
        ({"seconds": "1630607357"}, at()),
        ("0001-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_every_form_on_the_wire_is_read(value, expected):
    """RFC 3339, the logging trigger's two forms, and an offset all give UTC."""
    assert read_moment(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        1630607357,
        "",
        "yesterday",
        "2021-09-02",
        "2021-09-02T18:29:17",
        "2021-13-02T18:29:17Z",
        "2021-09-02T24:00:01Z",
        "2021-09-02T18:29:17.1234567890Z",
        "2021-09-02T18:29:17+99:99",
        "0001-01-01T00:00:00+23:59",
        {},
        {"seconds": None},
        {"seconds": "x"},
        {"seconds": 10**30},
        {"seconds": float("inf")},
        {"seconds": float("nan")},
    ],
)
def test_what_tells_no_moment_is_none(value):
    """Whatever else is there, or lies outside the calendar, tells no moment."""
    assert read_moment(value) is None


@pytest.mark.parametrize("kind", [str, int])
def test_milliseconds_are_read(kind):
    """Message Queue's `SentTimestamp` is milliseconds since 1970, in text."""
    assert read_millis(kind(1630607357123)) == at(123_000)


@pytest.mark.parametrize("value", [None, "", "x", "9" * 30, "9" * 5_000, [], 1e300])
def test_what_tells_no_milliseconds_is_none(value):
    """Anything but a number of milliseconds within the calendar tells no moment."""
    assert read_millis(value) is None


def test_the_epoch_is_1970():
    """Seconds and milliseconds count from 1970 and add up."""
    moment = datetime(1970, 1, 1, 0, 0, 2, 5_000, tzinfo=UTC)
    assert after_epoch(seconds=2, milliseconds=5) == moment


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(), "2021-09-02T18:29:17.000Z"),
        (at(999_999), "2021-09-02T18:29:17.999Z"),
        (
            at().astimezone(timezone(timedelta(hours=3))),
            "2021-09-02T18:29:17.000Z",
        ),
    ],
)
def test_moments_are_written_in_utc_with_milliseconds(moment, expected):
    """Whatever the zone, the text is UTC, cut to milliseconds."""
    assert render_moment(moment) == expected


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read(moment):
    """A rendered moment reads as the same one, but for what milliseconds cut."""
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert read_moment(render_moment(moment)) == cut


@given(json_values)
def test_no_value_breaks_a_reader(value):
    """Any JSON value tells a moment in UTC or none at all."""
    for read in (read_moment, read_millis, lambda one: read_moment({"seconds": one})):
        found = read(value)
        assert found is None or found.tzinfo is UTC
