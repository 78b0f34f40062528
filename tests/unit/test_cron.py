"""Cron expressions of timers, in the platform's dialect."""

from datetime import UTC, datetime, timedelta

import pytest

from fakes.triggers.cron import Cron, CronError

FRIDAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def firings(text, times=3):
    cron, found, moment = Cron.parse(text), [], FRIDAY
    for _ in range(times):
        moment = cron.after(moment)
        found.append(f"{moment:%a %Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * ? *", "Fri 2026-01-02 03:05"),
        ("0 * ? * * *", "Fri 2026-01-02 04:00"),
        ("15 10 ? * * *", "Fri 2026-01-02 10:15"),
    ],
)
def test_the_documented_examples_fire_as_documented(text, expected):
    """Every minute, every hour, every day at 10:15."""
    assert firings(text, 1) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0/15 3 * * ?", ["Fri 2026-01-02 03:15", "Fri 2026-01-02 03:30"]),
        ("0 10-12 * * ? *", ["Fri 2026-01-02 10:00", "Fri 2026-01-02 11:00"]),
        ("5-9/3 4 * * ? *", ["Fri 2026-01-02 04:05", "Fri 2026-01-02 04:08"]),
        ("*/40 4 * * ? *", ["Fri 2026-01-02 04:00", "Fri 2026-01-02 04:40"]),
        ("0 0 10 * ? *", ["Sat 2026-01-10 00:00", "Tue 2026-02-10 00:00"]),
        ("0 0 ? * MON,wed *", ["Mon 2026-01-05 00:00", "Wed 2026-01-07 00:00"]),
        ("0 0 ? * 1 *", ["Sun 2026-01-04 00:00", "Sun 2026-01-11 00:00"]),
        ("0 0 ? * mon-tue *", ["Mon 2026-01-05 00:00", "Tue 2026-01-06 00:00"]),
        ("0 0 1 feb,12 ? *", ["Sun 2026-02-01 00:00", "Tue 2026-12-01 00:00"]),
        ("0 0 1 1 ? 2030-2099", ["Tue 2030-01-01 00:00", "Wed 2031-01-01 00:00"]),
        ("0 0 L * ? *", ["Sat 2026-01-31 00:00", "Sat 2026-02-28 00:00"]),
        ("0 0 LW * ? *", ["Fri 2026-01-30 00:00", "Fri 2026-02-27 00:00"]),
        ("0 0 15W * ? *", ["Thu 2026-01-15 00:00", "Mon 2026-02-16 00:00"]),
        ("0 0 1W 8,11 ? *", ["Mon 2026-08-03 00:00", "Mon 2026-11-02 00:00"]),
        ("0 0 31W 5 ? *", ["Fri 2026-05-29 00:00", "Mon 2027-05-31 00:00"]),
        ("0 0 30W 1-3 ? *", ["Fri 2026-01-30 00:00", "Mon 2026-03-30 00:00"]),
        ("0 0 14W 3 ? *", ["Fri 2026-03-13 00:00", "Mon 2027-03-15 00:00"]),
        ("0 0 ? * L *", ["Sat 2026-01-03 00:00", "Sat 2026-01-10 00:00"]),
        ("0 0 ? * 6#3 *", ["Fri 2026-01-16 00:00", "Fri 2026-02-20 00:00"]),
        ("0 0 ? * FRI#5 *", ["Fri 2026-01-30 00:00", "Fri 2026-05-29 00:00"]),
        ("0 0 29 2 ? *", ["Tue 2028-02-29 00:00", "Sun 2032-02-29 00:00"]),
    ],
)
def test_every_special_character_has_its_meaning(text, expected):
    """Steps, ranges, lists, names, last days, workdays and numbered weekdays."""
    assert firings(text, 2) == expected


@pytest.mark.parametrize("text", ["0 0 30 2 ? *", "* * * * ? 2025"])
def test_what_never_comes_is_never_due(text):
    """The thirtieth of February, or a year that is over."""
    assert Cron.parse(text).after(FRIDAY) is None


def test_a_firing_is_later_than_what_it_comes_after():
    """On the minute, the next one is meant; a moment before it, that minute."""
    cron, minute = Cron.parse("* * * * ? *"), FRIDAY.replace(second=0)
    assert cron.after(minute) == minute + timedelta(minutes=1)
    assert cron.after(minute - timedelta(microseconds=1)) == minute


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "five or six fields"),
        ("* * * *", "five or six fields"),
        ("0 * * * * ? *", "five or six fields"),
        ("*" + " " * 100 + "* * * ? *", "in 100 characters"),
        ("* * * * * *", r"exactly one of .* must be \?"),
        ("* * ? * ? *", r"exactly one of .* must be \?"),
        ("60 * * * ? *", "minutes: '60' does not select from 0 to 59"),
        ("* 24 * * ? *", "hours: '24'"),
        ("* * 0 * ? *", "day of month: '0'"),
        ("* * W * ? *", "day of month: ''"),
        ("* * L-3 * ? *", "day of month: 'L'"),
        ("* * * 13 ? *", "month: '13' .* 1 to 12 or JAN to DEC"),
        ("* * * foo ? *", "month: 'FOO'"),
        ("* * * ? * *", r"month: '\?'"),
        ("* * ? * 8 *", "day of week: '8' .* or SUN to SAT"),
        ("* * ? * FRI-MON *", "day of week: 'FRI-MON'"),
        ("* * ? * 6#6 *", "after #: '6' does not select from 1 to 5"),
        ("* * ? * 6L *", "day of week: '6L'"),
        ("* * * * ? 1969", "year: '1969'"),
        ("*/0 * * * ? *", r"minutes: '\*/0'"),
        ("*/-1 * * * ? *", r"minutes: '\*/-1'"),
        ("1, * * * ? *", "minutes: ''"),
        ("٣ * * * ? *", "minutes: '٣'"),  # an Arabic three
    ],
)
def test_what_is_wrong_is_said(text, complaint):
    """The field, the part of it, and what it could be."""
    with pytest.raises(CronError, match=complaint):
        Cron.parse(text)
