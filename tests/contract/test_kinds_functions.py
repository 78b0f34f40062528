"""Functions that Terraform deploys run from their bundle, as they were declared."""

import asyncio
import os
import zipfile

import pytest

from fakes.serverless.errors import OutOfMemoryError
from fakes.triggers.runner import FunctionError
from tests.contract.kinds_bench import played

TELLS = """
import json, os, sys

def handle(event, context):
    print("plain")
    print(json.dumps({"message": "told", "level": "WARN", "more": 1}))
    print(json.dumps({"message": "quiet", "level": "DEBUG"}))
    names = sorted(set(os.environ) - {"LC_CTYPE"})
    return [names, os.environ.get("SECRET"), context.token and 1, len(sys.path)]
"""
GREEDY = "def handle(event, context):\n    return len(bytearray(event << 20))\n"
WAITS = """
def handle(event, context):
    begun, go_on = event
    open(begun, "w").close()
    open(go_on).read()
    return "old"
"""
SLOW = "import time\n\ndef handle(event, context):\n    time.sleep(30)\n"


async def call(bench, state, event=None):
    return await bench.site.functions[state["id"]].invoke(event)


@played
async def test_a_function_has_what_was_declared_and_no_more(bench):
    """Variables, secrets, the cloud's certificate; a token if it has an account."""
    account = await bench.account("robot")
    secret = await bench.create("lockbox_secret")
    entries = [{"key": "k", "text_value": "s3cret"}]
    version = await bench.create(
        "lockbox_secret_version", secret_id=secret["id"], entries=entries
    )
    await bench.create(
        "lockbox_secret_iam_member",
        secret_id=secret["id"],
        role="lockbox.payloadViewer",
        member=f"serviceAccount:{account}",
    )
    needed = {
        "id": secret["id"],
        "version_id": version["id"],
        "key": "k",
        "environment_variable": "SECRET",
    }
    function = await bench.function(
        content=[{"zip_filename": bench.bundle(TELLS)}],
        service_account_id=account,
        environment={"A": "1"},
        secrets=[needed],
    )
    trust = "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"
    found = await call(bench, function)
    assert found[:3] == [["A", trust, "SECRET"], "s3cret", 1]
    assert function["environment"] == {"A": "1"}
    alone = await bench.function(
        "alone", content=[{"zip_filename": bench.bundle(TELLS)}]
    )
    found = await call(bench, alone)
    assert found[:3] == [[trust], None, None]


@played
async def test_what_it_logs_arrives_in_its_group(bench):
    """Structured lines with their level, from the least on; others as they are."""
    group = await bench.group()
    options = {"log_group_id": group, "min_level": "INFO"}
    function = await bench.function(
        content=[{"zip_filename": bench.bundle(TELLS)}], log_options=[options]
    )
    await call(bench, function)
    entries = bench.site.groups[group].entries
    assert [(one.level, one.message) for one in entries] == [
        ("LEVEL_UNSPECIFIED", "plain"),
        ("WARN", "told"),
    ]
    assert entries[1].json_payload == {"more": 1}
    assert {one.resource_id for one in entries} == {function["id"]}
    assert ("f", "plain") in bench.lines
    nowhere = {"log_group_id": "e23none"}
    told = await bench.refused(bench.function("g", log_options=[nowhere]))
    assert told == ("log group e23none is not there", "log_options")
    silent = {"log_group_id": group, "disabled": True}
    await call(bench, await bench.function("h", log_options=[silent]))
    assert len(bench.site.groups[group].entries) == 2


@played
async def test_without_requirements_nothing_is_installed(bench):
    """What is not in such a bundle cannot be imported: nothing is installed for it."""
    text = "def handle(event, context):\n    import structlog\n"
    bare = bench.bundle(text + "# bare\n", installed=False)
    full = bench.bundle(text)
    function = await bench.function(content=[{"zip_filename": bare}])
    with pytest.raises(FunctionError, match="No module named 'structlog'"):
        await call(bench, function)
    await bench.update(
        "function", function, content=[{"zip_filename": full}], user_hash="2"
    )
    assert await call(bench, function) is None


@played
async def test_memory_and_time_are_bounded(bench):
    """Who takes more than was declared has failed; the next call begins anew."""
    function = await bench.function(
        content=[{"zip_filename": bench.bundle(GREEDY)}], memory=128
    )
    assert await call(bench, function, 1) == 1 << 20
    with pytest.raises(OutOfMemoryError, match="more than 128 MB"):
        await call(bench, function, 256)
    assert await call(bench, function, 1) == 1 << 20
    slow = await bench.function(
        "slow", content=[{"zip_filename": bench.bundle(SLOW)}], execution_timeout="1"
    )
    with pytest.raises(FunctionError, match="timed out"):
        await call(bench, slow)


