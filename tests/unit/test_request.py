"""A request is an attachment, a name for it, and how to go about it."""

from datetime import timedelta

import pytest
from hypothesis import given

from events.decision import FinalPower
from events.reading import InvalidDocumentError
from events.request import (
    LARGEST_REQUEST,
    Options,
    Request,
    check_size,
    given_options,
    names_for,
    read_instances,
    read_options,
    read_request,
    render_options,
    render_request,
)
from tests.unit.build import (
    attachment,
    document,
    options,
    request,
    requests,
    sample,
)


def read(value, default_id="message-1"):
    found, violations = document(value)
    asked = read_request(found, default_id)
    found.close()
    return asked, [str(violation) for violation in violations]


def minimal(**more):
    return {**sample("request.minimal"), **more}


def test_the_smallest_request_has_all_defaults():
    """Without options nothing is stopped, and the request has an hour."""
    expected = Request(
        id="message-1",
        attachment=attachment(),
        options=Options(
            stop_if_running=False,
            final_power=FinalPower.AS_FOUND,
            timeout=timedelta(hours=1),
            dry_run=False,
        ),
    )
    assert read(minimal()) == (expected, [])


def test_every_option_is_read():
    """The sample with every field reads with every option as written."""
    assert read(sample("request"))[0].options == Options(
        stop_if_running=True,
        final_power=FinalPower.RUNNING,
        timeout=timedelta(minutes=30),
        dry_run=True,
    )


def test_options_are_read_in_snake_case():
    """Options may be spelt in snake_case, as every other field."""
    spelt = {"stop_if_running": True, "final_power": "stopped", "dry_run": True}
    asked, violations = read(minimal(options=spelt))
    assert (asked.options, violations) == (
        Options(stop_if_running=True, final_power=FinalPower.STOPPED, dry_run=True),
        [],
    )


@pytest.mark.parametrize("name", ["requestId", "request_id"])
def test_a_request_may_name_itself(name):
    """A request's own id goes before that of its message."""
    assert read(minimal(**{name: "a/b"}))[0].id == "a/b"


@given(requests)
def test_what_is_written_is_read(asked):
    """Rendering a request and reading it gives the same request."""
    assert read(render_request(asked), default_id="unused") == (asked, [])


@given(options)
def test_options_are_read_as_written(given_ones):
    """By themselves as well; the defaults are an empty object."""
    rendered = render_options(given_ones)
    found, violations = document({"options": rendered})
    assert (given_options(found), violations) == (given_ones, [])
    assert (rendered == {}) is (given_ones == Options())


@pytest.mark.parametrize(
    ("value", "found"),
    [({}, None), ({"options": None}, None), ({"options": {}}, Options())],
)
def test_options_that_are_not_given_are_none(value, found):
    """That is not the same as the defaults, where others stand behind."""
    assert given_options(document(value)[0]) == found
    assert read_options(document(value)[0]) == Options()


def test_each_of_several_instances_has_a_name_of_its_own():
    """The request's and the instance's."""
    found, violations = document({})
    named = names_for(found, "order", ("fhm1", "fhm2"))
    assert named == [("order/fhm1", "fhm1"), ("order/fhm2", "fhm2")]
    assert violations == []


@pytest.mark.parametrize(("length", "fits"), [(122, True), (123, False)])
def test_names_are_as_long_as_they_can_be(length, fits):
    """The longest instance decides; one that does not fit names one answer."""
    found, violations = document({})
    named = names_for(found, "x" * length, ("a", "fhm12"))
    assert [str(one) for one in violations] == [
        "$.requestId is too long together with the instances' ids"
    ][fits:]
    assert len(named) == (2 if fits else 1)


@pytest.mark.parametrize(
    ("value", "found", "told"),
    [
        (None, (), []),
        (["a", "b"], ("a", "b"), []),
        (["a b"], (), ["$.instanceIds[0] must be a resource's id"]),
        (["a"] * 101, (), ["$.instanceIds must have at most 100 items"]),
    ],
)
def test_instances_are_a_list_of_ids(value, found, told):
    """At most a hundred."""
    read_from, violations = document({"instanceIds": value})
    assert read_instances(read_from) == found
    assert [str(one) for one in violations] == told


def test_defaults_are_not_written():
    """A request without options renders as its attachment and its id."""
    assert render_request(request()) == {**minimal(), "requestId": "request-1"}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("requestId", "a b", "must be 1 to 128 letters, digits or any of _ . : / -"),
        ("requestId", 1, "must be a string"),
        ("options", [], "must be an object"),
    ],
)
def test_one_bad_field_is_one_violation(name, value, problem):
    """A broken rule of the request itself is told by its path."""
    assert read(minimal(**{name: value}))[1] == [f"$.{name} {problem}"]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("stopIfRunning", "true", "must be true or false"),
        ("dryRun", 1, "must be true or false"),
        ("finalPower", "off", "must be one of as-found, running, stopped"),
        ("finalPower", True, "must be a string"),
        ("timeout", "0s", "must be 1s to 86400s, in whole seconds with an 's'"),
        ("timeout", "86401s", "must be 1s to 86400s, in whole seconds with an 's'"),
        ("timeout", "1.5s", "must be 1s to 86400s, in whole seconds with an 's'"),
        ("timeout", "1h", "must be 1s to 86400s, in whole seconds with an 's'"),
        ("timeout", 60, "must be a string"),
        ("colour", "red", "is not a known field"),
    ],
)
def test_one_bad_option_is_one_violation(name, value, problem):
    """A broken option is told by its path."""
    violations = read(minimal(options={name: value}))[1]
    assert violations == [f"$.options.{name} {problem}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1s", timedelta(seconds=1)), ("86400s", timedelta(days=1))],
)
def test_a_timeout_is_one_second_to_one_day(text, expected):
    """Both ends of the documented range are taken."""
    asked, violations = read(minimal(options={"timeout": text}))
    assert (asked.options.timeout, violations) == (expected, [])


def test_violations_of_request_and_attachment_come_together():
    """One reading tells what is wrong with every part."""
    _, violations = read({"requestId": " ", "options": {"timeout": "x"}, "x": 1})
    assert [one.split()[0] for one in violations] == [
        "$.requestId",
        "$.securityGroupIds",
        "$.instanceId",
        "$.networkInterfaceIndex",
        "$.subnetId",
        "$.options.timeout",
        "$.x",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "x" * LARGEST_REQUEST,
        b"x" * LARGEST_REQUEST,
        "\u044f" * (LARGEST_REQUEST // 2),
        "\ud800" * LARGEST_REQUEST,
    ],
    ids=["text", "bytes", "two-byte characters", "lone surrogates"],
)
def test_the_largest_request_is_taken(body):
    """A body of exactly the largest size in UTF-8 passes."""
    assert check_size(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "x" * (LARGEST_REQUEST + 1),
        b"x" * (LARGEST_REQUEST + 1),
        "\u044f" * (LARGEST_REQUEST // 2) + "x",
    ],
    ids=["text", "bytes", "two-byte characters"],
)
def test_a_larger_request_is_refused(body):
    """One byte more is refused, with the size and the limit."""
    with pytest.raises(InvalidDocumentError, match=r"has 131073 bytes; .* 131072"):
        check_size(body)
