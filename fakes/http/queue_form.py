"""Reads the form of the Query protocol: `Name.N.Name=value` into structure.

(yandex-cloud/docs: en/message-queue/api-ref/index.md, array parameters)
"""

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.message import DataType, MessageAttribute

Form = Mapping[str, str]

# Ten messages of ten attributes of three fields each, and room for the rest.
_MOST_FIELDS: Final = 1000
_INDEX: Final = re.compile(r"[1-9][0-9]{0,5}")
_DATA_TYPES: Final = {it.value: it for it in DataType}


def parse_form(query: bytes, body: bytes) -> Form:
    """Return the fields of the query string and of the body, which has precedence.

    Raises:
        QueueError: MalformedQueryString, if either is not a form in UTF-8.
    """
    form: dict[str, str] = {}
    try:
        for part in (query, body):
            if part:
                form.update(_fields(part.decode("ascii")))
    except ValueError:
        msg = "The request is not a form of name=value pairs in UTF-8."
        refuse(Refusal.MALFORMED_QUERY_STRING, msg)
    return form


def _fields(text: str) -> list[tuple[str, str]]:
    return parse_qsl(
        text,
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=_MOST_FIELDS,
    )


def required(form: Form, name: str) -> str:
    """Return the field *name*.

    Raises:
        QueueError: MissingParameter, if it is not there.
    """
    if name not in form:
        refuse(Refusal.MISSING_PARAMETER, f"The parameter {name} is missing.")
    return form[name]


def values(form: Form, name: str) -> list[str]:
    """Return the fields *name*.1, *name*.2 and so on, in that order.

    Raises:
        QueueError: InvalidQueryParameter, if one has another number or more parts.
    """
    found = entries(form, name)
    for index, entry in found.items():
        if entry.keys() != {""}:
            msg = f"{name}.{index} is a value and has no parts."
            refuse(Refusal.INVALID_QUERY_PARAMETER, msg)
    return [entry[""] for entry in found.values()]


def entries(form: Form, name: str) -> dict[str, Form]:
    """Return the structures *name*.1, *name*.2 and so on, in that order.

    Each is a form by itself, of what comes after the number, by its number;
    numbers may be left out.

    Raises:
        QueueError: InvalidQueryParameter, if one has no number.
    """
    found: dict[str, dict[str, str]] = {}
    prefix = name + "."
    for key, value in form.items():
        if key.startswith(prefix):
            index, _, rest = key.removeprefix(prefix).partition(".")
            if not _INDEX.fullmatch(index):
                msg = f"{key[:100]!r} has no number after {name}."
                refuse(Refusal.INVALID_QUERY_PARAMETER, msg)
            found.setdefault(index, {})[rest] = value
    return {index: found[index] for index in sorted(found, key=int)}


def named_values(form: Form, name: str, key: str = "Name") -> dict[str, str]:
    """Return the fields *name*.N.*key* with their *name*.N.Value.

    Raises:
        QueueError: MissingParameter, if either is missing; InvalidQueryParameter.
    """
    return {
        required(it, key): required(it, "Value") for it in entries(form, name).values()
    }


def message_attributes(form: Form) -> dict[str, MessageAttribute]:
    """Return the attributes of a message, in the spelling of AWS.

    The documentation writes `MessageAttributeName.N`, which no SDK sends; that
    the cloud takes the spelling of AWS is an assumption.

    Raises:
        QueueError: MissingParameter, InvalidParameterValue or
            InvalidQueryParameter.
    """
    attributes: dict[str, MessageAttribute] = {}
    for entry in entries(form, "MessageAttribute").values():
        name = required(entry, "Name")
        if name in attributes:
            refuse_value(f"There are two attributes {name[:300]!r}.")
        attributes[name] = _message_attribute(entry)
    return attributes


def _message_attribute(entry: Form) -> MessageAttribute:
    label = required(entry, "Value.DataType")
    data_type = _DATA_TYPES.get(label)
    if data_type is None:
        refuse_value(f"{label[:100]!r} is not String, Number or Binary.")
    if data_type is DataType.BINARY:
        value: str | bytes = _read_base64(required(entry, "Value.BinaryValue"))
    else:
        value = required(entry, "Value.StringValue")
    return MessageAttribute(data_type=data_type, value=value)


def _read_base64(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        refuse_value("A BinaryValue is not Base64.")
