"""Where the log lines of the functions go while a schedule is played."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any, Final

import structlog
from structlog.typing import EventDict

# What says the same on every line of a story, or fills a page.
_LEFT_OUT: Final = {"attempt", "event_id", "exc_info", "request_id", "subject"}


@contextlib.contextmanager
def logs_to(listener: Callable[[dict[str, Any]], None] | None) -> Iterator[None]:
    """Let *listener* have every line, or nobody; afterwards all is as before."""
    configured, before = structlog.is_configured(), structlog.get_config()

    def pass_on(_logger: Any, _name: str, line: EventDict) -> EventDict:
        if listener is not None:
            said = {name: it for name, it in line.items() if name not in _LEFT_OUT}
            listener(said)
        raise structlog.DropEvent

    level = logging.CRITICAL if listener is None else logging.INFO
    structlog.configure(
        processors=[pass_on],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.reset_defaults()
        if configured:
            structlog.configure(**before)
