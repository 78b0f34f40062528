"""Logs as the platform wants them: one JSON line a step.

A line counts as structured if it has `message`; `level` must be one of TRACE,
DEBUG, INFO, WARN, ERROR, FATAL; all other fields become the JSON payload
(yandex-cloud/docs: en/_includes/functions/structured-logs.md).
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

_LEVELS = {"warning": "WARN", "critical": "FATAL", "exception": "ERROR"}
_LONGEST_VALUE = 8_000  # an entry over 64 KB is split, and no longer structured


def configure(stream: TextIO = sys.stdout) -> None:
    """Send log lines to *stream*: JSON, or plain text if it is a terminal."""
    renderer: Processor = (
        structlog.dev.ConsoleRenderer()
        if stream.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            *([] if stream.isatty() else [_platform_shape]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _platform_shape(_logger: Any, _name: str, line: EventDict) -> EventDict:
    """Rename what the platform calls otherwise, and bound every value."""
    level = str(line.pop("level", "info"))
    message = line.pop("event", "")
    shaped: EventDict = {
        "message": _bounded(message),
        "level": _LEVELS.get(level, level.upper()),
        "stream_name": "nic-attach",
    }
    for name, value in line.items():
        shaped[name] = _bounded(value)
    return shaped


def _bounded(value: Any) -> Any:
    """Return what JSON has as it is, anything else as text that is not too long.

    The end of a long text is kept: in a traceback it is the error itself.
    """
    if value is None or isinstance(value, int | float):
        return value
    return str(value)[-_LONGEST_VALUE:]
