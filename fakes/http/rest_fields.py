"""Puts proto3 JSON into messages, and names the field that does not fit.

`google.protobuf.json_format` does the same, but takes `[]` for an object, and
its complaints list every field there is.
"""

import json
from typing import Any, Final, NoReturn, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from fakes.http.rest_scalars import from_text, read_scalar, refusal, wrapped_field

BODY: Final = "body"
"""What the whole of a body is called in a refusal."""

_WELL_KNOWN: Final = "google.protobuf."
# All that json_format, which is made for trusted input, is seen to fail with.
_MISFITS: Final = (
    ParseError,
    *(ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)


def read_json(body: bytes) -> Any:
    """Return what is in *body*; of an empty one, an empty object.

    Raises:
        ApiError: INVALID_ARGUMENT if it is not JSON in UTF-8, is nested too
            deeply, or gives one name twice.
    """
    try:
        return json.loads(
            body.decode() or "{}", object_pairs_hook=_once, parse_constant=_unknown
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise refusal(BODY, f"not JSON: {error.msg} at {where}") from None
    except UnicodeDecodeError:
        raise refusal(BODY, "not UTF-8") from None
    except RecursionError:
        raise refusal(BODY, "nested too deeply") from None
    except ValueError:
        # Python reads integers up to so many digits.
        raise refusal(BODY, "there is a number that is too long") from None


def read_message(message: Message, value: Any, place: str = BODY) -> None:
    """Put *value*, from JSON, into *message*.

    Fields go by their lowerCamelCase or their original names; null stands for
    an absent one.

    Raises:
        ApiError: INVALID_ARGUMENT, with the place of what does not fit.
    """
    if wrapped := wrapped_field(type_of(message)):
        read_field(message, wrapped, value, place)
        return
    if is_well_known(type_of(message)):
        _read_well_known(message, value, place)
        return
    if not isinstance(value, dict):
        raise refusal(place, "must be an object")
    seen: set[str] = set()
    for name, content in value.items():
        inner = name if place == BODY else f"{place}.{name}"
        field = field_of(type_of(message), name)
        if field is None:
            raise refusal(inner, "no such field")
        if content is None:
            continue
        # Two spellings of one field, or two fields of which one may be there.
        group = (field.containing_oneof or field).name
        if group in seen:
            raise refusal(inner, f"there is another {group}")
        seen.add(group)
        read_field(message, field, content, inner)


def read_field(
    message: Message, field: FieldDescriptor, value: Any, place: str
) -> None:
    """Put *value*, from JSON, into one *field* of *message*.

    Raises:
        ApiError: As of `read_message`.
    """
    if entry := map_entry(field):
        _read_map(getattr(message, field.name), entry, value, place)
    elif field.is_repeated:
        _read_list(message, field, value, place)
    elif field.message_type:
        inner = getattr(message, field.name)
        inner.SetInParent()
        read_message(inner, value, place)
    else:
        setattr(message, field.name, read_scalar(field, value, place))


def field_of(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    """Return the field that is called *name* in JSON or in the API's sources."""
    for field in descriptor.fields:
        if name in (field.name, field.json_name):
            return field
    return None


def map_entry(field: FieldDescriptor) -> Descriptor | None:
    """Return the type of the entries of *field*, None if it is no map."""
    entry = field.message_type
    return entry if entry and entry.GetOptions().map_entry else None


def type_of(message: Message) -> Descriptor:
    """Return the descriptor of *message*, which has two types for type checkers."""
    return cast("Descriptor", message.DESCRIPTOR)


def is_well_known(descriptor: Descriptor) -> bool:
    """Tell whether it has a JSON form of its own, as times and masks have."""
    return bool(descriptor.full_name.startswith(_WELL_KNOWN))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(one for one in names if names.count(one) > 1)
        raise refusal(twice, "is there twice")
    return found


def _unknown(constant: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python reads though JSON has no such."""
    raise refusal(BODY, f"not JSON: {constant}")


def _read_list(
    message: Message, field: FieldDescriptor, value: Any, place: str
) -> None:
    if not isinstance(value, list):
        raise refusal(place, "must be a list")
    items = getattr(message, field.name)
    for index, item in enumerate(value):
        inner = f"{place}[{index}]"
        if field.message_type:
            read_message(items.add(), item, inner)
        else:
            items.append(read_scalar(field, item, inner))


def _read_map(entries: Any, kind: Descriptor, value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise refusal(place, "must be an object")
    key, held = (kind.fields_by_name[one] for one in ("key", "value"))
    for name, content in value.items():
        inner = f"{place}.{name}"
        entry: Any = GetMessageClass(kind)()
        read_field(entry, key, from_text(key, name), inner)
        read_field(entry, held, content, inner)
        if held.message_type:
            entries[entry.key].CopyFrom(entry.value)
        else:
            entries[entry.key] = entry.value


def _read_well_known(message: Message, value: Any, place: str) -> None:
    try:
        ParseDict(value, message)
    except _MISFITS:
        name = message.DESCRIPTOR.name
        raise refusal(place, f"not a {name} of proto3 JSON") from None
