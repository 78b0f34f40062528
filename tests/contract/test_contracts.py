"""What is published of the contracts: samples, schemas and the two queues.

Outcomes among the samples are made by the code; to write them anew, run

    .venv/bin/python -m tests.contract.outcome_samples
"""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from events.cause import Cause, Origin
from events.decision import Verdict
from events.envelope import Delivery, deliveries
from events.inbox import read_tasks
from events.items import unprocessed
from events.lost import lost_events
from events.outcome import of_rejected, of_task, render_attributes, render_outcome
from events.rejected import Rejected
from events.syntax import LONGEST_REASON
from events.task import MOST_GENERATIONS
from events.wish import Wish
from tests.contract.contracts import SCHEMAS, schema, violations
from tests.contract.outcome_samples import (
    LATER,
    NOW,
    operation,
    outcomes,
    path_of,
    text_of,
)
from tests.unit.build import (
    SAMPLES,
    json_values,
    requests,
    sample,
    task,
    texts,
)

ASYNCAPI = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text(encoding="utf-8"))
[QUEUED] = deliveries(sample("queue-trigger.request"))
OPERATIONS = [None, operation(), operation(response=True), operation(error=(3, ""))]
LETTERS = [
    *sorted(path.stem for path in SAMPLES.glob("logging-trigger.*-instance.json")),
    *("data-stream-trigger.stop-instance", "event-router.stop-instance"),
    *("logging-trigger.detach-interface", "timer-trigger"),
]


def broken(outcome):
    return violations("outcome", json.loads(render_outcome(outcome)))


@pytest.mark.parametrize("name", ["request", "outcome", "policies"])
def test_a_schema_is_one(name):
    """Each is JSON Schema 2020-12, and named after its file."""
    meta.validate(schema(name))
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(name)["$id"] == f"{name}.schema.json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("request", sample("request")),
        ("request", sample("request.minimal")),
        ("request", sample("request.policy")),
        ("request", json.loads(QUEUED.body)),
        ("policies", sample("policies")),
    ],
)
def test_a_sample_keeps_its_contract(name, value):
    """What we show as an example is valid."""
    assert violations(name, value) == []


def test_every_verdict_has_a_sample():
    """There is one for each verdict, and none for anything else."""
    names = {path.name for path in SAMPLES.glob("outcome.*.json")}
    assert names == {path_of(verdict.value).name for verdict in Verdict}


@pytest.mark.parametrize("verdict", [verdict.value for verdict in Verdict])
def test_a_sample_outcome_is_what_the_code_makes(verdict):
    """Its file is, byte for byte, what would be published; and it is valid."""
    made = outcomes()[verdict]
    assert path_of(verdict).read_text(encoding="utf-8") == text_of(made)
    assert violations("outcome", made) == []


@given(
    known=st.builds(
        task,
        request=requests,
        origin=st.builds(
            Origin, cause=st.sampled_from(Cause), event_id=texts, policy=texts
        ),
        looks=st.integers(0, 1_000_001),
        generation=st.integers(0, MOST_GENERATIONS),
        reason=texts | st.just("x" * LONGEST_REASON),
    ),
    verdict=st.sampled_from(Verdict),
    told=st.fixed_dictionaries(
        {
            "instance_status": texts,
            "operation": st.sampled_from(OPERATIONS),
            "warnings": st.lists(texts).map(tuple),
        }
    ),
)
def test_every_outcome_of_a_task_is_valid(known, verdict, told):
    """Whatever became of a task, what is published keeps the contract."""
    assert broken(of_task(known, verdict, LATER, **told)) == []


@given(json_values)
def test_every_outcome_of_a_refused_message_is_valid(value):
    """Whatever came in, the answer keeps the contract."""
    for one in read_tasks(Delivery(event_id="m", body=json.dumps(value)), NOW):
        assert isinstance(one, Rejected)
        assert broken(of_rejected(one, LATER)) == []


def test_the_longest_id_of_an_outcome_is_valid():
    """A request refused because its ids are too long together has such an id."""
    wish = {"requestId": "x" * 128, "instanceIds": ["y" * 64]}
    [one] = read_tasks(Delivery(event_id="m", body=json.dumps(wish)), NOW)
    assert broken(of_rejected(one, LATER)) == []


@pytest.mark.parametrize("name", LETTERS)
def test_the_outcome_of_a_lost_event_is_valid(name):
    """It tells the instance, for more is not known; a timer's not even that."""
    [lost] = lost_events(json.dumps(sample(name)), LATER)
    if isinstance(lost, Wish):
        lost = unprocessed(lost, LATER, "given up")
    assert broken(lost) == []


def references(value):
    """Yield every `$ref` in a document."""
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def target(reference):
    """Return what a `$ref` of the AsyncAPI document points to."""
    file, _, pointer = reference.partition("#")
    found = ASYNCAPI
    if file:
        found = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    for part in pointer.split("/")[1:]:
        found = found[part]
    return found


def test_two_queues_are_described():
    """Requests come in on one, outcomes go out on the other, over SQS."""
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    assert [server["protocol"] for server in ASYNCAPI["servers"].values()] == ["sqs"]
    assert set(ASYNCAPI["channels"]) == {"tasks", "results"}
    assert {
        (one["action"], one["channel"]["$ref"])
        for one in ASYNCAPI["operations"].values()
    } == {("receive", "#/channels/tasks"), ("send", "#/channels/results")}


def test_every_reference_has_a_target():
    """Nothing in the description of the queues points to nowhere."""
    found = set(references(ASYNCAPI))
    assert {"./request.schema.json", "./outcome.schema.json"} < found
    assert all(target(reference) for reference in found)


def test_the_headers_are_the_attributes():
    """Those that are always there are required; the verdicts are all named."""
    headers = ASYNCAPI["components"]["messages"]["outcome"]["headers"]
    understood = render_attributes(of_task(task(), Verdict.ATTACHED, LATER))
    [refused] = read_tasks(Delivery(event_id="m", body=""), NOW)
    assert set(headers["properties"]) == set(understood)
    assert set(headers["required"]) == set(render_attributes(of_rejected(refused, NOW)))
    assert headers["properties"]["verdict"]["enum"] == [one.value for one in Verdict]
