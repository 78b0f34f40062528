"""Documents are read strictly, and everything wrong is told at once, by its path."""

import pytest
from hypothesis import given

from events.reading import Document, InvalidDocumentError, Violation, camel, read_json
from tests.unit.build import document, json_values, nested, texts


def problems(violations):
    return [str(violation) for violation in violations]


def long_is_bad(value):
    return "is too long" if len(value) > 3 else None


@pytest.mark.parametrize("kind", [str, bytes, bytearray])
def test_json_is_read_from_text_and_bytes(kind):
    """JSON is understood as text, bytes or a bytearray."""
    text = '{"a": [1]}'
    assert read_json(text if kind is str else kind(text, "utf-8")) == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{", "JSONDecodeError"),
        ("", "JSONDecodeError"),
        ("\ufeff{}", "JSONDecodeError"),
        (b"\xff\xff\xff", "UnicodeDecodeError"),
        ("[" * 100_000, "RecursionError"),
        ("9" * 5_000, "ValueError"),
    ],
)
def test_what_is_not_json_is_one_violation(text, name):
    """Text that cannot be read is a violation of the root that tells its kind."""
    with pytest.raises(InvalidDocumentError) as caught:
        read_json(text)
    assert problems(caught.value.violations) == [f"$ is not JSON: {name}"]


def test_an_error_lists_every_violation():
    """The error's text joins all violations in their order."""
    error = InvalidDocumentError(
        Violation(path="$.a", problem="is bad"), Violation(path="$.b", problem="is off")
    )
    assert str(error) == "$.a is bad; $.b is off"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("security_group_ids", "securityGroupIds"),
        ("primary_v4_address_spec", "primaryV4AddressSpec"),
        ("subnetId", "subnetId"),
        ("", ""),
        ("_", ""),
    ],
)
def test_names_are_camelled_as_proto3_does(name, expected):
    """An underscore makes the next letter large; camelCase stays as it is."""
    assert camel(name) == expected


@pytest.mark.parametrize("value", [None, [], "text", 1, True])
def test_only_an_object_can_be_read(value):
    """Anything but an object is one violation at its own path."""
    _, violations = document(value)
    assert problems(violations) == ["$ must be an object"]


@pytest.mark.parametrize("name", ["subnet_id", "subnetId"])
def test_both_spellings_are_taken(name):
    """A field is found by its camelCase name, however it was spelt."""
    read, _ = document({name: "x"})
    assert read.text("subnetId") == "x"


@pytest.mark.parametrize(
    "names", [("subnet_id", "subnetId"), ("subnetId", "subnet_id")]
)
def test_two_spellings_at_once_are_refused(names):
    """One field in two spellings is a violation, in either order."""
    _, violations = document(dict.fromkeys(names, "x"))
    assert problems(violations) == ["$.subnetId is there in two spellings"]


@pytest.mark.parametrize(
    "names", [("subnet_id", "subnetId"), ("subnetId", "subnet_id")]
)
def test_a_null_spelling_does_not_count(names):
    """Null stands for an absent field, also beside its other spelling."""
    _, violations = document(dict(zip(names, ("x", None), strict=True)))
    assert violations == []


@pytest.mark.parametrize(
    ("value", "found", "expected"),
    [
        ({}, "", []),
        ({"a": None}, "", []),
        ({"a": ""}, "", []),
        ({"a": "abc"}, "abc", []),
        ({"a": "abcd"}, "", ["$.a is too long"]),
        ({"a": 1}, "", ["$.a must be a string"]),
    ],
)
def test_a_text_is_a_string_that_is_allowed(value, found, expected):
    """A text is '' unless it is a string that its check lets pass."""
    read, violations = document(value)
    assert (read.text("a", long_is_bad), problems(violations)) == (found, expected)


@pytest.mark.parametrize("value", [{}, {"a": None}, {"a": ""}])
def test_a_required_text_must_be_there(value):
    """Absent, null and empty are all missing."""
    read, violations = document(value)
    read.text("a", required=True)
    assert problems(violations) == ["$.a is required"]


