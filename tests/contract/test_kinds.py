"""Accounts, roles, secrets, queues and logs of Terraform are those of the cloud."""

import pytest

from fakes.caller import Call
from fakes.compute.creation import small_instance
from tests.contract.kinds_bench import played

FOLDER = "resourcemanager_folder_iam_member"
KEY = "iam_service_account_static_access_key"


@played
async def test_an_account_lives_and_goes_with_all_it_has(bench):
    """Its roles and keys are good until it is deleted, and read as gone afterwards."""
    account = await bench.create("iam_service_account", name="robot")
    member = await bench.create(
        FOLDER,
        folder_id=bench.cloud.world.folder_id,
        role="ymq.writer",
        member=f"serviceAccount:{account['id']}",
    )
    key = await bench.create(KEY, service_account_id=account["id"])
    assert bench.cloud.iam.secret_of(key["access_key"]) == key["secret_key"]
    assert await bench.kind("iam_service_account").read(account) == account
    assert await bench.update("iam_service_account", account, description="new")
    found = await bench.refused(
        bench.update("iam_service_account", account, name="other")
    )
    assert found == ("an account cannot have another name in the local cloud", "name")
    await bench.kind("iam_service_account").delete(account)
    await bench.kind("iam_service_account").delete(account)
    for name, state in (("iam_service_account", account), (FOLDER, member), (KEY, key)):
        assert await bench.kind(name).read(state) is None
    await bench.kind(FOLDER).delete(member)
    assert bench.cloud.iam.secret_of(key["id"]) is None


@played
async def test_a_key_in_lockbox_is_nowhere_else(bench):
    """What Terraform is told has neither part; who may, reads both."""
    account = await bench.account("robot")
    secret = await bench.create("lockbox_secret", name="key")
    output = {
        "secret_id": secret["id"],
        "entry_for_access_key": "id",
        "entry_for_secret_key": "secret",
    }
    key = await bench.create(
        KEY, service_account_id=account, output_to_lockbox=[output]
    )
    assert (key["access_key"], key["secret_key"]) == ("", "")
    await bench.create(
        "lockbox_secret_iam_member",
        secret_id=secret["id"],
        role="lockbox.payloadViewer",
        member=f"serviceAccount:{account}",
    )
    reader = bench.cloud.iam.account(account)
    version = key["output_to_lockbox_version_id"]
    read = bench.site.lockbox.read
    assert read(reader, secret["id"], version, "id") == key["id"]
    text = read(reader, secret["id"], version, "secret")
    assert text == bench.cloud.iam.secret_of(key["id"])
    assert text not in repr(bench.site.lockbox.find(secret["id"]))
    moved = bench.update(KEY, key, output_to_lockbox=[])
    assert (await bench.refused(moved))[1] == "output_to_lockbox"
    assert await bench.update(KEY, key)
    nowhere = bench.create(
        KEY,
        service_account_id=account,
        output_to_lockbox=[output | {"secret_id": "e6qnothing"}],
    )
    assert (await bench.refused(nowhere))[1] == "output_to_lockbox"
    assert len(bench.cloud.iam.access_keys) == 2  # that of the cloud, and this one


@played
async def test_a_secret_has_versions(bench):
    """Entries are read by their keys, until the version or the secret is gone."""
    secret = await bench.create("lockbox_secret", name="s", deletion_protection=True)
    entries = [{"key": "a", "text_value": "1"}]
    version = await bench.create(
        "lockbox_secret_version", secret_id=secret["id"], entries=entries
    )
    kind = bench.kind("lockbox_secret_version")
    assert await kind.read(version) == version
    assert await bench.update("lockbox_secret_version", version)
    protected = bench.kind("lockbox_secret").delete(secret)
    assert (await bench.refused(protected))[1] == "deletion_protection"
    secret = await bench.update("lockbox_secret", secret, deletion_protection=False)
    await kind.delete(version)
    assert await kind.read(version) is None
    await bench.kind("lockbox_secret").delete(secret)
    assert await bench.kind("lockbox_secret").read(secret) is None
    await kind.delete(version)
    assert await kind.read(version) is None
    lost = bench.create("lockbox_secret_version", secret_id="e6q", entries=entries)
    assert await bench.refused(lost) == ("Secret e6q not found", "secret_id")
    command = [{"key": "a", "command": [{"path": "/bin/true"}]}]
    run = bench.create("lockbox_secret_version", secret_id="e6q", entries=command)
    assert (await bench.refused(run))[1] == "entries"


