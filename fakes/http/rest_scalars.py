"""Single values of proto3 JSON (protobuf.dev/programming-guides/json).

Stricter than `google.protobuf.json_format`, which takes whatever Python's
`int` and `float` take: `true` for 1, `1_000` for a thousand.
"""

import base64
import math
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from fakes.errors import ApiError, Code

_DIGITS: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
_UNUSUAL: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_FLAGS: Final = {"true": True, "false": False}
_STANDARD: Final = str.maketrans("-_", "+/")
_INT32: Final = range(-(2**31), 2**31)


def refusal(place: str, problem: str) -> ApiError:
    """Return the refusal of a request, for what is at *place* in it."""
    return ApiError(Code.INVALID_ARGUMENT, f"{place}: {problem}")


def read_scalar(field: FieldDescriptor, value: Any, place: str) -> Any:
    """Return *value*, from JSON, as the type of *field*, which is no message.

    Raises:
        ApiError: INVALID_ARGUMENT if it is of another type, or out of range.
    """
    try:
        return _READERS[field.cpp_type](field, value)
    except (ArithmeticError, TypeError, ValueError):
        raise refusal(place, f"must be {_kind_of(field)}") from None


def from_text(field: FieldDescriptor, text: str) -> Any:
    """Return what JSON would have for *text*, from a URL or a map's key."""
    wrapped = wrapped_field(field.message_type) if field.message_type else None
    flag = (wrapped or field).cpp_type == FieldDescriptor.CPPTYPE_BOOL
    return _FLAGS.get(text, text) if flag else text


def wrapped_field(descriptor: Descriptor) -> FieldDescriptor | None:
    """Return the field of a type that stands for its one value, as BoolValue does."""
    if descriptor.file.name == "google/protobuf/wrappers.proto":
        return descriptor.fields_by_name["value"]
    return None


def _integer(field: FieldDescriptor, value: Any) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    number = _float(value)
    if not number.is_integer():
        raise ValueError
    exact = value if isinstance(value, int) else int(number)
    if exact not in _RANGES[field.cpp_type]:
        raise OverflowError
    return exact


def _number(field: FieldDescriptor, value: Any) -> float:
    if isinstance(value, str) and value in _UNUSUAL:
        return _UNUSUAL[value]
    number = _float(value)
    if not math.isfinite(number):
        raise OverflowError
    if field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT:
        struct.pack("<f", number)  # fails if it is out of range
    return number


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError
    return float(value)


def _boolean(_field: FieldDescriptor, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(field: FieldDescriptor, value: Any) -> str | bytes:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # fails if half a character is escaped in it
    if field.type != FieldDescriptor.TYPE_BYTES:
        return value
    standard = value.translate(_STANDARD).rstrip("=")
    padding = "=" * (-len(standard) % 4)
    return base64.b64decode(standard + padding, validate=True)


def _enum(field: FieldDescriptor, value: Any) -> int:
    number = _numbers(field).get(value) if isinstance(value, str) else None
    return _integer(field, value) if number is None else number


def _numbers(field: FieldDescriptor) -> dict[str, int]:
    """Return the numbers of an enumeration by their names."""
    values = field.enum_type.values if field.enum_type else ()
    return {one.name: one.number for one in values}


def _kind_of(field: FieldDescriptor) -> str:
    """Say what a value of *field* must be."""
    if field.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
        return "one of " + ", ".join(_numbers(field))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return "bytes in Base64"
    return _KINDS[field.cpp_type]


_KINDS: Final[Mapping[int, str]] = {
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_DOUBLE: "a number",
    FieldDescriptor.CPPTYPE_FLOAT: "a number",
    FieldDescriptor.CPPTYPE_INT32: "an int32",
    FieldDescriptor.CPPTYPE_INT64: "an int64",
    FieldDescriptor.CPPTYPE_STRING: "a string",
    FieldDescriptor.CPPTYPE_UINT32: "a uint32",
    FieldDescriptor.CPPTYPE_UINT64: "a uint64",
}
_RANGES: Final[Mapping[int, range]] = {
    FieldDescriptor.CPPTYPE_ENUM: _INT32,
    FieldDescriptor.CPPTYPE_INT32: _INT32,
    FieldDescriptor.CPPTYPE_INT64: range(-(2**63), 2**63),
    FieldDescriptor.CPPTYPE_UINT32: range(2**32),
    FieldDescriptor.CPPTYPE_UINT64: range(2**64),
}
_READERS: Final[Mapping[int, Callable[[FieldDescriptor, Any], Any]]] = {
    **dict.fromkeys(_RANGES, _integer),
    FieldDescriptor.CPPTYPE_BOOL: _boolean,
    FieldDescriptor.CPPTYPE_DOUBLE: _number,
    FieldDescriptor.CPPTYPE_ENUM: _enum,
    FieldDescriptor.CPPTYPE_FLOAT: _number,
    FieldDescriptor.CPPTYPE_STRING: _text,
}