@pytest.mark.parametrize(
    ("given", "found", "expected"),
    [
        (None, 0, []),
        (1, 1, []),
        (9, 9, []),
        ("7", 7, []),
        (0, 0, ["$.a must be 1 to 9"]),
        ("10", 0, ["$.a must be 1 to 9"]),
        ("-1", 0, ["$.a must be 1 to 9"]),
        (10**30, 0, ["$.a must be 1 to 9"]),
        ("9" * 19, 0, ["$.a must be an integer"]),
        ("", 0, ["$.a must be an integer"]),
        ("\u0663", 0, ["$.a must be an integer"]),
        (True, 0, ["$.a must be an integer"]),
        (1.0, 0, ["$.a must be an integer"]),
    ],
)
def test_an_integer_is_a_number_or_its_text_within_bounds(given, found, expected):
    """As proto3 JSON writes an int64: a number or ASCII digits, within both bounds."""
    read, violations = document({"a": given})
    assert (read.integer("a", 1, 9), problems(violations)) == (found, expected)


@pytest.mark.parametrize(
    ("given", "found", "expected"),
    [
        (None, False, []),
        (False, False, []),
        (True, True, []),
        (1, False, ["$.a must be true or false"]),
        ("true", False, ["$.a must be true or false"]),
    ],
)
def test_a_flag_is_a_boolean(given, found, expected):
    """Nothing but true is true, and nothing but a boolean is a flag."""
    read, violations = document({"a": given})
    assert (read.flag("a"), problems(violations)) == (found, expected)


def test_an_absent_object_is_none():
    """A nested object that is null is not there."""
    read, _ = document({"a": None})
    assert read.object("a") is None


def test_a_nested_object_notes_its_violations_in_the_whole():
    """What is wrong inside is told with the path from the root."""
    read, violations = document({"a": {"b": {"c": 1}}})
    read.object("a").object("b").text("c")
    assert problems(violations) == ["$.a.b.c must be a string"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, []),
        ([{}, {}], []),
        ({}, ["$.a must be a list"]),
        ("text", ["$.a must be a list"]),
        ([{}, {}, {}], ["$.a must have at most 2 items"]),
        ([{}, 1], ["$.a[1] must be an object"]),
    ],
)
def test_a_list_of_objects_is_bounded(given, expected):
    """A list has at most so many items, each of them an object."""
    read, violations = document({"a": given})
    read.objects("a", 2)
    assert problems(violations) == expected


@pytest.mark.parametrize(
    ("given", "found", "expected"),
    [
        (None, (), []),
        (["x", "y"], ("x", "y"), []),
        (["x", "x"], ("x",), ["$.a[1] is there twice"]),
        (["x", 1, "y"], ("x", "y"), ["$.a[1] must be a string"]),
        (["long", "x"], ("x",), ["$.a[0] is too long"]),
    ],
)
def test_texts_are_distinct_and_allowed(given, found, expected):
    """Each bad or repeated item is told by its place; the good ones are kept."""
    read, violations = document({"a": given})
    assert read.texts("a", long_is_bad, most=9) == found
    assert problems(violations) == expected


def test_unknown_fields_are_refused_by_name():
    """Closing a document names every field that nobody took, cut to 64 characters."""
    read, violations = document({"known": 1, "one": 1, "x" * 99: 2})
    read.take("known")
    read.close()
    assert problems(violations) == [
        "$.one is not a known field",
        f"$.{'x' * 64} is not a known field",
    ]


@given(value=json_values, name=texts)
def test_no_value_breaks_a_reader(value, name):
    """Whatever is there, taking it in any way notes violations and never raises."""
    whole = {name: value}
    for take in (
        lambda read: read.text(camel(name)),
        lambda read: read.integer(camel(name), 0, 9),
        lambda read: read.flag(camel(name)),
        lambda read: read.object(camel(name)),
        lambda read: read.objects(camel(name), 2),
        lambda read: read.texts(camel(name), long_is_bad, most=2),
    ):
        read = Document.of(whole, "$", [])
        take(read)
        read.close()
        assert read.take(camel(name)) is None


def test_a_deep_value_is_no_trouble():
    """A value nested deeper than the stack is told like any other wrong one."""
    read, violations = document({"a": nested(50_000)})
    read.text("a")
    assert problems(violations) == ["$.a must be a string"]
