"""Writes the XML of Message Queue: answers and errors.

(yandex-cloud/docs: en/message-queue/api-ref/index.md)  Like the documented
samples, answers have no namespace.  Nothing here reads XML.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from fakes.queue.errors import QueueError

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Written as it is, a carriage return would be read as a line feed.
_ENTITIES: Final = {"\r": "&#13;"}
_REPLACEMENT: Final = "\ufffd"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(name: str, value: str) -> str:
    """Return an element that contains *value*, every character of which survives.

    What XML cannot express, and no message can contain, becomes U+FFFD: some
    error quotes what it refuses.
    """
    return f"<{name}>{escape(_NOT_XML.sub(_REPLACEMENT, value), _ENTITIES)}</{name}>"


def element(name: str, *children: str) -> str:
    """Return an element around *children*, which are XML already."""
    return f"<{name}>{''.join(children)}</{name}>"


def pairs(name: str, values: Mapping[str, str]) -> str:
    """Return one element for each of *values*, with a Name and a Value."""
    return "".join(
        element(name, text("Name", key), text("Value", value))
        for key, value in values.items()
    )


def render_answer(action: str, result: str | None, request_id: str) -> bytes:
    """Return the document that answers *action*; *result* is XML already."""
    return _document(
        f"{action}Response",
        "" if result is None else element(f"{action}Result", result),
        element("ResponseMetadata", text("RequestId", request_id)),
    )


def render_error(error: QueueError, request_id: str) -> bytes:
    """Return the document that tells of *error*."""
    return _document(
        "ErrorResponse",
        element(
            "Error",
            text("Type", "Sender" if error.senders_fault else "Receiver"),
            text("Code", error.code),
            text("Message", error.message),
        ),
        text("RequestId", request_id),
    )


def render_entry_error(entry_id: str, error: QueueError) -> str:
    """Return the element that tells of the *error* of one entry of a batch."""
    return element(
        "BatchResultErrorEntry",
        text("Id", entry_id),
        text("Code", error.code),
        text("Message", error.message),
        text("SenderFault", "true" if error.senders_fault else "false"),
    )


def _document(name: str, *children: str) -> bytes:
    return (_HEAD + element(name, *children)).encode()
