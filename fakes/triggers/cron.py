"""Cron expressions of timers: `minutes hours day month weekday year`, in UTC.

Fields, values and special characters are the documented ones (yandex-cloud/docs:
en/_includes/functions/cron-expression.md).  Weekdays count from Sunday, 1, to
Saturday, 7; exactly one of day and weekday is `?`; the year may be left out.
Assumption: a range does not wrap around.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NoReturn

_LONGEST: Final = 100  # characters (yandex-cloud/python-sdk: triggers/v1, Timer)
_MONTHS: Final = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS: Final = (5, 6)
_SATURDAY: Final = 7
_WEEK: Final = 7  # days
_DAY: Final = timedelta(days=1)
_ITEM: Final = re.compile(r"(?:\*|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:/([0-9]+))?")

_OnDay = Callable[[date], bool]


class CronError(ValueError):
    """The text is no cron expression of a timer; it says which part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What a field may hold: numbers within bounds, and names for them."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def values(self, text: str) -> frozenset[int]:
        """Return what `*`, values, ranges, steps and lists of them select."""
        return frozenset(one for item in text.split(",") for one in self.span(item))

    def span(self, item: str) -> range:
        """Return what one item of a list selects."""
        match = _ITEM.fullmatch(item)
        if match is None:
            self.refuse(item)
        first, last, step = match.groups()
        begin = self.value(first) if first else self.low
        # `5/15` runs on to the highest value; `5` by itself does not.
        end = self.value(last) if last else begin if first and not step else self.high
        if begin > end or int(step or 1) < 1:
            self.refuse(item)
        return range(begin, end + 1, int(step or 1))

    def value(self, text: str) -> int:
        """Return the number that *text*, a number or a name, stands for."""
        if text in self.names:
            return self.names.index(text) + 1
        if not text.isdigit() or not self.low <= int(text) <= self.high:
            self.refuse(text)
        return int(text)

    def refuse(self, text: str) -> NoReturn:
        """Say what is wrong with *text*."""
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        msg = f"{self.name}: {text!r} does not select from {self.low} to {self.high}"
        raise CronError(msg + names)


_MINUTE: Final = _Field(name="minutes", low=0, high=59)
_HOUR: Final = _Field(name="hours", low=0, high=23)
_MONTHDAY: Final = _Field(name="day of month", low=1, high=31)
_MONTH: Final = _Field(name="month", low=1, high=12, names=_MONTHS)
_WEEKDAY: Final = _Field(name="day of week", low=1, high=_SATURDAY, names=_WEEKDAYS)
_YEAR: Final = _Field(name="year", low=1970, high=2099)
_NTH: Final = _Field(name="day of week, after #", low=1, high=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """When a timer fires.

    Attributes:
        times: At which times of a day, in order.
        months: In which months.
        years: In which years, 1970 to 2099.
        on_day: Tells whether on that day of them.
    """

    times: tuple[time, ...]
    months: frozenset[int]
    years: frozenset[int]
    on_day: _OnDay

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Return what *text* says.

        Raises:
            CronError: If it is no cron expression of a timer.
        """
        fields = text.upper().split()
        if len(fields) not in _FIELDS or len(text) > _LONGEST:
            msg = f"five or six fields in {_LONGEST} characters are needed: {text!r}"
            raise CronError(msg)
        minutes, hours, day, month, weekday, year = [*fields, "*"][:6]
        return cls(
            times=tuple(
                time(hour, minute, tzinfo=UTC)
                for hour in sorted(_HOUR.values(hours))
                for minute in sorted(_MINUTE.values(minutes))
            ),
            months=_MONTH.values(month),
            years=_YEAR.values(year),
            on_day=_days(day, weekday),
        )

    def after(self, moment: datetime) -> datetime | None:
        """Return the first time after *moment* at which to fire, None if never."""
        for day in self._days_from(moment.date()):
            for at in self.times:
                if (found := datetime.combine(day, at)) > moment:
                    return found
        return None

    def _days_from(self, day: date) -> Iterator[date]:
        while day.year <= max(self.years):
            if day.month in self.months and day.year in self.years and self.on_day(day):
                yield day
            day += _DAY


def _days(day: str, weekday: str) -> _OnDay:
    """Return the days that both fields select; one of them is `?`."""
    if (day == "?") is (weekday == "?"):
        msg = "exactly one of day of month and day of week must be ?"
        raise CronError(msg)
    read, text = (_weekday, weekday) if day == "?" else (_monthday, day)
    selected = [read(item) for item in text.split(",")]
    return lambda one: any(selects(one) for selects in selected)


def _monthday(item: str) -> _OnDay:
    if item == "L":
        return lambda day: day == _last(day)
    if item == "LW":
        return lambda day: day == _nearest_workday(_last(day))
    if item.endswith("W"):
        wanted = _MONTHDAY.value(item.removesuffix("W"))
        return lambda day: (
            wanted <= _last(day).day
            and day == _nearest_workday(day.replace(day=wanted))
        )
    selected = _MONTHDAY.span(item)
    return lambda day: day.day in selected


def _weekday(item: str) -> _OnDay:
    if item == "L":
        return lambda day: _number(day) == _SATURDAY
    if "#" in item:
        name, _, nth = item.partition("#")
        wanted, week = _WEEKDAY.value(name), _NTH.value(nth)
        return lambda day: _number(day) == wanted and (day.day - 1) // _WEEK + 1 == week
    selected = _WEEKDAY.span(item)
    return lambda day: _number(day) in selected


def _number(day: date) -> int:
    """Return the weekday's number, Sunday being 1."""
    return day.isoweekday() % _WEEK + 1


def _last(day: date) -> date:
    """Return the last day of the month of *day*."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _nearest_workday(day: date) -> date:
    """Return the day from Monday to Friday next to *day*, in the same month."""
    if _number(day) == _SATURDAY:
        return day - _DAY if day.day > 1 else day + 2 * _DAY
    if _number(day) == 1:
        return day + _DAY if day != _last(day) else day - 2 * _DAY
    return day
