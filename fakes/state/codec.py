"""Values as JSON, and back: what is in a state can be read by a person.

Nothing is called at reading but the constructors of `classes.CLASSES`, and the
parsers of messages and keys: a file from elsewhere can lie, but not run code.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from fakes.state.classes import CLASSES

_PLAIN: Final = (str, int, float, bool, type(None))
_MICROSECOND: Final = timedelta(microseconds=1)


class UnreadableError(ValueError):
    """A text is not what `encode` writes."""


def encode(value: object) -> str:
    """Return *value* as text.

    Raises:
        TypeError: If there is something in it that has no form here.
    """
    return json.dumps(_told(value), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Any:
    """Return what *text* stands for.

    Raises:
        UnreadableError: If it stands for nothing.
    """
    try:
        return _understood(json.loads(text))
    except Exception as error:
        # Whatever a parser or a constructor does not like.
        msg = f"{type(error).__name__}: {error}"
        raise UnreadableError(msg) from error


def _told(value: object) -> Any:
    # In the order of how often they come; an Enum may be an int, too.
    if isinstance(value, Enum):
        return {"enum": type(value).__name__, "name": value.name}
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Message):
        text = base64.b64encode(value.SerializeToString(deterministic=True)).decode()
        return {"message": value.DESCRIPTOR.full_name, "bytes": text}
    if is_dataclass(value):
        kind: Any = type(value)
        told = {name: _told(getattr(value, name)) for name in _names(kind)}
        return {"value": kind.__name__, "fields": told}
    for form, (name, render, _) in _FORMS.items():
        if isinstance(value, form):
            return {name: render(value)}
    if isinstance(value, list):
        return [_told(one) for one in value]
    msg = f"{type(value).__name__} has no form in a state"
    raise TypeError(msg)


def _understood(told: Any) -> Any:
    if isinstance(told, list):
        return [_understood(one) for one in told]
    if not isinstance(told, dict):
        return told
    if "value" in told:
        fields_of = told["fields"].items()
        return CLASSES[told["value"]](
            **{name: _understood(it) for name, it in fields_of}
        )
    if "enum" in told:
        return CLASSES[told["enum"]][told["name"]]
    if "message" in told:
        kind = _message_class(told["message"])
        return kind.FromString(base64.b64decode(told["bytes"], validate=True))
    [(name, content)] = told.items()
    return _READERS[name](content)


@cache
def _names(kind: type) -> tuple[str, ...]:
    if CLASSES.get(kind.__name__) is not kind:
        msg = f"{kind.__name__} is not kept"
        raise TypeError(msg)
    return tuple(one.name for one in fields(kind))


@cache
def _message_class(name: str) -> type[Message]:
    return GetMessageClass(Default().FindMessageTypeByName(name))


def _render_key(key: rsa.RSAPublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _read_key(pem: str) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        msg = "not an RSA key"
        raise TypeError(msg)
    return key


_FORMS: Final[dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]] = {
    datetime: ("at", datetime.isoformat, datetime.fromisoformat),
    tuple: (
        "tuple",
        lambda them: [_told(one) for one in them],
        lambda them: tuple(_understood(one) for one in them),
    ),
    Mapping: (
        "dict",
        lambda them: {key: _told(one) for key, one in them.items()},
        lambda them: {key: _understood(one) for key, one in them.items()},
    ),
    timedelta: (
        "microseconds",
        lambda span: span // _MICROSECOND,
        lambda number: timedelta(microseconds=number),
    ),
    bytes: (
        "bytes",
        lambda it: base64.b64encode(it).decode(),
        lambda text: base64.b64decode(text, validate=True),
    ),
    rsa.RSAPublicKey: ("public_key", _render_key, _read_key),
}
_READERS: Final = {name: read for name, _, read in _FORMS.values()}