@played
async def test_a_user_and_everybody_are_members_too(bench):
    """A role on a function lets everybody call it, and nobody any more once it goes."""
    function = await bench.function()
    place = {"function_id": function["id"], "role": "functions.functionInvoker"}
    user = await bench.create("function_iam_member", member="userAccount:aje1", **place)
    kind = bench.kind("function_iam_member")
    assert await kind.read(user) == user
    assert await bench.update("function_iam_member", user)
    everybody = await bench.create(
        "function_iam_member", member="system:allUsers", **place
    )
    assert bench.site.functions[function["id"]].public
    assert await kind.read(everybody) == everybody
    await kind.delete(everybody)
    assert await kind.read(everybody) is None
    await bench.kind("function").delete(function)
    await kind.delete(everybody)
    assert await kind.read(everybody) is None


@pytest.mark.parametrize(
    ("kind", "values", "message", "at"),
    [
        (
            FOLDER,
            {"role": "king"},
            "there is no role 'king' in the local cloud",
            "role",
        ),
        (
            FOLDER,
            {"member": "serviceAccount:ajenone"},
            "service account ajenone is not there",
            "member",
        ),
        (
            FOLDER,
            {"member": "nobody"},
            "'nobody' is no member: serviceAccount:<id> is one",
            "member",
        ),
        (
            FOLDER,
            {"member": "system:allUsers"},
            "everybody can be let call a function, nothing else",
            "member",
        ),
        (
            "function_iam_member",
            {"function_id": "d4enone"},
            "function d4enone is not there",
            "function_id",
        ),
        (
            "lockbox_secret_iam_member",
            {"secret_id": "e6qnone"},
            "secret e6qnone is not there",
            "secret_id",
        ),
    ],
)
def test_a_member_that_cannot_be_is_refused(kind, values, message, at):
    """With what is wrong and where; nothing is bound then."""

    @played
    async def story(bench):
        given = {
            "folder_id": bench.cloud.world.folder_id,
            "role": "viewer",
            "member": "userAccount:aje1",
        }
        if kind != FOLDER:
            del given["folder_id"]
        told = await bench.refused(bench.create(kind, **{**given, **values}))
        assert told == (message, at)

    story()


@pytest.mark.parametrize(
    ("kind", "values", "message", "at"),
    [
        (
            "iam_service_account",
            {"name": "nic-attach"},
            "service account nic-attach is there already",
            "name",
        ),
        (
            "logging_group",
            {"folder_id": "b1gother"},
            "folder b1gother is not there: the folder is ",
            "folder_id",
        ),
        (KEY, {"service_account_id": ""}, "an account is needed", "service_account_id"),
        (
            KEY,
            {"service_account_id": "aje"},
            "service account aje is not there",
            "service_account_id",
        ),
        ("message_queue", {"name": "a b"}, "", ""),
        (
            "message_queue",
            {"name": "q", "redrive_policy": '{"deadLetterTargetArn": "x"}'},
            "",
            "",
        ),
    ],
)
def test_what_the_cloud_does_not_have_is_refused(kind, values, message, at):
    """With what is wrong and where."""

    @played
    async def story(bench):
        told = await bench.refused(bench.create(kind, **values))
        assert told[0].startswith(message)
        assert told[0]
        assert told[1] == at

    story()


