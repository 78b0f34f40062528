"""What a message may be, and the digests that clients verify."""

import hashlib
from datetime import timedelta

import pytest

from fakes.queue import (
    LIMITS,
    DataType,
    MessageAttribute,
    NewMessage,
    QueueError,
    Refusal,
)
from fakes.queue.message import md5_of_attributes, md5_of_body


def text(value="x"):
    return MessageAttribute(data_type=DataType.STRING, value=value)


def number(value):
    return MessageAttribute(data_type=DataType.NUMBER, value=value)


def check(message, longest=262_144):
    message.check(longest, LIMITS)


def refusal(message, longest=262_144):
    with pytest.raises(QueueError) as caught:
        check(message, longest)
    return caught.value.refusal


@pytest.mark.parametrize(
    "body",
    ["x", "\t\n\r", " ", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff"],
)
def test_takes_the_documented_characters(body):
    """Both ends of every documented range of characters are taken."""
    check(NewMessage(body=body))


@pytest.mark.parametrize("code", [0, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_refuses_other_characters(code):
    """What is just outside the documented ranges is refused, by its own code."""
    message = NewMessage(body=chr(code))
    assert refusal(message) is Refusal.INVALID_MESSAGE_CONTENTS


@pytest.mark.parametrize(
    "message",
    [
        NewMessage(body=""),
        NewMessage(body="x", delay=timedelta(seconds=901)),
        NewMessage(body="x", delay=timedelta(seconds=-1)),
        NewMessage(body="x", attributes={f"a{i}": text() for i in range(11)}),
        NewMessage(body="x", attributes={"a": text("")}),
        NewMessage(body="x", attributes={"a": text(b"x")}),
        NewMessage(body="x", attributes={"a": number("one")}),
        NewMessage(body="x", attributes={"a": number("NaN")}),
        NewMessage(
            body="x",
            attributes={"a": MessageAttribute(data_type=DataType.BINARY, value=b"")},
        ),
        *(
            NewMessage(body="x", attributes={name: text()})
            for name in ("", ".a", "a.", "a..b", "a b", "ä", "AWS.a", "yc.a", "a" * 257)
        ),
    ],
    ids=repr,
)
def test_refuses_values_out_of_bounds(message):
    """Empty, overlong, mistyped and reserved values are refused."""
    assert refusal(message) is Refusal.INVALID_PARAMETER_VALUE


@pytest.mark.parametrize(
    "message",
    [
        NewMessage(body="x", delay=timedelta(minutes=15)),
        NewMessage(body="x", attributes={f"a{i}": text() for i in range(10)}),
        NewMessage(body="x", attributes={"a.b-c_D.9": number("-1.5e3")}),
        NewMessage(body="x", attributes={"a" * 256: text()}),
    ],
    ids=repr,
)
def test_takes_values_on_the_bounds(message):
    """The documented bounds themselves are allowed."""
    check(message)


def test_size_counts_bytes_of_every_part():
    """The body counts in bytes, an attribute with its name, type and value."""
    message = NewMessage(body="ä", attributes={"name": text("é")})
    assert message.size == len("ä".encode()) + len("name" + "String") + 2


@pytest.mark.parametrize(("longest", "fits"), [(1024, True), (1023, False)])
def test_the_queue_bounds_the_size(longest, fits):
    """A message may be as long as its queue takes, and not one byte longer."""
    message = NewMessage(body="x" * 1024)
    if fits:
        check(message, longest)
    else:
        assert refusal(message, longest) is Refusal.INVALID_PARAMETER_VALUE


def test_digest_of_a_body():
    """The body's digest is its MD5, that of the documented sample included."""
    assert md5_of_body("Hello world") == "3e25960a79dbc69b674cd4ec67a72c62"


def test_digest_of_attributes():
    """Attributes are digested by name: each part after its length, and a byte
    between type and value that tells text from binary.
    """
    expected = hashlib.md5(
        b"\0\0\0\x01a\0\0\0\x06Binary\x02\0\0\0\x02\x00\xff"
        b"\0\0\0\x01b\0\0\0\x06Number\x01\0\0\0\x0242",
        usedforsecurity=False,
    ).hexdigest()
    binary = MessageAttribute(data_type=DataType.BINARY, value=b"\x00\xff")
    assert md5_of_attributes({"b": number("42"), "a": binary}) == expected


def test_no_attributes_have_no_digest():
    """Without attributes there is no digest, rather than that of nothing."""
    assert md5_of_attributes({}) is None
