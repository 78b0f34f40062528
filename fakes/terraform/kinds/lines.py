"""Lines that functions print, as entries of a log group."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from fakes.logs import LogEntry, LogGroup

_LEVELS: Final = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def writer(
    group: LogGroup | None, function_id: str, least: str, now: Callable[[], datetime]
) -> Callable[[str], None]:
    """Return what writes the lines of a function into *group*.

    A line that is a JSON object with `message` is structured (yandex-cloud/docs:
    en/_includes/functions/structured-logs.md); of any other the level is not
    specified, so that it is written whatever the least level is (an assumption).

    Args:
        group: Where to; None for nowhere.
        function_id: Whose lines they are.
        least: The least level that is written; '' for all.
        now: Tells the time.
    """

    def write(line: str) -> None:
        message, level, payload = _read(line)
        if group is None or _is_below(level, least):
            return
        group.write(
            LogEntry(
                timestamp=now(),
                level=level or "LEVEL_UNSPECIFIED",
                message=message,
                resource_type="serverless.function",
                resource_id=function_id,
                json_payload=payload,
            )
        )

    return write


def _read(line: str) -> tuple[str, str, dict[str, Any] | None]:
    """Return the text of a line, its level and what else it holds."""
    try:
        fields = json.loads(line)
        message, level = str(fields.pop("message")), fields.pop("level", "")
    except (AttributeError, KeyError, TypeError, ValueError):
        return line, "", None
    return message, level if level in _LEVELS else "", fields


def _is_below(level: str, least: str) -> bool:
    if level not in _LEVELS or least not in _LEVELS:
        return False
    return _LEVELS.index(level) < _LEVELS.index(least)
