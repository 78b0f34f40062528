"""Processes die at random moments, the cloud's too; every request is answered once."""

import random
import sys
import time

import grpc
import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ListInstanceOperationsRequest,
    ListInstancesRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from tests.simulation.city import City

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems do not tell a process's children"
)

REQUESTS = 200
SUBNET, GROUP = "e9bsubnet00000000000", "enpgroup000000000000"
PATIENCE = 150
IDS = [f"fhminstance{number:09}" for number in range(REQUESTS)]
WORLD = {
    "networks": [{"name": "net", "id": "enpnet00000000000000"}],
    "subnets": [
        {
            "name": "a",
            "id": SUBNET,
            "networkId": "net",
            "zoneId": "ru-central1-a",
            "v4CidrBlocks": ["10.1.0.0/16"],
        }
    ],
    "securityGroups": [{"name": "group", "id": GROUP, "networkId": "net"}],
    "instances": [
        {
            "name": f"web-{number}",
            "id": instance_id,
            "zoneId": "ru-central1-a",
            "status": "STOPPED",
            "networkInterfaceSpecs": [{"subnetId": "a", "primaryV4AddressSpec": {}}],
        }
        for number, instance_id in enumerate(IDS)
    ],
}
# Connections that go silent, and answers that are lost, on top of all that dies.
FAULTS = {
    "faults": [
        {"method": "AttachNetworkInterface", "when": "after", "silent": True},
        {"method": "InstanceService/Get", "silent": True},
        {
            "method": "AttachNetworkInterface",
            "when": "after",
            "code": "UNAVAILABLE",
            "probability": 0.1,
        },
        {
            "method": "MessageQueue/SendMessage",
            "when": "after",
            "code": "INTERNAL",
            "probability": 0.05,
        },
    ]
}


def requests():
    for number, instance_id in enumerate(IDS):
        yield {
            "requestId": f"request-{number}",
            "instanceId": instance_id,
            "networkInterfaceIndex": "1",
            "subnetId": SUBNET,
            "securityGroupIds": [GROUP],
        }


def first_outcomes(city, dice):
    """Kill this and that until every request has an outcome; return the first ones."""
    firsts, deadline = {}, time.monotonic() + PATIENCE
    cloud_dies_at = {REQUESTS // 4, REQUESTS // 2}
    while len(firsts) < REQUESTS:
        assert time.monotonic() < deadline, (len(firsts), city.deaths, city.lines[-20:])
        for outcome in city.outcomes():
            firsts.setdefault(outcome["id"], outcome)
        if dice.random() < 0.04:
            city.kill_a_function(dice)
        if cloud_dies_at and len(firsts) >= min(cloud_dies_at):
            cloud_dies_at.remove(min(cloud_dies_at))
            city.kill_the_cloud()
    return firsts


def attaches(city):
    """Return how many attach operations there were, and the interfaces, by instance."""
    with grpc.insecure_channel(city.known["grpc_plaintext"]) as channel:
        stub = InstanceServiceStub(channel)
        request = ListInstancesRequest(
            folder_id=city.known["folder_id"], page_size=1000
        )
        instances = stub.List(request, timeout=20).instances
        for one in instances:
            page = stub.ListOperations(
                ListInstanceOperationsRequest(instance_id=one.id, page_size=1000),
                timeout=20,
            )
            kinds = [it.metadata.type_url.rpartition(".")[2] for it in page.operations]
            indexes = [it.index for it in one.network_interfaces]
            yield one.id, kinds.count("AttachInstanceNetworkInterfaceMetadata"), indexes


@pytest.mark.long
@pytest.mark.parametrize("seed", [1])
def test_whatever_dies_every_request_is_answered_and_nothing_is_done_twice(
    tmp_path, seed
):
    """Functions and the cloud itself are killed with SIGKILL at random moments, while
    connections go silent and answers are lost: each of 200 requests has an outcome, the
    first one is true, and no instance has seen a second attach.
    """
    dice = random.Random(seed)  # noqa: S311 - no secrets
    with City(tmp_path, WORLD, FAULTS) as city:
        city.send(requests())
        firsts = first_outcomes(city, dice)
        assert {one["data"]["verdict"] for one in firsts.values()} == {"attached"}
        found = list(attaches(city))
        assert len(found) == REQUESTS
        assert [one for one in found if one[1:] != (1, ["0", "1"])] == []
    assert city.deaths.count("cloud") == 2
    assert city.deaths.count("function") >= 3