@played
async def test_a_queue_is_one_of_the_clouds_own(bench):
    """Its URL and ARN lead to it, its attributes change in place, and are read back."""
    dead = await bench.queue("dead")
    redrive = f'{{"maxReceiveCount": 3,"deadLetterTargetArn": "{dead["arn"]}"}}'
    queue = await bench.queue("tasks", redrive_policy=redrive, tags={"a": "b"})
    found = bench.cloud.queues.by_url(queue["id"])
    assert found.arn == queue["arn"]
    assert found.attributes.redrive.max_receive_count == 3
    kind = bench.kind("message_queue")
    assert await kind.read(queue) == queue
    changed = await bench.update("message_queue", queue, delay_seconds=7, tags=None)
    assert bench.cloud.queues.by_arn(queue["arn"]).attributes.delay.seconds == 7
    assert (await kind.read(changed))["delay_seconds"] == 7
    wire = {"VisibilityTimeout": "99"}
    bench.cloud.queues.set_attributes(found, wire, bench.clock.now())
    assert (await kind.read(changed))["visibility_timeout_seconds"] == 99
    again = await bench.refused(bench.queue("tasks"))
    assert again == ("queue tasks is there already", "name")
    wrong = await bench.refused(
        bench.update("message_queue", changed, redrive_policy="x")
    )
    assert wrong is not None
    await kind.delete(changed)
    assert await kind.read(changed) is None
    gone = await bench.refused(bench.update("message_queue", changed))
    assert gone == ("the queue is gone", "")


@played
async def test_a_queue_may_be_fifo_and_have_a_prefix(bench):
    """A FIFO queue keeps what only such a one has; a name is made up after a prefix."""
    fifo = await bench.queue(
        "a.fifo", fifo_queue=True, content_based_deduplication=True
    )
    assert (await bench.kind("message_queue").read(fifo))["content_based_deduplication"]
    named = await bench.create("message_queue", name_prefix="nic-")
    assert named["name"].startswith("nic-")
    both = await bench.create("message_queue", name_prefix="x", fifo_queue=True)
    assert both["name"].endswith(".fifo")


@played
async def test_a_trail_writes_as_long_as_it_may(bench):
    """Into its group, while its account has both roles and the folder is in scope."""
    group = await bench.group()
    entries = bench.site.groups[group]
    account = await bench.account("trail", "audit-trails.viewer", "logging.writer")
    scope = {
        "resource_id": bench.cloud.world.folder_id,
        "resource_type": "resource-manager.folder",
    }
    policy = {"management_events_filter": [{"resource_scope": [scope]}]}
    given = {
        "folder_id": bench.cloud.world.folder_id,
        "name": "trail",
        "service_account_id": account,
        "logging_destination": [{"log_group_id": group}],
        "filtering_policy": [policy],
    }
    trail = await bench.create("audit_trails_trail", **given)
    kind = bench.kind("audit_trails_trail")
    assert await kind.read(trail) == trail
    happen(bench, "web-1")
    assert len(entries.entries) == 1
    bench.cloud.iam.revoke(bench.cloud.iam.account(account), "logging.writer")
    happen(bench, "web-2")
    assert len(entries.entries) == 1
    bench.cloud.iam.grant(bench.cloud.iam.account(account), "logging.writer")
    elsewhere = {**scope, "resource_id": "b1gother"}
    policy = {"management_events_filter": [{"resource_scope": [elsewhere]}]}
    trail = await bench.update("audit_trails_trail", trail, filtering_policy=[policy])
    happen(bench, "web-3")
    assert len(entries.entries) == 1
    await kind.delete(trail)
    await kind.delete(trail)
    assert await kind.read(trail) is None
    stored = {**given, "logging_destination": [], "storage_destination": [{}]}
    told = await bench.refused(bench.create("audit_trails_trail", **stored))
    assert told[0] == "only log groups are destinations in the local cloud"
    lost = {**given, "logging_destination": [{"log_group_id": "e23none"}]}
    told = await bench.refused(bench.create("audit_trails_trail", **lost))
    assert told == ("log group e23none is not there", "logging_destination")
    assert await bench.update("logging_group", {"id": group}, name="new")
    await bench.kind("logging_group").delete({"id": group})
    assert await bench.kind("logging_group").read({"id": group}) is None


def happen(bench, name):
    """Let something happen that trails tell of: an instance begins to be created."""
    cloud = bench.cloud
    cloud.compute.begin(
        small_instance(cloud.world, name=name), bench.clock.now(), Call()
    )


@played
async def test_a_dashboard_is_kept(bench):
    """And does nothing."""
    made = await bench.create("monitoring_dashboard", name="nic")
    kind = bench.kind("monitoring_dashboard")
    assert await kind.read(made) == made
    assert await bench.update("monitoring_dashboard", made, title="new")
    await kind.delete(made)
    assert await kind.read(made) is None