@played
async def test_a_version_that_cannot_be_made_is_a_warning(bench):
    """The function is there without it, or with the one before; Terraform's state
    keeps the new hash all the same.
    """
    broken = bench.folder / "broken.zip"
    broken.write_text("no zip")
    content = [{"zip_filename": str(broken)}]
    function = await bench.function(content=content)
    why = "Failed to create a version of f: broken.zip is not a zip"
    assert bench.warnings == (why,)
    assert (function["environment"], function["version"]) == (None, "")
    assert await bench.kind("function").read(function) == function
    with pytest.raises(FunctionError, match="there is no version"):
        await call(bench, function)
    good = await bench.update(
        "function", function, content=[{"zip_filename": bench.bundle()}], user_hash="2"
    )
    assert bench.warnings == ()
    bad = await bench.update("function", good, content=content, user_hash="3")
    assert bench.warnings == (why,)
    assert (bad["user_hash"], bad["version"]) == ("3", good["version"])
    assert await call(bench, function, 5) is None
    same = await bench.update("function", bad, description="new")
    assert (bench.warnings, same["version"]) == ((), good["version"])


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"environment": {"A": "x" * 4096}}, "the environment takes 4097 bytes, more"),
        ({"environment": {"PATH": "/"}}, "PATH cannot be the name"),
        ({"environment": {"A-B": "/"}}, "A-B cannot be the name"),
        ({"secrets": [{"id": "e6q"}]}, "secrets need a service account"),
    ],
)
def test_what_the_platform_does_not_take_makes_no_version(values, why):
    """The warning says what it is, and tells no secret."""

    @played
    async def story(bench):
        await bench.function(**values)
        [told] = bench.warnings
        assert told.startswith(f"Failed to create a version of f: {why}")

    story()


@played
async def test_a_secret_takes_a_role_and_must_be_there(bench):
    """Without `lockbox.payloadViewer`, or without such a key, there is no version."""
    account = await bench.account("robot")
    secret = await bench.create("lockbox_secret")
    needed = {"id": secret["id"], "version_id": "v", "key": "k"}
    wanted = {"secrets": [needed | {"environment_variable": "S"}]}
    await bench.function(service_account_id=account, **wanted)
    assert "Permission denied" in bench.warnings[0]
    await bench.create(
        "lockbox_secret_iam_member",
        secret_id=secret["id"],
        role="lockbox.payloadViewer",
        member=f"serviceAccount:{account}",
    )
    await bench.function("g", service_account_id=account, **wanted)
    assert "has no version v with key 'k'" in bench.warnings[0]


@pytest.mark.parametrize(
    ("values", "message", "at"),
    [
        ({"content": [{"zip_filename": "/no/f.zip"}]}, "there is no file", "content"),
        ({"content": []}, "content or package is needed", ""),
        ({"name": "taken"}, "function taken is there already", "name"),
        ({"service_account_id": "aje"}, "service account aje is", "service_account_id"),
    ],
)
def test_what_the_provider_does_not_take_is_refused(values, message, at):
    """With the place; there is no function then."""

    @played
    async def story(bench):
        await bench.function("taken")
        told = await bench.refused(bench.function(**{"name": "f", **values}))
        assert told[0].startswith(message)
        assert told[1] == at
        assert len(bench.site.functions) == 1

    story()


@played
async def test_a_zip_that_is_too_large_goes_through_a_bucket(bench):
    """The provider takes 3 670 016 bytes; in the local cloud a folder is the bucket."""
    large = bench.folder / "large.zip"
    with zipfile.ZipFile(large, "w") as archive:
        archive.writestr("main.py", "def handle(event, context):\n    return 'large'\n")
        archive.writestr("data", "x" * 3_670_016)
    told = await bench.refused(bench.function(content=[{"zip_filename": str(large)}]))
    assert told[0].startswith("large.zip has more than 3670016 bytes")
    stored = {"bucket_name": "b", "object_name": "o/large.zip"}
    function = await bench.function(package=[stored])
    assert "there is no object buckets/b/o/large.zip" in bench.warnings[0]
    place = bench.site.folder / "buckets" / "b" / "o"
    place.mkdir(parents=True)
    large.rename(place / "large.zip")
    await bench.update("function", function, package=[stored], user_hash="2")
    assert await call(bench, function) == "large"


@played
async def test_instances_and_calls_are_bounded(bench):
    """By the policy for `$latest`; without one by the quota."""
    function = await bench.function()
    policy = {"tag": "$latest", "zone_instances_limit": 2, "zone_requests_limit": 5}
    given = {"function_id": function["id"], "policy": [policy]}
    state = await bench.create("function_scaling_policy", **given)
    deployed = bench.site.functions[function["id"]]
    assert (deployed.instances, deployed.calls) == (2, 5)
    kind = bench.kind("function_scaling_policy")
    assert await kind.read(state) == state
    other = {"tag": "old", "zone_instances_limit": 9, "zone_requests_limit": 9}
    none = policy | {"zone_instances_limit": 0, "zone_requests_limit": 0}
    await bench.update("function_scaling_policy", state, policy=[other, none])
    assert (deployed.instances, deployed.calls) == (10, 10)
    await kind.delete(state)
    assert (deployed.instances, deployed.calls) == (1, 10)
    await bench.kind("function").delete(function)
    await bench.kind("function").delete(function)
    assert await kind.read(state) is None
    await kind.delete(state)
    lost = bench.create("function_scaling_policy", **given)
    assert (await bench.refused(lost))[1] == "function_id"


@played
async def test_a_new_version_lets_the_old_one_end(bench):
    """A call that is under way ends where it began; the next one is the new one's."""
    function = await bench.function(content=[{"zip_filename": bench.bundle(WAITS)}])
    begun, go_on = bench.folder / "begun", bench.folder / "go-on"
    for pipe in (begun, go_on):
        os.mkfifo(pipe)
    old = asyncio.create_task(call(bench, function, [str(begun), str(go_on)]))
    await asyncio.to_thread(begun.read_text)
    new = bench.bundle("def handle(event, context):\n    return 'new'\n")
    update = asyncio.create_task(
        bench.update(
            "function", function, content=[{"zip_filename": new}], user_hash="2"
        )
    )
    await asyncio.sleep(0)  # the new version is there, and waits for the old one's end
    assert await call(bench, function) == "new"
    assert not update.done()
    await asyncio.to_thread(go_on.write_text, "go on")
    assert await old == "old"
    await update
    assert len(list(bench.cloud.functions)) == 1
