"""What the client gets is what the API itself would say."""

import json
import re

import pytest

from events.answer import accepted, began, refused, render_answer
from events.codes import CODE_NAMES
from events.reading import Violation
from tests.unit.build import SAMPLES, operation, sample
from tests.unit.http_events import KEY, told

# The table of yandex-cloud/docs: en/_includes/errors-handling.md
STATUSES = {
    **dict.fromkeys((3, 9, 11), 400),
    **dict.fromkeys((6, 10), 409),
    **dict.fromkeys((2, 13, 15), 500),
    1: 499,
    4: 504,
    5: 404,
    7: 403,
    8: 429,
    12: 501,
    14: 503,
    16: 401,
}
RUNNING = {
    "id": "fhmi7lgb144c9796ul31",
    "description": "Attach network interface to instance",
    "createdAt": "2026-11-23T19:10:43.219741Z",
    "createdBy": "aje22b26lplargs1seq1",
    "modifiedAt": "2026-11-23T19:10:43.219741Z",
    "metadata": {
        "@type": "type.googleapis.com/yandex.cloud.compute.v1"
        ".AttachInstanceNetworkInterfaceMetadata",
        "instanceId": "fhm4k9v2c7t1x5n8w3qd",
        "networkInterfaceIndex": "1",
    },
}
ANSWERS = {
    "operation": began(RUNNING, KEY),
    "accepted": accepted("order-4711"),
    "invalid": refused(
        "INVALID_ARGUMENT",
        "$.subnetId is required; $.colour is not a known field",
        Violation(path="$.subnetId", problem="is required"),
        Violation(path="$.colour", problem="is not a known field"),
    ),
    "not-stopped": refused(
        "FAILED_PRECONDITION",
        "Instance fhm4k9v2c7t1x5n8w3qd must be STOPPED: it is RUNNING",
        request_id=KEY,
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_sample_answer_is_what_the_code_makes(name):
    """The files `http.answer.*.json` show the answers, with the body parsed."""
    made = render_answer(ANSWERS[name])
    status, document = told(made)
    shown = sample(f"http.answer.{name}")
    assert shown == {"status": status, "headers": made["headers"], "body": document}


def test_there_is_no_other_sample_answer():
    """Every file of that name is compared above."""
    found = SAMPLES.glob("http.answer.*.json")
    names = {re.sub(r"http\.answer\.(.*)\.json", r"\1", path.name) for path in found}
    assert names == set(ANSWERS)


@pytest.mark.parametrize("number", CODE_NAMES)
def test_every_code_has_its_documented_status(number):
    """A google.rpc code is answered with the HTTP status of the documented table."""
    status, error = told(render_answer(refused(CODE_NAMES[number], "no")))
    assert (status, error) == (
        STATUSES[number],
        {"code": number, "message": "no", "details": []},
    )


def test_a_code_that_nobody_knows_is_unknown():
    """What the API may invent later is an error of the server."""
    status, error = told(render_answer(refused("NEW_IDEA", "no")))
    assert (status, error["code"]) == (500, 2)


def test_an_operation_always_says_whether_it_is_done():
    """Clients poll `done`: it is there although JSON of protobuf omits false."""
    _, running = told(render_answer(began({"id": "a"}, "r")))
    _, ended = told(render_answer(began(operation().json, "r")))
    assert (running["done"], ended["done"]) == (False, True)


def test_a_field_is_named_as_the_body_spells_it():
    """Without the `$.` of paths; the whole body is the field ''."""
    violations = (
        Violation(path="$.a.b[0].c", problem="is odd"),
        Violation(path="$", problem="is odd"),
        Violation(path="Idempotency-Key", problem="is odd"),
    )
    [details] = refused("INVALID_ARGUMENT", "", *violations).document["details"]
    fields = [one["field"] for one in details["fieldViolations"]]
    assert fields == ["a.b[0].c", "", "Idempotency-Key"]


def test_only_a_request_that_was_understood_is_named():
    """The header is there where an outcome may come, or none will."""
    assert render_answer(accepted("a"))["headers"]["X-Nic-Request-Id"] == "a"
    assert "X-Nic-Request-Id" not in render_answer(refused("INTERNAL", ""))["headers"]


def test_an_answer_is_ascii():
    """Names from the cloud come through whatever charset a client assumes."""
    assert json.dumps("\u00e9") in render_answer(began({"id": "\u00e9"}, ""))["body"]
