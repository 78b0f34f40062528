"""What does not fit into a message is refused, by its name."""

import json
import math

import pytest
from google.protobuf.json_format import ParseDict

from fakes.errors import ApiError, Code
from fakes.http.rest_fields import read_json, read_message
from fakes.http.rest_query import read_query
from tests.unit.library import Book, Request

ENUM = "must be one of KIND_UNSPECIFIED, NOVEL, POEM"


def book(content):
    found = Book()
    read_message(found, content)
    return found


def find(query):
    found = Request()
    read_query(found, query.encode())
    return found


def refusal(reader, *arguments):
    with pytest.raises(ApiError) as refused:
        reader(*arguments)
    assert refused.value.code is Code.INVALID_ARGUMENT
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "body: must be an object"),
        ("", "body: must be an object"),
        ({"nope": None}, "nope: no such field"),
        ({"author": {"x": 1}}, "author.x: no such field"),
        ({"author": []}, "author: must be an object"),
        ({"editors": {}}, "editors: must be a list"),
        ({"editors": [{}, {"x": 1}]}, "editors[1].x: no such field"),
        ({"editors": [None]}, "editors[0]: must be an object"),
        ({"tags": "a"}, "tags: must be a list"),
        ({"tags": ["a", 1]}, "tags[1]: must be a string"),
        ({"tags": [None]}, "tags[0]: must be a string"),
        ({"labels": []}, "labels: must be an object"),
        ({"labels": {"a": 1}}, "labels.a: must be a string"),
        ({"labels": {"a": None}}, "labels.a: must be a string"),
        ({"held": {"x": {}}}, "held.x: must be an int32"),
        ({"held": {"1": {"name": 1}}}, "held.1.name: must be a string"),
        ({"flags": {"yes": 1}}, "flags.yes: must be true or false"),
        ({"title": 1}, "title: must be a string"),
        ({"title": "\ud800"}, "title: must be a string"),
        ({"pages": True}, "pages: must be an int64"),
        ({"pages": 1.5}, "pages: must be an int64"),
        ({"pages": "1_0"}, "pages: must be an int64"),
        ({"pages": "٣"}, "pages: must be an int64"),
        ({"pages": "1e999999999"}, "pages: must be an int64"),
        ({"pages": 2**63}, "pages: must be an int64"),
        ({"pages": 10**400}, "pages: must be an int64"),
        ({"shelf": -(2**31) - 1}, "shelf: must be an int32"),
        ({"copies": -1}, "copies: must be a uint32"),
        ({"code": "18446744073709551616"}, "code: must be a uint64"),
        ({"lent": "true"}, "lent: must be true or false"),
        ({"lent": 1}, "lent: must be true or false"),
        ({"kind": "COMIC"}, f"kind: {ENUM}"),
        ({"kind": True}, f"kind: {ENUM}"),
        ({"kind": ["NOVEL"]}, f"kind: {ENUM}"),
        ({"kind": 2**31}, f"kind: {ENUM}"),
        ({"cover": "?"}, "cover: must be bytes in Base64"),
        ({"cover": 1}, "cover: must be bytes in Base64"),
        ({"weight": 1e39}, "weight: must be a number"),
        ({"price": "nan"}, "price: must be a number"),
        ({"price": math.inf}, "price: must be a number"),
        ({"rare": 1}, "rare: must be true or false"),
        ({"printed": "yesterday"}, "printed: not a Timestamp of proto3 JSON"),
        ({"printed": {}}, "printed: not a Timestamp of proto3 JSON"),
        ({"mask": "a_b"}, "mask: not a FieldMask of proto3 JSON"),
        ({"notes": 1}, "notes: not a Struct of proto3 JSON"),
        ({"isbn": "1", "url": "2"}, "url: there is another source"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(content, message):
    """The refusal tells where it is and what is wanted there."""
    assert refusal(book, content) == message


def test_a_field_is_there_once():
    """In one spelling or the other, not in both."""
    found = Request()
    both = {"page_size": 1, "pageSize": 1}
    message = refusal(read_message, found, both)
    assert message == "pageSize: there is another page_size"


@pytest.mark.parametrize(
    "content",
    [
        {"pages": "1e3", "price": "-1.5", "weight": "NaN", "shelf": 7.0},
        {"price": "-Infinity", "kind": "1", "cover": "_-8", "lent": False},
        {"kind": 2, "copies": "4294967295", "rare": False, "title": None},
        {"flags": {"true": "1"}, "held": {"-1": {"awards": [1, "2"]}}},
        {"printed": "2026-01-02T03:04:05.123456789Z", "read": "1.5s", "mask": "aB,c"},
        {"notes": {"a": [None, {"b": 1}]}, "kind": 99, "url": "u", "isbn": None},
    ],
    ids=str,
)
def test_every_form_that_proto3_json_allows_is_read(content):
    """Numbers as text, enums by number, null for nothing: as protobuf reads them."""
    expected = ParseDict(content, Book())
    assert book(content).SerializeToString(
        deterministic=True
    ) == expected.SerializeToString(deterministic=True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "body: not JSON: Expecting property name enclosed in double quotes at"),
        (b'a="b"', "body: not JSON: Expecting value at line 1, column 1"),
        (b'{"a": 1} x', "body: not JSON: Extra data at line 1, column 10"),
        (b'{"a": NaN}', "body: not JSON: NaN"),
        (b'{"a": -Infinity}', "body: not JSON: -Infinity"),
        (b'"\xff"', "body: not UTF-8"),
        (b"[" * 100_000, "body: nested too deeply"),
        (b"9" * 10_000, "body: there is a number that is too long"),
        (b'{"b": 1, "a": 1, "a": 1}', "a: is there twice"),
    ],
)
def test_a_body_is_json(body, message):
    """Also what is long, deep or broken ends in a refusal."""
    assert refusal(read_json, body).startswith(message)


