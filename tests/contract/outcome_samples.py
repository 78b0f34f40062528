"""One outcome per verdict, as the code makes it from fixed values.

To write the samples anew, from the root of the project:

    .venv/bin/python -m tests.contract.outcome_samples
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from google.protobuf import json_format
from google.rpc import error_details_pb2
from yandex.cloud.compute.v1 import instance_pb2, instance_service_pb2
from yandex.cloud.operation.operation_pb2 import Operation

from events.decision import Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.outcome import of_rejected, of_task, render_outcome
from events.sighting import warnings
from functions._messages import read_instance, read_operation
from tests.unit.build import SAMPLES, sample

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
_TOLD = {"operation", "warnings"}  # by an outcome, not by its task


def outcomes():
    """Return one outcome per verdict's name, from fixed values, as published."""
    bodies = [json.loads(render_outcome(one)) for one in _outcomes()]
    return {body["data"]["verdict"]: body for body in bodies}


def _outcomes():
    left = read_instance(_instance())
    yield _settled(
        Verdict.ATTACHED,
        looks=4,
        operation=operation(response=True),
        warnings=warnings(_task(), left),
    )
    yield _settled(Verdict.INDEX_TAKEN)
    yield _settled(Verdict.INSTANCE_MISSING, status="")
    yield _settled(Verdict.INSTANCE_BROKEN, status="ERROR")
    yield _settled(Verdict.NOT_STOPPED, status="RUNNING")
    yield _settled(
        Verdict.OPERATION_FAILED,
        looks=3,
        reason="FAILED_PRECONDITION: the address is in use",
        operation=operation(error=(9, "the address is in use")),
    )
    yield _settled(
        Verdict.REFUSED,
        reason="subnet e9b2w6k9c4x1t7v5n3qd is not among the allowed ones",
    )
    yield _settled(
        Verdict.TIMED_OUT,
        after=timedelta(hours=1, seconds=7),
        looks=9,
        generation=1,
        reason="UNAVAILABLE: try again later",
        operation=operation(error=(14, "try again later")),
    )
    yield _settled(Verdict.VANISHED, looks=4, operation=operation(response=True))
    yield _settled(
        Verdict.UNRESOLVED,
        after=timedelta(hours=2, seconds=11),
        status="UPDATING",
        looks=31,
        operation=operation(),
    )
    yield of_rejected(_read({"requestId": "order-4711", "options": []}), LATER)
    yield _settled(
        Verdict.UNPROCESSED,
        status="",
        looks=2,
        reason="a function failed: ValueError",
    )
    yield of_task(
        replace(_read(sample("request")), looks=1),
        Verdict.PLANNED,
        LATER,
        instance_status="STOPPED",
        reason="would attach, as the instance is STOPPED, the slot free",
    )


def _settled(verdict, *, after=LATER - NOW, status="STOPPED", **changes):
    told = {name: changes.pop(name) for name in _TOLD & set(changes)}
    task = _task(**changes)
    return of_task(task, verdict, NOW + after, instance_status=status, **told)


def _task(**changes):
    wish = {**sample("request.minimal"), "requestId": "order-4711"}
    return replace(_read(wish), **{"looks": 1, **changes})


def _read(wish):
    event_id = "cce76685-5828-4304-a83d-95643a2b1c7e"
    delivery = Delivery(event_id=event_id, body=json.dumps(wish), created=NOW)
    [found] = read_tasks(delivery, NOW)
    return found


def operation(*, response=False, error=None):
    """Return an attach operation in the API's JSON, as the functions read it."""
    found = Operation(
        id="fhm7q3w9x2k5c8t1v4n6",
        description="Attach network interface to instance",
        created_by="ajek2c9x5t8w1v4n7q3m",
    )
    found.created_at.FromJsonString("2026-01-02T03:04:06.123456789Z")
    found.modified_at.FromJsonString("2026-01-02T03:04:16.5Z")
    found.metadata.Pack(
        instance_service_pb2.AttachInstanceNetworkInterfaceMetadata(
            instance_id="fhm4k9v2c7t1x5n8w3qd", network_interface_index="1"
        )
    )
    if response:
        found.response.Pack(_instance())
    if error:
        found.error.code, found.error.message = error
        detail = error_details_pb2.RequestInfo(request_id="c4f1a2b7")
        found.error.details.add().Pack(detail)
    found.done = response or bool(error)
    return read_operation(found).json


def _instance():
    return json_format.ParseDict(
        {
            "id": "fhm4k9v2c7t1x5n8w3qd",
            "folderId": "b1gf3k8s6n1w5r9j2h7c",
            "createdAt": "2025-11-12T13:14:15Z",
            "name": "web-1",
            "labels": {"nic": "mgmt"},
            "zoneId": "ru-central1-a",
            "platformId": "standard-v3",
            "status": "STOPPED",
            "networkInterfaces": [
                {
                    "index": "0",
                    "macAddress": "d0:0d:1c:9a:7b:34",
                    "subnetId": "e9b7c1k4x8t3w5v9n2qd",
                    "primaryV4Address": {"address": "10.128.0.17"},
                    "securityGroupIds": ["enp7x2k4c9t1w5v8n3qm"],
                },
                {
                    "index": "1",
                    "macAddress": "d0:0d:1c:9a:7b:35",
                    "subnetId": "e9b2w6k9c4x1t7v5n3qd",
                    "primaryV4Address": {},
                    "securityGroupIds": ["enp5k1c8x3t6w9v2n4qd"],
                },
            ],
            "fqdn": "web-1.ru-central1.internal",
        },
        instance_pb2.Instance(),
    )


def text_of(outcome):
    """Return the text of a sample, in the code's own order."""
    return json.dumps(outcome, indent=2) + "\n"


def path_of(verdict):
    """Return where the sample for a verdict's name is."""
    return SAMPLES / f"outcome.{verdict}.json"


if __name__ == "__main__":
    for name, outcome in outcomes().items():
        path_of(name).write_text(text_of(outcome), encoding="utf-8")
