"""What the module says and what the code does are one."""

import json
from collections.abc import Mapping

import jq
import pytest

from cli.deployment import (
    FUNCTION_TIMEOUT,
    MOST_DELIVERIES,
    QUEUE_USER,
    ROLES,
    VISIBILITY,
)
from cli.package import ENTRYPOINTS, contents
from events import cause
from events.policy import read_policies
from functions._settings import read_settings
from tests.terraform.yard import COMPLETE, MINIMAL, TerraformError, of_type, resources

# A function's environment: names and values, those of secrets too.
MOST = 4096
# As the documentation shows them, and as long as a queue's name lets them be
# (yandex-cloud/docs: en/message-queue/api-ref/index.md, en/_includes/message-queue/
# ymq-limits.md).
LONGEST_URL = len(
    "https://message-queue.api.cloud.yandex.net/b1g8ad42m6he1ooql78r"
    "/dj600000000000me07ol/" + 80 * "n"
)
KEY_ID, KEY_SECRET = 25, 40


class Asked(Mapping):
    """An environment that has everything, and remembers what it was asked for."""

    def __init__(self, **values):
        self.names = set()
        self._values = values

    def __getitem__(self, name):
        self.names.add(name)
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)


def functions(found):
    """Return the module's functions by their names in the code."""
    named = {
        one["index"]: one["values"]
        for one in of_type(found, "function")
        if one.get("index")
    }
    assert named
    return named


def environment(values):
    """Return all variables of a function, with something in the place of secrets."""
    secrets = {one["environment_variable"]: "s3cret" for one in values["secrets"]}
    return values["environment"] | secrets


@pytest.fixture
def minimal(applied):
    return resources(applied[MINIMAL])


@pytest.fixture
def complete(applied):
    return resources(applied[COMPLETE])


def test_entry_points_are_those_of_the_bundle(complete):
    """Each function of the code is deployed, and its entry point is in the bundle."""
    files = dict(contents())
    found = functions(complete)
    assert set(found) == set(ENTRYPOINTS)
    for name, values in found.items():
        assert values["entrypoint"] == f"{name}.handle"
        assert f"{name}.py" in files


def test_the_environment_is_what_the_code_reads(complete, minimal):
    """No variable is set that nobody reads, and none is missing that has no default."""
    asked = Asked(**environment(functions(minimal)["on_task"]))
    read_settings(asked)
    known = asked.names
    told = set()
    for values in (*functions(minimal).values(), *functions(complete).values()):
        told |= set(environment(values))
    assert told - known == {"BUNDLE_SHA256"}  # which is there for Terraform
    local = {"COMPUTE_ENDPOINT", "OPERATION_ENDPOINT", "VPC_ENDPOINT", "CA_FILE"}
    assert known - told == {"POLICIES_FILE"} | local


def test_the_code_reads_what_the_module_says(yard, minimal, complete):
    """Queues, folder, policies and limits arrive as they were given."""
    settings = read_settings(environment(functions(minimal)["on_task"]))
    urls = {one["values"]["id"] for one in of_type(minimal, "message_queue")}
    assert {settings.tasks_queue_url, settings.results_queue_url} <= urls
    assert settings.tasks_queue_url.endswith("-tasks")
    assert settings.results_queue_url.endswith("-results")
    assert settings.folder_id == yard.cloud.world.folder_id
    assert [one.name for one in settings.policies.policies] == ["mgmt"]
    more = read_settings(environment(functions(complete)["on_task"]))
    assert [one.name for one in more.policies.policies] == ["mgmt", "data"]
    assert more.policies.limits.per_sweep == 50
    assert more.policies.limits.one_public_address
    assert more.results_queue_url.endswith(".fifo")


def test_endpoints_are_passed_on(yard, plans):
    """For another region, or a local cloud."""
    values = functions(resources(plans["."]))["on_task"]
    # The URLs of queues are not known yet; the rest is.
    changes = {
        one["index"]: one["change"]["after"]["environment"]
        for one in plans["."]["resource_changes"]
        if one["type"] == "yandex_function"
    }
    assert values["entrypoint"] == "on_task.handle"
    for found in changes.values():
        assert found["COMPUTE_ENDPOINT"] == yard.cloud.rpc.endpoint
        assert found["OPERATION_ENDPOINT"] == found["VPC_ENDPOINT"]


def queues(found):
    return {one["name"]: one["values"] for one in of_type(found, "message_queue")}


def test_queues_are_wired_as_in_the_local_cloud(minimal):
    """Tasks bury into dead, dead into parked; who hears of which is the same."""
    known = queues(minimal)
    tasks = json.loads(known["tasks"]["redrive_policy"])
    dead = json.loads(known["dead"]["redrive_policy"])
    assert tasks["deadLetterTargetArn"] == known["dead"]["arn"]
    assert tasks["maxReceiveCount"] == MOST_DELIVERIES
    assert dead["deadLetterTargetArn"] == known["parked"]["arn"]
    calls = {
        one["values"]["message_queue"][0]["queue_id"]: one["values"]["function"][0][
            "id"
        ]
        for one in of_type(minimal, "function_trigger")
        if one["values"]["message_queue"]
    }
    ids = {name: values["id"] for name, values in functions(minimal).items()}
    assert calls == {
        known["tasks"]["arn"]: ids["on_task"],
        known["dead"]["arn"]: ids["on_dead_letter"],
    }