def test_depth_is_bounded_where_any_json_may_be():
    """What JSON allows to nest, and protobuf does not, is refused."""
    deep = json.loads('{"a":' * 900 + "1" + "}" * 900)
    assert refusal(book, {"notes": deep}) == "notes: not a Struct of proto3 JSON"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("nope=1", "nope: no such parameter"),
        ("book.nope=1", "book.nope: no such parameter"),
        ("name.x=1", "name.x: no such parameter"),
        ("book.editors.name=x", "book.editors.name: no such parameter"),
        ("book.printed.seconds=1", "book.printed.seconds: no such parameter"),
        ("book.labels=a", "book.labels: no such parameter"),
        ("book=x", "book: no such parameter"),
        ("=x", ": no such parameter"),
        (".=x", ".: no such parameter"),
        ("name=a&name=b", "name: is there twice"),
        ("pageSize=1&page_size=1", "page_size: there is another page_size"),
        ("book.isbn=1&book.url=2", "book.url: there is another source"),
        ("pageSize=", "pageSize: must be an int64"),
        ("pageSize=x", "pageSize: must be an int64"),
        ("book.lent=1", "book.lent: must be true or false"),
        ("book.kind=COMIC", f"book.kind: {ENUM}"),
        ("book.years=1&book.years=x", "book.years[1]: must be an int64"),
        ("book.printed=x", "book.printed: not a Timestamp of proto3 JSON"),
        ("name=%ff", "query: not UTF-8"),
        ("a&" * 1001, "query: more than 1000 parameters"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(query, message):
    """As it was sent."""
    assert refusal(find, query) == message


def test_parameters_reach_into_messages():
    """Names have dots and two spellings; lists come one by one; text may be empty."""
    found = find(
        "query=&page_size=5&book.author.name=Ann+B&book.tags=a&book.tags=%D1%8B"
        "&book.kind=POEM&book.lent=true&book.rare=false&book.price=1.5"
        "&book.printed=1970-01-01T00:00:01Z&book.mask=aB,c&book.cover=aGk"
    )
    book = Book(author={"name": "Ann B"}, tags=["a", "ы"], kind=2, lent=True)
    book.MergeFrom(Book(rare={"value": False}, price=1.5, cover=b"hi"))
    book.MergeFrom(Book(printed={"seconds": 1}, mask={"paths": ["a_b", "c"]}))
    assert found == Request(page_size=5, book=book)
