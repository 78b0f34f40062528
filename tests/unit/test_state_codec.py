"""Values as text and back: nothing is lost, and nothing else comes out."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.caller import LOCAL
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.queue import DataType, MessageAttribute, NewMessage
from fakes.state.classes import CLASSES, ENUMS, VALUES
from fakes.state.codec import UnreadableError, decode, encode
from fakes.state.file import FORMAT

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123, tzinfo=UTC)
CURVE = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    .decode()
)
ATTRIBUTE = MessageAttribute(data_type=DataType.BINARY, value=b"\0\xff")


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, -1, 10**30, 0.1, "", "ы\n"),
        *(b"", b"\0\xff", MOMENT, timedelta(days=-1, microseconds=1)),
        *((), (1, (2, "x")), [], [1, [None]], {}, {"a": {"value": 1}, "enum": "x"}),
        *(Code.NOT_FOUND, Kind.ATTACH, LOCAL),
        *(Instance(id="a", labels={"b": "c"}), Instance()),
        NewMessage(body="x", attributes={"a": ATTRIBUTE}, delay=timedelta(seconds=2)),
    ],
    ids=repr,
)
def test_what_is_written_is_read(value):
    """With its type: a tuple is no list, a number of an enumeration no number."""
    read = decode(encode(value))
    assert read == value
    assert type(read) is type(value)


def test_public_keys_are_kept():
    """As PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    assert decode(encode(key)).public_numbers() == key.public_numbers()


@dataclass
class Stranger:
    name: str = ""


@pytest.mark.parametrize(
    "value", [Stranger(), object(), {1, 2}], ids=lambda it: type(it).__name__
)
def test_what_has_no_form_is_refused(value):
    """At writing, so that the one who added it learns of it."""
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        '{"value":"Popen","fields":{"args":"true"}}',
        '{"value":"Subject","fields":{}}',
        '{"value":"Subject","fields":{"id":"","name":"","more":1}}',
        '{"enum":"Code","name":"FINE"}',
        '{"message":"no.such.Message","bytes":""}',
        '{"message":"yandex.cloud.compute.v1.Instance","bytes":"////"}',
        '{"at":"yesterday"}',
        '{"public_key":"-----BEGIN"}',
        json.dumps({"public_key": CURVE}),
        '{"unheard":1}',
        "{}",
        '{"at":"x","tuple":[]}',
    ],
)
def test_what_was_never_written_is_refused(text):
    """Nothing is called that was not named beforehand."""
    with pytest.raises(UnreadableError):
        decode(text)


def test_no_two_classes_share_a_name():
    """For the name is all that a file tells of them."""
    assert len(CLASSES) == len(ENUMS) + len(VALUES)


def test_whoever_changes_what_is_kept_raises_the_format():
    """Older files are refused then, instead of being misunderstood.

    If this fails, raise `fakes.state.file.FORMAT` and write down the new digest.
    """
    shape = {
        **{one.__name__: sorted(it.name for it in one) for one in ENUMS},
        **{one.__name__: sorted(it.name for it in fields(one)) for one in VALUES},
    }
    text = json.dumps(shape, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert (FORMAT, digest) == (1, "416caae60e2b6992")
