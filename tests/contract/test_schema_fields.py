"""Every field of the contracts is one of the code's, and the other way round."""

import json
import re

import pytest
from google.rpc import status_pb2
from yandex.cloud.operation.operation_pb2 import Operation

from events.cause import Cause, Origin
from events.decision import FinalPower, Verdict
from events.limits import Limits, read_limits
from events.outcome import LARGEST_OUTCOME, TYPE, of_task, render_outcome
from events.reading import Document
from events.request import LARGEST_REQUEST, Options, read_options
from events.task import MOST_GENERATIONS
from tests.contract.contracts import (
    BY_POLICY,
    FULL,
    POLICIES,
    SEVERAL,
    SEVERAL_BY_POLICY,
    at,
    reads,
    schema,
)
from tests.unit.build import NOW, task


def resolved(node, name):
    """Return a node with what it refers to, and the name of that schema."""
    while "$ref" in node:
        file, _, pointer = node["$ref"].partition("#/")
        name = file.removesuffix(".schema.json") or name
        own = {key: value for key, value in node.items() if key != "$ref"}
        node = {**at(schema(name), pointer.split("/")), **own}
    return node, name


def fields(node, name, path="$"):
    """Yield the path of every field that a schema knows, and the field."""
    node, name = resolved(node, name)
    for inner in [*node.get("anyOf", ()), *node.get("oneOf", ())]:
        yield from fields(inner, name, path)
    if "items" in node:
        yield from fields(node["items"], name, f"{path}[]")
    if isinstance(free := node.get("additionalProperties"), dict):
        yield from fields(free, name, f"{path}[*]")
    for key, value in node.get("properties", {}).items():
        yield f"{path}.{key}", resolved(value, name)[0]
        yield from fields(value, name, f"{path}.{key}")


@pytest.mark.parametrize(
    ("name", "wholes", "internal"),
    [
        (
            "request",
            [FULL, SEVERAL, [FULL], BY_POLICY, SEVERAL_BY_POLICY, [BY_POLICY]],
            {"$.task", "$[].task", "$.sweep", "$[].sweep"},
        ),
        ("policies", [POLICIES], set()),
    ],
)
def test_a_schema_has_the_fields_that_are_read(monkeypatch, name, wholes, internal):
    """At every level: no field that nobody takes, none that is not described."""
    taken = set()
    take = Document.take

    def recorded(self, field):
        path = re.sub(r"\['.*?'\]", "[*]", f"{self.path}.{field}")
        taken.add(re.sub(r"\[\d+\]", "[]", path))
        return take(self, field)

    monkeypatch.setattr(Document, "take", recorded)
    assert all(reads(name, whole) for whole in wholes)
    # What stands in for an absent object has no path.
    taken = {path for path in taken - internal if path.startswith("$")}
    assert {path for path, _ in fields(schema(name), name)} == taken


@pytest.mark.parametrize("name", ["request", "outcome", "policies"])
def test_every_field_is_explained(name):
    """By a title and by a sentence."""
    for path, field in fields(schema(name), name):
        assert field.get("title"), path
        assert field.get("description", "").endswith((".", "-")), path


OUTCOME = dict(fields(schema("outcome"), "outcome"))


def below(path):
    return {one.removeprefix(path) for one in OUTCOME if one.startswith(path)}


def children(path):
    return {one for one in below(path) if "." not in one and "[" not in one}


def test_an_outcome_has_the_fields_that_are_written():
    """At every level that is ours."""
    origin = Origin(cause=Cause.STOPPED, event_id="e", policy="p")
    settled = of_task(task(origin=origin), Verdict.ATTACHED, NOW)
    event = json.loads(render_outcome(settled))
    assert children("$.") == set(event)
    assert children("$.data.") == set(event["data"])
    assert children("$.data.origin.") == set(event["data"]["origin"])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("$.data.operation.", Operation),
        ("$.data.operation.error.", status_pb2.Status),
    ],
)
def test_an_operation_has_the_fields_of_the_api(path, message):
    """The schema leaves out no field of the SDK's message, and adds none."""
    assert children(path) == {field.json_name for field in message.DESCRIPTOR.fields}


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("outcome", "$.data.verdict", [one.value for one in Verdict]),
        ("outcome", "$.data.origin.cause", [one.value for one in Cause]),
        ("policies", "$.policies[].match.causes", [one.value for one in Cause]),
        ("request", "$.options.finalPower", [one.value for one in FinalPower]),
    ],
)
def test_a_closed_list_is_that_of_the_code(name, path, expected):
    """Neither side has a choice that the other does not know, nor another order."""
    field = dict(fields(schema(name), name))[path]
    assert field.get("items", field)["enum"] == expected


def test_defaults_are_those_of_the_code():
    """What the schema gives as a default is the same as leaving it out."""
    options = "$.options."
    defaults = {
        path.removeprefix(options): field["default"]
        for path, field in fields(schema("request"), "request")
        if path.startswith(options)
    }
    value = {**FULL, "options": defaults}
    assert read_options(Document.of(value, "$", [])) == Options()
    assert set(defaults) == set(FULL["options"])


def test_defaults_of_limits_are_those_of_the_code():
    """What the schema gives as a default is the same as leaving it out."""
    limits = "$.limits."
    defaults = {
        path.removeprefix(limits): field["default"]
        for path, field in fields(schema("policies"), "policies")
        if path.startswith(limits) and "default" in field
    }
    assert set(defaults) == {"onePublicAddress", "instancesPerSweep", "optOutLabel"}
    assert read_limits(Document.of({"limits": defaults}, "$", [])) == Limits()


def test_bounds_and_types_of_outcomes_are_those_of_the_code():
    """The type names every verdict; a generation has its bound."""
    verdicts = "|".join(one.value for one in Verdict)
    kind = re.escape(TYPE).replace(r"\-", "-")
    assert OUTCOME["$.type"]["pattern"] == f"^{kind}(?:{verdicts})$"
    assert OUTCOME["$.data.generation"]["maximum"] == MOST_GENERATIONS


def test_the_largest_messages_are_told():
    """No schema can say how many bytes there may be; the descriptions do."""
    assert f"at most {LARGEST_REQUEST} bytes" in schema("request")["description"]
    assert f"at most {LARGEST_OUTCOME} bytes" in schema("outcome")["description"]
