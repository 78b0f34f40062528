"""Moments on the wire: RFC 3339 text and the two odd forms that triggers use."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?"
    r"\s?([Zz]|[+-]\d\d:?\d\d)(?: UTC)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_moment(value: Any) -> datetime | None:
    """Return the moment in UTC, or None if *value* tells none.

    Understood are RFC 3339, the `{seconds, nanos}` and the `2021-09-02
    18:29:17.118082213 +0000 UTC` of the logging trigger (yandex-cloud/docs:
    en/_includes/functions/logging-format.md).  Beyond microseconds, digits are
    cut: moments are compared here, not handed on.

    >>> read_moment("2019-12-04T12:05:14.227761999Z")
    datetime.datetime(2019, 12, 4, 12, 5, 14, 227761, tzinfo=datetime.timezone.utc)
    """
    try:
        if isinstance(value, Mapping):
            return after_epoch(seconds=int(value["seconds"]))
        if isinstance(value, str) and (found := _RFC3339.fullmatch(value.strip())):
            whole, fraction, zone = found.groups()
            micros = (fraction or "0").ljust(6, "0")[:6]
            text = f"{whole.upper()}.{micros}{zone.upper()}"
            return datetime.fromisoformat(text).astimezone(UTC)
    except (KeyError, OverflowError, TypeError, ValueError):
        pass
    return None


def read_millis(value: Any) -> datetime | None:
    """Return the moment of Message Queue's `SentTimestamp`: milliseconds, as text."""
    try:
        return after_epoch(milliseconds=int(value))
    except (OverflowError, TypeError, ValueError):
        return None


def after_epoch(*, seconds: int = 0, milliseconds: int = 0) -> datetime:
    """Return the moment so long after 1970 in UTC."""
    return _EPOCH + timedelta(seconds=seconds, milliseconds=milliseconds)


def render_moment(moment: datetime) -> str:
    """Return *moment* as RFC 3339 with milliseconds.

    >>> render_moment(datetime(2026, 1, 2, 3, 4, 5, 678999, tzinfo=UTC))
    '2026-01-02T03:04:05.678Z'
    """
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"