def test_times_are_those_that_were_tried(minimal):
    """Timeout, visibility and deliveries are by default those of the scenarios."""
    for values in functions(minimal).values():
        assert float(values["execution_timeout"]) == FUNCTION_TIMEOUT.total_seconds()
    for name in ("tasks", "dead"):
        seconds = queues(minimal)[name]["visibility_timeout_seconds"]
        assert seconds == VISIBILITY.total_seconds()


def test_roles_are_those_that_were_tried(minimal, complete):
    """Each function's account has on the folder what the scenarios prove it needs."""
    for found, more in ((minimal, set()), (complete, {"vpc.publicAdmin", "vpc.user"})):
        accounts = {
            one["index"]: one["values"]["id"]
            for one in of_type(found, "iam_service_account")
            if one.get("index")
        }
        roles = {}
        for one in of_type(found, "resourcemanager_folder_iam_member"):
            roles.setdefault(one["values"]["member"], set()).add(one["values"]["role"])
        for name in functions(found):
            given = roles.get(f"serviceAccount:{accounts[name]}", set())
            attaching = "compute.editor" in ROLES[name]
            assert given == set(ROLES[name]) | (more if attaching else set())
        user = roles[f"serviceAccount:{accounts['queue-user']}"]
        assert user == set(ROLES[QUEUE_USER])


def test_triggers_are_of_the_kinds_that_functions_read(minimal):
    """Queue, timer and log group; the filter passes what the code has a cause for."""
    sources = {
        source
        for one in of_type(minimal, "function_trigger")
        for source in ("message_queue", "timer", "logging")
        if one["values"][source]
    }
    assert sources == {"message_queue", "timer"}
    [events] = of_type(minimal, "serverless_triggers")
    source = events["values"]["source"]
    assert [name for name in source if source[name]] == ["logging"]
    program = jq.compile(events["values"]["action"][0]["filter"]["jq"])

    def passes(event):
        return program.input_value(event).first() is True

    wanted = {*cause._CAUSES, cause._ATTACHED}
    for name in (*wanted, "StartInstance", "StopInstanceGroup", "DeleteInstance"):
        kind = f"yandex.cloud.audit.compute.{name}"
        entry = {"message": kind, "json_payload": {"event_type": kind}}
        batch = {"messages": [{"details": {"messages": [entry]}}]}
        for shape in (entry, {"event_type": kind}, {"eventType": kind}, batch):
            assert passes(shape) is (name in wanted), (name, shape)
    assert not passes({"json_payload": {}, "event_type": 7})


def test_the_largest_policies_fit(yard, configured):
    """Where the module takes policies, the environment is within the platform's bound,
    with the longest names; one byte more is refused at plan.
    """
    assert configured
    reserved = 600
    names = ("RESULTS_QUEUE_URL", "TASKS_QUEUE_URL", "FOLDER_ID", "ALLOW_ANONYMOUS")
    others = sum(map(len, (*names, "BUNDLE_SHA256", "POLICIES")))
    others += sum(map(len, ("QUEUE_KEY_ID", "QUEUE_KEY_SECRET")))
    others += 2 * LONGEST_URL + KEY_ID + KEY_SECRET + 20 + len("url") + 64
    assert others <= reserved

    largest = _policy(MOST - reserved)
    assert _bytes(largest) == MOST - reserved
    read_policies(json.dumps({"policies": [largest]}))
    file = yard.folder / "policies.tfvars.json"
    alone = {"limits": {}, "endpoints": {}}
    file.write_text(json.dumps({"policies": [largest], **alone}))
    yard.terraform(".", "plan", f"-var-file={file}")
    largest["name"] += "p"
    file.write_text(json.dumps({"policies": [largest], **alone}))
    with pytest.raises(TerraformError, match="Put them into the"):
        yard.terraform(".", "plan", f"-var-file={file}")


def _policy(size):
    """Return a policy that takes so many bytes, with a subnet for many zones."""
    subnets = {}
    policy = {
        "name": "p",
        "attachment": {
            "networkInterfaceIndex": "1",
            "subnetIds": subnets,
            "securityGroupIds": ["enp"],
        },
    }
    while (room := size - _bytes(policy)) > 0:
        entry = len(',"zone-00":""')
        subnets[f"zone-{len(subnets):02}"] = "e" * min(50, room - entry + (not subnets))
        if 0 < size - _bytes(policy) <= entry:
            policy["name"] += "p" * (size - _bytes(policy))
    return policy


def _bytes(policy):
    """Return how long one policy is as Terraform writes it."""
    document = {"limits": {}, "policies": [policy]}
    return len(json.dumps(document, separators=(",", ":"), sort_keys=True))
