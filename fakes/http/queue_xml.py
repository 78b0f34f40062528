"""Writes the XML of the Query protocol: answers and errors.

(yandex-cloud/docs: en/message-queue/api-ref/index.md)  Like the documented
samples, answers have no namespace.  Nothing here reads XML.
"""

import base64
import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from fakes.http.queue_answer import Answer, Value
from fakes.queue.errors import QueueError

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Written as it is, a carriage return would be read as a line feed.
_ENTITIES: Final = {"\r": "&#13;"}
_REPLACEMENT: Final = "\ufffd"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What cannot be written as it is; most text has nothing of it.
_SPECIAL: Final = re.compile(f"[&<>\r]|{_NOT_XML.pattern}")

# A list is repeated elements; those of a batch are named after the action.
_ITEMS: Final = {
    "Failed": "BatchResultErrorEntry",
    "Messages": "Message",
    "QueueUrls": "QueueUrl",
}
# A map is repeated elements too, with one child for the key and one for the value.
_ENTRIES: Final = {
    "Attributes": ("Attribute", "Name", "Value"),
    "MessageAttributes": ("MessageAttribute", "Name", "Value"),
    "Tags": ("Tag", "Key", "Value"),
}


def render_answer(action: str, answer: Answer | None, request_id: str) -> bytes:
    """Return the document that answers *action*; None means without a Result."""
    items = {**_ITEMS, "Successful": f"{action}ResultEntry"}
    return _document(
        f"{action}Response",
        "" if answer is None else _element(f"{action}Result", _members(answer, items)),
        _element("ResponseMetadata", _text("RequestId", request_id)),
    )


def render_error(error: QueueError, request_id: str) -> bytes:
    """Return the document that tells of *error*."""
    return _document(
        "ErrorResponse",
        _element(
            "Error",
            _text("Type", "Sender" if error.senders_fault else "Receiver"),
            _text("Code", error.code),
            _text("Message", error.message),
        ),
        _text("RequestId", request_id),
    )


def _members(answer: Answer, items: Mapping[str, str]) -> str:
    return "".join(_render(name, value, items) for name, value in answer.items())


def _render(name: str, value: Value, items: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, bool):
        return _text(name, "true" if value else "false")
    if isinstance(value, bytes):
        return _text(name, base64.b64encode(value).decode())
    if isinstance(value, Mapping):
        if name in _ENTRIES:
            return _entries(_ENTRIES[name], value, items)
        return _element(name, _members(value, items))
    return "".join(_render(items[name], it, items) for it in value)


def _entries(
    names: tuple[str, str, str], value: Mapping[str, Value], items: Mapping[str, str]
) -> str:
    entry, key_name, value_name = names
    return "".join(
        _element(entry, _text(key_name, key), _render(value_name, it, items))
        for key, it in value.items()
    )


def _text(name: str, value: str) -> str:
    """Return an element that contains *value*, every character of which survives.

    What XML cannot express, and no message can contain, becomes U+FFFD: some
    error quotes what it refuses.
    """
    if _SPECIAL.search(value):
        value = escape(_NOT_XML.sub(_REPLACEMENT, value), _ENTITIES)
    return f"<{name}>{value}</{name}>"


def _element(name: str, *children: str) -> str:
    """Return an element around *children*, which are XML already."""
    return f"<{name}>{''.join(children)}</{name}>"


def _document(name: str, *children: str) -> bytes:
    return (_HEAD + _element(name, *children)).encode()
