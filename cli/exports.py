"""Reads audit events from wherever they were exported to.

One JSON value a line, or one over several lines, as `yc logging read --format
json` writes its array.  A string in JSON has no line breaks, so brackets can be
counted line by line, and a file of any length is read with little memory.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from events.envelope import Broken, Delivery, Source, deliveries
from events.moments import read_moment
from events.reading import InvalidDocumentError, read_json

# More than a trigger can bring, and far more than an event has.
_MOST_BYTES = 4 * 1024 * 1024
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(rb"[\[\]{}]")
_NOTHING = object()
# By what a thing is known.
_OF_ENTRIES = {"json_payload", "jsonPayload", "timestamp", "uid"}
_OF_EVENTS = {"event_type", "eventType", "messages"}
_OF_MESSAGES = {"event_metadata", "eventMetadata"}


def read_export(lines: Iterable[bytes]) -> Iterator[tuple[int, Delivery | Broken]]:
    """Yield what *lines* deliver, each with the number of the line it begins in.

    What is broken is yielded as such; the lines after it are read all the same.
    """
    for number, value in _values(_Lines(lines)):
        if value is _NOTHING:
            yield number, _broken("no JSON")
            continue
        for item in value if isinstance(value, list) else [value]:
            for one in _read_item(item):
                yield number, one


def _read_item(item: Any) -> Iterable[Delivery | Broken]:
    """Read an audit event, a log entry with one, or a trigger's envelope."""
    if isinstance(item, list):
        return deliveries([item])
    if not isinstance(item, dict):
        return [_broken("no JSON object")]
    names = item.keys()
    if names & _OF_ENTRIES:
        return [_entry(item)]
    if names & _OF_EVENTS:
        return deliveries(item)
    if names & _OF_MESSAGES:
        return deliveries([item])
    return [_broken("no audit event, no log entry and no trigger's event")]


def _entry(entry: dict[str, Any]) -> Delivery:
    """Read an entry of a log group; without a payload it is none of a trail's."""
    return Delivery(
        event_id=str(entry.get("uid", "")),
        body=entry.get("json_payload", entry.get("jsonPayload")),
        created=read_moment(entry.get("timestamp")),
        source=Source.LOG,
    )


def _broken(problem: str) -> Broken:
    return Broken(event_id="", problem=problem)


class _Lines:
    """Numbered lines, of which the last can be put back."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._rest = enumerate(lines, 1)
        self._again: deque[tuple[int, bytes]] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> tuple[int, bytes]:
        return self._again.popleft() if self._again else next(self._rest)

    def put_back(self, number: int, line: bytes) -> None:
        self._again.append((number, line))


def _values(lines: _Lines) -> Iterator[tuple[int, Any]]:
    """Yield the values, those of an array over several lines one by one."""
    within = False
    for number, line in lines:
        text = line.strip()
        value = _parse(text)
        if value is _NOTHING and text.startswith(b"[") and not within:
            within, text = True, text[1:].lstrip()
        elif within and text[:1] in (b"]", b","):
            within, text = text[:1] == b",", text[1:].lstrip()
        if not text:
            continue
        if value is _NOTHING:
            value = _parse(text.rstrip(b",") if within else text)
        if value is _NOTHING and within and text.endswith(b"]"):
            value = _parse(text[:-1])
            within = value is _NOTHING
        if value is _NOTHING and _depth(text) > 0 and (within or text == b"{"):
            value, within = _gather(line, text, lines, within=within)
        yield number, value


def _gather(
    opener: bytes, text: bytes, lines: _Lines, *, within: bool
) -> tuple[Any, bool]:
    """Return a value over several lines, and whether an array still goes on."""
    held, depth, size = [text], _depth(text), len(text)
    for number, line in lines:
        if line.rstrip() == opener.rstrip():
            # As far to the left as the value itself began: the next one.
            lines.put_back(number, line)
            break
        held.append(line)
        depth += _depth(line)
        size += len(line)
        if depth <= 0:
            whole = b"".join(held).strip()
            ends = depth < 0
            whole = whole.removesuffix(b"]") if ends else whole.rstrip(b",")
            return _parse(whole), within and not ends
        if size > _MOST_BYTES:
            break
    return _NOTHING, within


def _parse(text: bytes) -> Any:
    try:
        return read_json(text)
    except InvalidDocumentError:
        return _NOTHING


def _depth(line: bytes) -> int:
    """Return how many brackets *line* leaves open, less those it closes."""
    if not _BRACKET.search(line):
        return 0  # as most
    bare = _STRING.sub(b"", line)
    opened = bare.count(b"{") + bare.count(b"[")
    return opened - bare.count(b"}") - bare.count(b"]")
