"""A log group, and the trail that fills one, or a stream, with audit events."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fakes.stream import Stream

_KEPT: Final = 10_000  # entries; the oldest are forgotten
_LEVELS: Final = {"ERROR": "ERROR", "CANCELLED": "WARN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry, as Cloud Logging keeps it.

    Attributes:
        timestamp: When it happened.
        level: TRACE, DEBUG, INFO, WARN, ERROR or FATAL.
        message: The text.
        resource_type: What wrote it, as `audit-trails.trail`.
        resource_id: Which one.
        json_payload: The structured part, if any.
    """

    timestamp: datetime
    level: str
    message: str
    resource_type: str
    resource_id: str
    json_payload: dict[str, Any] | None = field(default=None)


class LogGroup:
    """Entries in the order of writing, and whoever wants to hear of new ones."""

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=_KEPT)
        self._hooks: list[Callable[[LogEntry], None]] = []

    @property
    def entries(self) -> list[LogEntry]:
        """The newest 10,000 entries, oldest first."""
        return list(self._entries)

    def write(self, entry: LogEntry) -> None:
        """Keep *entry* and tell the subscribers."""
        self._entries.append(entry)
        for hook in self._hooks:
            hook(entry)

    def subscribe(self, hook: Callable[[LogEntry], None]) -> None:
        """Call *hook* with every entry from now on."""
        self._hooks.append(hook)

    def unsubscribe(self, hook: Callable[[LogEntry], None]) -> None:
        """Call *hook* no more."""
        self._hooks.remove(hook)


class Trail:
    """Writes audit events into a log group or a stream, one entry or record each.

    Level and text are the documented ones (yandex-cloud/docs:
    en/audit-trails/concepts/format.md).  That the event is the entry's JSON
    payload is inferred from the documentation's log filters.  That a record of a
    stream is one event, as JSON and not compressed, is an assumption.

    Args:
        trail_id: Its id.
        destination: Where it writes.
    """

    def __init__(self, trail_id: str, destination: LogGroup | Stream) -> None:
        self._id = trail_id
        self._destination = destination

    def record(self, event: dict[str, Any]) -> None:
        """Write one audit event, as its subscriber."""
        if isinstance(self._destination, Stream):
            self._destination.put(json.dumps(event).encode())
        else:
            self._destination.write(self._entry(event))

    def _entry(self, event: dict[str, Any]) -> LogEntry:
        names = [one["resource_name"] for one in event["resource_metadata"]["path"]]
        parts = (
            event["event_status"],
            event["event_type"],
            event["authentication"]["subject_name"],
            *names[1:],
        )
        return LogEntry(
            timestamp=datetime.fromisoformat(event["event_time"]),
            level=_LEVELS.get(event["event_status"], "INFO"),
            message=" ".join(parts),
            resource_type="audit-trails.trail",
            resource_id=self._id,
            json_payload=event,
        )
