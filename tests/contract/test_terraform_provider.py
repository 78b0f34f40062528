"""Terraform finds a provider that keeps its protocol, as far as resources go."""

import json

from fakes.terraform.wire import UNKNOWN, read_value
from tests.contract.provider_client import FUNCTION, QUEUE, played

WANTED = {"name": "tasks", "delay_seconds": 5}


@played
async def test_all_types_of_resources_are_told(client):
    """The schema has every type, with flags, types, blocks and objects."""
    schema = await client.call("GetProviderSchema")
    assert set(schema.resource_schemas) == set(client.resources) - {"provider"}
    queue = {one.name: one for one in schema.resource_schemas[QUEUE].block.attributes}
    assert queue["arn"].computed
    assert queue["secret_key"].sensitive
    assert json.loads(queue["tags"].type) == ["map", "string"]
    function = schema.resource_schemas[FUNCTION].block
    blocks = {one.type_name: one for one in function.block_types}
    assert blocks["content"].max_items == 1
    assert blocks["secrets"].max_items == 0
    triggers = schema.resource_schemas["yandex_serverless_triggers"].block
    source = {one.name: one for one in triggers.attributes}["source"]
    assert source.required
    assert source.nested_type.nesting == 1
    settings = {one.name: one for one in schema.provider.block.attributes}
    assert settings["token"].sensitive


@played
async def test_any_settings_will_do(client):
    """The provider's own settings are taken as they are."""
    assert not (await client.call("ValidateProviderConfig")).diagnostics
    assert not (await client.call("ConfigureProvider")).diagnostics
    assert not (await client.call("StopProvider")).Error


@played
async def test_what_is_wrong_is_told_with_its_place(client):
    """An error names type and problem, and points to the value."""
    wrong = client.value({"policy": [{"tag": "x"}]}, "yandex_function_scaling_policy")
    fine = await client.call(
        "ValidateResourceConfig",
        type_name="yandex_function_scaling_policy",
        config=wrong,
    )
    assert not fine.diagnostics
    found = await client.call(
        "ValidateResourceConfig",
        type_name=QUEUE,
        config=client.value({"delay_seconds": 901}),
    )
    [told] = found.diagnostics
    assert told.summary == "yandex_message_queue: must be from 0 to 900"
    assert told.attribute.steps[0].attribute_name == "delay_seconds"


@played
async def test_a_place_in_a_list_is_part_of_the_path(client):
    """The path to a value within a block tells which one."""
    wrong = {"metadata_options": [{"gce_http_endpoint": 3}], "content": [{}]}
    found = await client.call(
        "ValidateResourceConfig",
        type_name=FUNCTION,
        config=client.value(wrong, FUNCTION),
    )
    [told] = found.diagnostics
    names = [one.attribute_name or one.element_key_int for one in told.attribute.steps]
    assert names == ["metadata_options", 0, "gce_http_endpoint"]


@played
async def test_a_resource_lives_from_creation_to_deletion(client):
    """It is created, changed in place and deleted, and read as it is each time."""
    plan = read_value((await client.plan(None, WANTED)).planned_state)
    assert plan["id"] is UNKNOWN
    assert plan["visibility_timeout_seconds"] == 30
    made, told = await client.apply(None, WANTED)
    assert (made["id"], made["arn"], told) == ("id-1", "arn-id-1", [])

    changed, told = await client.apply(made, made | {"delay_seconds": 9})
    assert changed["delay_seconds"] == 7  # an older library may decide otherwise
    assert [one.summary for one in told] == ["it took a moment"]

    read = await client.call(
        "ReadResource", type_name=QUEUE, current_state=client.value(changed)
    )
    assert read_value(read.new_state)["delay_seconds"] == 9
    gone, told = await client.apply(changed, None)
    assert (gone, told) == (None, [])
    read = await client.call(
        "ReadResource", type_name=QUEUE, current_state=client.value(changed)
    )
    assert read_value(read.new_state) is None


@played
async def test_a_change_of_the_name_takes_another_queue(client):
    """What cannot change in place is planned as a replacement, with the reason."""
    made, _ = await client.apply(None, WANTED)
    plan = await client.plan(made, made | {"name": "others"})
    [path] = plan.requires_replace
    assert path.steps[0].attribute_name == "name"
    assert plan.legacy_type_system


@played
async def test_a_refusal_leaves_all_as_it_was(client):
    """A refused creation leaves nothing, a refused deletion what there was."""
    made, [told] = await client.apply(None, {"name": "cursed"})
    assert made is None
    assert told.summary == "yandex_message_queue: such a name is not allowed"
    assert told.attribute.steps[0].attribute_name == "name"
    state, _ = await client.apply(None, {"name": "sticky"})
    left, [told] = await client.apply(state, None)
    assert left == state
    assert not told.attribute.steps


@played
async def test_what_has_no_kind_can_be_planned_only(client):
    """To apply a resource that the cloud does not have is an error, not a success."""
    wanted = {"name": "f", "content": [{"zip_filename": "f.zip"}]}
    made, [told] = await client.apply(None, wanted, FUNCTION)
    assert made is None
    assert told.summary == "yandex_function: cannot be applied here"


@played
async def test_a_stored_state_is_taken_up_again(client):
    """What Terraform stored as JSON comes back whole, new fields as nothing."""
    raw = {"json": json.dumps({"id": "id-1", "name": "tasks"}).encode()}
    found = await client.call("UpgradeResourceState", type_name=QUEUE, raw_state=raw)
    state = read_value(found.upgraded_state)
    assert state["name"] == "tasks"
    assert state["arn"] is None
