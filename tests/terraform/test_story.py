"""What Terraform applied does the main job, with the roles it gave and no others."""

import json
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner
from yandex.cloud.compute.v1.instance_service_pb2 import StopInstanceRequest

from cli.main import nic
from cli.runtime import Runtime
from fakes.caller import Call
from fakes.compute.creation import small_instance
from tests.terraform.yard import ZONE, TerraformError, of_type, resources

PATIENCE = 60


def stop_an_instance(yard):
    """Create an instance that the policy means, and stop it; return its id."""
    cloud, thread = yard.cloud, yard.thread

    def begin(request):
        return thread.call(cloud.compute.begin, request, cloud.clock.now(), Call())

    request = small_instance(cloud.world, name="web-1", zone_id=ZONE)
    request.labels["nic"] = "mgmt"
    instance_id = begin(request).metadata.value.decode()[2:]
    until(lambda: yard.thread.call(_status, cloud, instance_id) == "RUNNING")
    begin(StopInstanceRequest(instance_id=instance_id))
    return instance_id


def _status(cloud, instance_id):
    [one] = [it for it in cloud.world.instances if it.id == instance_id]
    return type(one).Status.Name(one.status)


def until(holds):
    """Return what *holds* returns once that is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)  # noqa: TID251 - processes of their own go on meanwhile
    pytest.fail("it did not come to that")


def until_stopped(yard, instance_id):
    until(lambda: yard.thread.call(_status, yard.cloud, instance_id) == "STOPPED")


def outcome(yard, where="."):
    """Return the first outcome on the results queue of what was applied."""
    [url] = [
        one["values"]["id"]
        for one in of_type(resources(yard.state(where)), "message_queue")
        if one["name"] == "results"
    ]
    queue = yard.thread.call(yard.cloud.queues.by_url, url)

    def received():
        return yard.thread.call(queue.receive, yard.cloud.clock.now(), 1)

    return json.loads(until(received)[0].body)


def logged(yard, text):
    return [line for _, line in yard.lines if text in line]


def test_an_instance_stops_and_gets_its_interface(town):
    """The bundle runs as it was declared, called by triggers that may, and the outcome
    is on the queue that Terraform tells.
    """
    town.settings(".", **town.common())
    town.apply()
    instance_id = stop_an_instance(town)
    told = outcome(town)
    assert told["data"]["verdict"] == "attached"
    assert told["subject"] == f"{instance_id}/1"
    group = next(iter(town.thread.call(_groups, town)))
    assert any(entry.message == "settled" for entry in group.entries)


def _groups(yard):
    """Return the log groups with lines of functions."""
    site = yard.site
    return [
        group
        for group in site.groups.values()
        if any(one.resource_type == "serverless.function" for one in group.entries)
    ]


def test_the_vendored_bundle_needs_nothing_else(town, pytestconfig):
    """With what it brings, and not a package more, it does the same."""
    runtime = Runtime.running()
    wheels = pytestconfig.cache.mkdir("wheels")
    place = town.folder / "site" / "buckets" / "nic" / "vendored.zip"
    place.parent.mkdir(parents=True)
    arguments = ["--vendored", "--runtime", runtime.name, "--wheels", str(wheels)]
    done = CliRunner().invoke(nic, ["bundle", str(place), *arguments])
    assert done.exit_code == 0, done.output
    assert place.stat().st_size < 8_500_000
    sha256 = done.output.split()[-1]
    stored = {"bucket": "nic", "object": "vendored.zip", "sha256": sha256}
    town.settings(".", **town.common(bundle=None, bundle_object=stored))
    town.apply()
    stop_an_instance(town)
    assert outcome(town)["data"]["verdict"] == "attached"


def revoked(yard, kind, role, duty):
    """Take a role from the account of a duty, behind Terraform's back."""
    found = resources(yard.state())
    [account_id] = [
        one["values"]["id"]
        for one in of_type(found, "iam_service_account")
        if one.get("index") == duty
    ]
    [place] = {
        one["values"].get("folder_id") or one["values"].get("function_id")
        for one in of_type(found, kind)
        if one["values"]["role"] == role
        and one["values"]["member"].endswith(account_id)
    }
    account = yard.thread.call(yard.cloud.iam.account, account_id)
    yard.thread.call(yard.cloud.iam.revoke, account, role, place)


@pytest.mark.parametrize(
    ("kind", "role", "duty", "function"),
    [
        ("resourcemanager_folder_iam_member", "audit-trails.viewer", "trail", ""),
        ("resourcemanager_folder_iam_member", "logging.reader", "events-trigger", ""),
        ("function_iam_member", "functions.functionInvoker", "events-trigger", ""),
        (
            "resourcemanager_folder_iam_member",
            "compute.viewer",
            "on_event",
            "on-event",
        ),
    ],
)
def test_without_one_of_its_roles_nothing_goes_on(town, kind, role, duty, function):
    """Every role on the way of an event is needed: the function that follows is not
    called, or says what it may not.
    """
    town.settings(".", **town.common())
    town.apply()
    if kind == "function_iam_member":
        [place] = {
            one["values"]["function_id"]
            for one in of_type(resources(town.state()), kind)
            if one["index"] == "events-trigger on_event"
        }
        account_id = next(
            one["values"]["member"].partition(":")[2]
            for one in of_type(resources(town.state()), kind)
            if one["index"] == "events-trigger on_event"
        )
        account = town.thread.call(town.cloud.iam.account, account_id)
        town.thread.call(town.cloud.iam.revoke, account, role, place)
    else:
        revoked(town, kind, role, duty)
    instance_id = stop_an_instance(town)
    until_stopped(town, instance_id)
    if function:
        until(lambda: logged(town, "PERMISSION_DENIED"))
    else:
        end = town.cloud.clock.now() + timedelta(seconds=20)
        until(lambda: town.cloud.clock.now() > end)
        assert town.lines == []


def test_a_version_that_cannot_be_made_fails_the_apply(town):
    """The provider only warns and forgets; the module fails, and the next apply makes
    the version.  The one before runs all the while.
    """
    town.settings(".", **town.common())
    town.apply()
    before = _versions(town)
    broken = town.folder / "broken.zip"
    broken.write_bytes(b"this is no zip")
    town.settings(".", **town.common(bundle=str(broken)))
    with pytest.raises(TerraformError) as caught:
        town.apply()
    told = " ".join(str(caught.value).split())
    assert "Failed to create a version of nic-attach-on-task" in told
    assert "does not run the bundle" in told
    assert _versions(town) == before
    assert "0 to destroy" in town.terraform(".", "plan")  # it is to be tried again
    town.settings(".", **town.common())
    assert "Apply complete!" in town.apply()
    stop_an_instance(town)
    assert outcome(town)["data"]["verdict"] == "attached"


def _versions(yard):
    return sorted(one.version.id for one in yard.site.functions.values())


def test_a_new_bundle_replaces_the_old_one(town):
    """Another bundle is another version, in place; the same one changes nothing."""
    town.settings(".", **town.common())
    town.apply()
    before = _versions(town)
    again = town.folder / "again.zip"
    again.write_bytes(town.bundle.read_bytes() + b"\0")  # the same, and another hash
    town.settings(".", **town.common(bundle=str(again)))
    assert "4 changed, 0 destroyed" in town.apply()
    assert not set(before) & set(_versions(town))
    assert "No changes." in town.terraform(".", "plan")
