"""The published schemas, and documents to hold against them and our readers."""

import functools
import json

from jsonschema_rs import Draft202012Validator, Registry

from events.envelope import Delivery
from events.inbox import read_tasks
from events.policy import read_policies
from events.reading import InvalidDocumentError
from events.rejected import Rejected
from tests.unit.build import NOW, SAMPLES, sample

SCHEMAS = SAMPLES.parent / "schemas"
MINIMAL = sample("request.minimal")
FULL = sample("request")
SEVERAL = {**MINIMAL, "instanceIds": ["fhm1", "fhm2"]}
del SEVERAL["instanceId"]
POLICIES = sample("policies")
del POLICIES["policies"][1:]
POLICIES["limits"]["onePublicAddress"] = True
POLICIES["policies"][0]["options"] = FULL["options"]
BY_POLICY = sample("request.policy")
SEVERAL_BY_POLICY = {**BY_POLICY, "instanceIds": ["fhm1", "fhm2"]}
del SEVERAL_BY_POLICY["instanceId"], SEVERAL_BY_POLICY["requestId"]
POLICIES["policies"][0]["attachment"]["primaryV4AddressSpec"] = FULL[
    "primaryV4AddressSpec"
]


def schema(name):
    path = SCHEMAS / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


@functools.cache
def validator(name):
    """Return what validates against a schema, with the others within reach."""
    all_schemas = map(schema, ("request", "outcome", "policies"))
    registry = Registry([(one["$id"], one) for one in all_schemas])
    return Draft202012Validator(schema(name), registry=registry)


def violations(name, value):
    """Return what the schema has against *value*, for people."""
    return [
        f"{error.instance_path} {error.message}"
        for error in validator(name).iter_errors(value)
    ]


def reads(name, value):
    """Tell whether our reader takes it."""
    body = json.dumps(value)
    if name == "request":
        tasks = read_tasks(Delivery(event_id="m", body=body), NOW)
        return not any(isinstance(one, Rejected) for one in tasks)
    try:
        read_policies(body)
    except InvalidDocumentError:
        return False
    return True


def at(value, path):
    for name in path:
        value = value[name]
    return value
