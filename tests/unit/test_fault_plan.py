"""A plan of faults is read strictly, and told as it is read."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from fakes.errors import Code
from fakes.faults import (
    Fault,
    Plan,
    When,
    read_plan,
    render_plan,
)
from fakes.queue import Manners
from fakes.reading import WrongDocumentError

SPANS = st.integers(0, 10**12 - 1).map(lambda some: timedelta(microseconds=some))
LIKELY = st.floats(0, 1)
KINDS = st.one_of(
    st.fixed_dictionaries({"code": st.sampled_from(Code), "hold": st.booleans()}),
    st.just({"silent": True}),
    st.just({"expire_tokens": True}),
)


@st.composite
def faults(draw):
    """Return any fault that does something."""
    return Fault(
        method=draw(st.text(min_size=1)),
        resource=draw(st.none() | st.text(min_size=1)),
        when=draw(st.sampled_from(When)),
        latency=draw(SPANS),
        jitter=draw(SPANS),
        times=draw(st.none() | st.integers(1)),
        probability=draw(st.none() | st.floats(0, 1, exclude_min=True)),
        above=draw(st.none() | st.integers(0)),
        **draw(KINDS),
    )


PLANS = st.builds(
    Plan,
    faults=st.lists(faults(), max_size=3).map(tuple),
    manners=st.none()
    | st.builds(
        Manners,
        unordered=st.booleans(),
        duplicates=LIKELY,
        empty_polls=LIKELY,
        rates=st.booleans(),
        settling=SPANS,
        json_protocol=st.just(value=False),
    ),
    repeats=st.none() | LIKELY,
)


def problems(text):
    """Return all that is wrong with a plan."""
    with pytest.raises(WrongDocumentError) as wrong:
        read_plan(text if isinstance(text, str | bytes) else json.dumps(text))
    return [str(one) for one in wrong.value.problems]


def problem(**fields):
    """Return the one thing that is wrong with a fault."""
    fault = {"method": "Get", "code": "INTERNAL", **fields}
    [found] = problems({"faults": [fault]})
    return found.removeprefix("$.faults[0]")


@given(PLANS)
def test_what_is_told_can_be_read(plan):
    """Any plan comes back as it was."""
    assert read_plan(json.dumps(render_plan(plan))) == plan


def test_a_plan_reads_like_this():
    """Names in lowerCamelCase, codes in capitals, times in seconds."""
    text = """{
      "faults": [
        {"method": "AttachNetworkInterface", "when": "after", "code": "UNAVAILABLE",
         "times": 2, "latency": "1.5s", "jitter": "0.25s", "resource": "epd1"},
        {"method": "MessageQueue/*", "probability": 0.1, "code": "DEADLINE_EXCEEDED"},
        {"method": "*", "expireTokens": true}
      ],
      "manners": {"duplicates": 1, "emptyPolls": 0.5, "rates": true,
                  "settling": "30s", "unordered": true},
      "triggers": {"duplicates": 0.2}
    }"""
    assert read_plan(text) == Plan(
        faults=(
            Fault(
                method="AttachNetworkInterface",
                when=When.AFTER,
                code=Code.UNAVAILABLE,
                times=2,
                latency=timedelta(seconds=1.5),
                jitter=timedelta(seconds=0.25),
                resource="epd1",
            ),
            Fault(
                method="MessageQueue/*", probability=0.1, code=Code.DEADLINE_EXCEEDED
            ),
            Fault(method="*", expire_tokens=True),
        ),
        manners=Manners(
            duplicates=1,
            empty_polls=0.5,
            rates=True,
            settling=timedelta(seconds=30),
            unordered=True,
        ),
        repeats=0.2,
    )


@pytest.mark.parametrize("text", ["{}", '{"faults": [], "manners": null}'])
def test_nothing_may_go_wrong(text):
    """An empty plan leaves everything as it is."""
    assert read_plan(text) == Plan()


def test_all_that_is_wrong_is_told_at_once():
    """Each with its path, unknown fields by name."""
    plan = {
        "faults": [
            {"code": "BUSY", "when": "never", "tiems": 2},
            {"method": "Get", "code": "INTERNAL"},
            {"method": 7, "hold": 1, "times": 0, "latency": "soon"},
            "Get",
        ],
        "manners": {"duplicates": 2, "jsonProtocol": True},
        "triggers": [],
        "more": 1,
    }
    assert [one.partition(" must be one of")[0] for one in problems(plan)] == [
        "$.faults[0].method is required",
        "$.faults[0].code",
        "$.faults[0].when",
        "$.faults[0].tiems is not a known field",
        "$.faults[2].method must be a string, and not an empty one",
        "$.faults[2].hold must be true or false",
        "$.faults[2].latency must be seconds like '0.5s', below a million of them",
        "$.faults[2].times must be a whole number, 1 or more",
        "$.faults[3] must be an object",
        "$.manners.duplicates must be a number from 0 up to 1",
        "$.manners.jsonProtocol is not a known field",
        "$.triggers must be an object",
        "$.more is not a known field",
    ]


def test_a_code_that_is_none_is_told_what_there_is():
    """The four that clients meet most are among them."""
    found = problem(code="DEADLINE")
    assert found.startswith(".code must be one of CANCELLED, ")
    for name in ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL", "DEADLINE_EXCEEDED"):
        assert name in found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"probability": 0}, ".probability must be a number above 0 up to 1"),
        ({"probability": True}, ".probability must be a number above 0 up to 1"),
        ({"above": 1.5}, ".above must be a whole number, 0 or more"),
        ({"latency": "-1s"}, ".latency must be seconds like '0.5s'"),
        ({"silent": True}, " is no fault: silent is without an answer"),
        ({"code": None}, " says nothing that goes wrong"),
        ({"resource": ""}, ".resource must be a string"),
        ({"x" * 100: 1}, f".{'x' * 64} is not a known field"),
    ],
)
def test_each_field_is_checked(fields, expected):
    """The problem names the field, and says what it must be."""
    assert problem(**fields).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "$ is not JSON: JSONDecodeError"),
        (b"\xff", "$ is not JSON: UnicodeDecodeError"),
        ("[" * 100_000, "$ is not JSON: RecursionError"),
        ("[]", "$ must be an object"),
        ('{"faults": 1}', "$.faults must be a list of 1000 objects at most"),
        ('{"faults": [], "faults": []}', "$ has 'faults' twice in one object"),
    ],
)
def test_what_is_no_plan_is_refused(text, expected):
    """Broken JSON, and JSON of another shape."""
    assert problems(text) == [expected]


def test_the_example_in_the_readme_is_a_plan():
    """It has a fault of every kind, and all manners."""
    text = (Path(fakes.__file__).parent / "README.md").read_text()
    section = text.partition("\n## Faults\n")[2]
    plan = read_plan(section.partition("```json")[2].partition("```")[0])
    assert render_plan(plan)["manners"].keys() == {
        *("unordered", "duplicates", "emptyPolls", "rates", "settling")
    }
    assert {one.method for one in plan.faults} >= {"InstanceService/Get"}
