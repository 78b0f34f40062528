"""What an update changes, and what it leaves alone."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from yandex.cloud.compute.v1.instance_pb2 import (
    Instance,
    MetadataOption,
    MetadataOptions,
    SchedulingPolicy,
)
from yandex.cloud.compute.v1.instance_service_pb2 import (
    FULL,
    GetInstanceRequest,
    ResourcesSpec,
    UpdateInstanceMetadataRequest,
    UpdateInstanceRequest,
)

from fakes.compute.creation import small_instance
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

KIB = 2**10


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def instance_id(bench):
    request = small_instance(bench.world, name="web")
    request.description = "first"
    request.labels["nic"] = "mgmt"
    request.metadata["a"] = "1"
    instance = Instance()
    bench.finish(request).response.Unpack(instance)
    return instance.id


def whole(bench, instance_id):
    return bench.compute.get(
        GetInstanceRequest(instance_id=instance_id, view=FULL), bench.now
    )


def update(instance_id, *paths, **fields):
    mask = FieldMask(paths=paths)
    return UpdateInstanceRequest(instance_id=instance_id, update_mask=mask, **fields)


def test_a_policy_is_given_at_creation(bench):
    """A preemptible instance is one from the beginning."""
    request = small_instance(bench.world, name="web")
    request.scheduling_policy.preemptible = True
    instance = Instance()
    bench.finish(request).response.Unpack(instance)
    assert instance.scheduling_policy.preemptible


def test_only_what_the_mask_names_changes(bench, instance_id):
    """Labels are replaced as a set; a field that the mask leaves out is not read."""
    before = whole(bench, instance_id)
    operation = bench.finish(
        update(instance_id, "labels", labels={"env": "test"}, name="unread")
    )
    after = whole(bench, instance_id)
    assert after.labels == {"env": "test"}
    before.labels.clear()
    before.labels["env"] = "test"
    assert after == before
    answer = Instance()
    operation.response.Unpack(answer)
    assert answer.labels == {"env": "test"}
    assert not answer.metadata


def test_a_named_field_without_a_value_is_reset(bench, instance_id):
    """So the documentation of masks has it."""
    bench.finish(update(instance_id, "description", "metadata"))
    after = whole(bench, instance_id)
    assert (after.description, after.metadata) == ("", {})
    assert after.labels == {"nic": "mgmt"}


def test_without_a_mask_all_is_updated(bench, instance_id):
    """What is not said is reset, but for what no instance is without."""
    before = whole(bench, instance_id)
    bench.finish(update(instance_id, name="new"))
    after = whole(bench, instance_id)
    assert (after.name, after.description, after.labels) == ("new", "", {})
    assert after.resources == before.resources
    assert after.platform_id == before.platform_id
    assert after.fqdn == before.fqdn


def test_a_part_of_a_field_can_be_named(bench, instance_id):
    """The other parts stay."""
    enabled, disabled = MetadataOption.ENABLED, MetadataOption.DISABLED
    first = MetadataOptions(gce_http_endpoint=enabled, gce_http_token=enabled)
    bench.finish(update(instance_id, "metadata_options", metadata_options=first))
    second = MetadataOptions(gce_http_token=disabled)
    path = "metadata_options.gce_http_token"
    bench.finish(update(instance_id, path, metadata_options=second))
    assert whole(bench, instance_id).metadata_options == MetadataOptions(
        gce_http_endpoint=enabled, gce_http_token=disabled
    )


@pytest.mark.parametrize("get", [Bench.running, Bench.stopped])
def test_an_update_returns_to_the_status_before(bench, get):
    """A name can be changed in any status; meanwhile the instance is UPDATING."""
    instance_id = get(bench)
    status = bench.instance(instance_id).status
    policy = SchedulingPolicy(preemptible=True)
    bench.begin(update(instance_id, "scheduling_policy", scheduling_policy=policy))
    assert bench.instance(instance_id).status == Instance.Status.UPDATING
    bench.now = bench.compute.next_change()
    after = bench.instance(instance_id)
    assert (after.status, after.scheduling_policy) == (status, policy)


def test_resources_change_only_at_rest(bench):
    """A running instance is refused; a stopped one gets what was asked for."""
    spec = ResourcesSpec(memory=2**32, cores=4)
    running, stopped = bench.running("one"), bench.stopped("two")
    with pytest.raises(ApiError, match="must be STOPPED") as refused:
        bench.begin(update(running, "resources_spec", resources_spec=spec))
    assert refused.value.code is Code.FAILED_PRECONDITION
    bench.finish(update(stopped, "resources_spec", resources_spec=spec))
    assert bench.instance(stopped).resources.cores == 4


@pytest.mark.parametrize(
    ("paths", "fields", "why"),
    [
        (["status"], {}, "update_mask: 'status' cannot be updated"),
        (["instance_id"], {}, "update_mask: 'instance_id' cannot be"),
        (["labels.a"], {}, "update_mask: 'labels.a' cannot be"),
        (["nonsense"], {}, "update_mask: 'nonsense' cannot be"),
        (["name", ""], {}, "update_mask: '' cannot be"),
        (["name"], {"name": "No"}, "name: 'No' does not match"),
        (["description"], {"description": "x" * 257}, "description: longer than 256"),
        (["labels"], {"labels": {"A": "b"}}, "labels: 'A' does not match"),
        (["labels"], {"labels": {"a": "B"}}, "labels.a: 'B' does not match"),
        (["labels"], {"labels": {"a": "b" * 64}}, "labels.a: 'b+' does not match"),
        (["labels"], {"labels": {"a" * 64: ""}}, "labels: 'a+' does not match"),
        (
            ["labels"],
            {"labels": {f"a{at}": "" for at in range(65)}},
            "labels: 65 of them, at most 64",
        ),
        (
            ["metadata"],
            {"metadata": {"a": "x" * (256 * KIB + 1)}},
            "metadata.a: larger than 256 KB",
        ),
        (
            ["metadata"],
            {"metadata": {"a": "x" * 256 * KIB, "b": "x" * 256 * KIB}},
            "metadata: not smaller than 512 KB",
        ),
    ],
)
def test_what_cannot_be_is_refused(bench, instance_id, paths, fields, why):
    """Masks name fields that can be updated, and values are as documented."""
    with pytest.raises(ApiError, match=why) as refused:
        bench.begin(update(instance_id, *paths, **fields))
    assert refused.value.code is Code.INVALID_ARGUMENT


def test_labels_may_hold_paths(bench, instance_id):
    """Labels of instances may have more characters than others."""
    labels = {"a./@\\_-1": "./@\\_-b"}
    bench.finish(update(instance_id, "labels", labels=labels))
    assert bench.instance(instance_id).labels == labels


def test_a_name_is_taken_from_the_beginning(bench, instance_id):
    """While one instance is renamed, neither its old nor its new name is free; its own
    name is no hindrance.
    """
    bench.finish(update(instance_id, "name", name="web"))
    bench.begin(update(instance_id, "name", name="new"))
    for name in ("web", "new"):
        with pytest.raises(ApiError, match=f"Instance {name} exists") as refused:
            bench.begin(small_instance(bench.world, name=name))
        assert refused.value.code is Code.ALREADY_EXISTS
    bench.now = bench.compute.next_change()
    assert bench.begin(small_instance(bench.world, name="web")).id


def test_metadata_is_changed_key_by_key(bench, instance_id):
    """Keys are deleted, added and replaced; to delete what is not there is no error."""
    request = UpdateInstanceMetadataRequest(
        instance_id=instance_id, delete=["a", "x"], upsert={"b": "2"}
    )
    operation = bench.finish(request)
    assert operation.metadata.TypeName().endswith("UpdateInstanceMetadataMetadata")
    assert whole(bench, instance_id).metadata == {"b": "2"}
    request = UpdateInstanceMetadataRequest(
        instance_id=instance_id, upsert={"c": "x" * (256 * KIB + 1)}
    )
    with pytest.raises(ApiError, match=r"metadata\.c: larger"):
        bench.begin(request)
