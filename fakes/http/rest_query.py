"""Puts the parameters of a URL into messages.

A parameter is called as the field it goes to, with dots before those of fields
within; where a field holds a list, it may come more than once (googleapis:
google/api/http.proto, "Rules for HTTP mapping").
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from fakes.http.rest_fields import (
    field_of,
    is_well_known,
    map_entry,
    read_field,
    type_of,
)
from fakes.http.rest_scalars import from_text, refusal

QUERY: Final = "query"
"""What all parameters together are called in a refusal."""

_MOST: Final = 1000  # parameters


def read_query(message: Message, query: bytes) -> None:
    """Put the parameters in *query*, as sent, into *message*.

    Raises:
        ApiError: INVALID_ARGUMENT, with the parameter that does not fit.
    """
    taken: set[tuple[str, ...]] = set()
    for name, texts in _parse(query).items():
        path, place, field = _find(message, name)
        if path in taken:
            raise refusal(name, f"there is another {path[-1]}")
        taken.add(path)
        _put(place, field, name, texts)


def _parse(query: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            query.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except UnicodeDecodeError:
        raise refusal(QUERY, "not UTF-8") from None
    except ValueError:
        raise refusal(QUERY, f"more than {_MOST} parameters") from None
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


def _find(
    message: Message, name: str
) -> tuple[tuple[str, ...], Message, FieldDescriptor]:
    """Return where the parameter *name* goes.

    Returns:
        What else may not be there with it, the message within *message*, and the
        field in that.
    """
    path: tuple[str, ...] = ()
    *outer, last = name.split(".")
    for step in outer:
        field = field_of(type_of(message), step)
        if field is None or not _is_plain_message(field):
            raise refusal(name, "no such parameter")
        message = getattr(message, field.name)
        message.SetInParent()
        path += (field.name,)
    field = field_of(type_of(message), last)
    if field is None or map_entry(field) or not _has_text(field):
        raise refusal(name, "no such parameter")
    # Two spellings of one field, or two fields of which one may be there.
    group = (field.containing_oneof or field).name
    return (*path, group), message, field


def _is_plain_message(field: FieldDescriptor) -> bool:
    kind = field.message_type
    return bool(kind and not field.is_repeated and not is_well_known(kind))


def _has_text(field: FieldDescriptor) -> bool:
    """Tell whether one text is a value of *field*, or of what it lists."""
    return not field.message_type or is_well_known(field.message_type)


def _put(
    message: Message, field: FieldDescriptor, name: str, texts: Sequence[str]
) -> None:
    values = [from_text(field, text) for text in texts]
    if field.is_repeated:
        read_field(message, field, values, name)
    elif len(values) > 1:
        raise refusal(name, "is there twice")
    else:
        read_field(message, field, values[0], name)
