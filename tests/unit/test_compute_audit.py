"""What happens to instances is told as audit events."""

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatRequest,
    DeleteInstanceRequest,
    PrimaryAddressSpec,
    RemoveInstanceOneToOneNatRequest,
    RestartInstanceRequest,
    StopInstanceRequest,
    UpdateInstanceMetadataRequest,
    UpdateInstanceNetworkInterfaceRequest,
    UpdateInstanceRequest,
)

from fakes.caller import Call, Subject, SubjectType
from fakes.compute import fates
from fakes.compute.model import Mishap
from fakes.compute.settings import Kind
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench

USER = Subject(id="aje1", name="ann", type=SubjectType.USER)


@pytest.fixture
def bench():
    return Bench()


def told(bench):
    return [
        (event["event_type"].rpartition(".")[2], event["event_status"])
        for event in bench.compute.audit.events
    ]


def test_a_stop_is_told_as_documented(bench):
    """The event has the documented schema, to the last field."""
    instance_id = bench.running()
    bench.compute.audit.clear()
    call = Call(subject=USER, user_agent="curl", request_id="r1")
    bench.compute.begin(StopInstanceRequest(instance_id=instance_id), bench.now, call)
    bench.now = bench.compute.next_change()
    bench.instance(instance_id)
    started, done = bench.compute.audit.events
    world = bench.world
    assert done == {
        "event_id": done["event_id"],
        "event_source": "compute",
        "event_type": "yandex.cloud.audit.compute.StopInstance",
        "event_time": "2026-03-01T13:00:04Z",
        "authentication": {
            "authenticated": True,
            "subject_type": "YANDEX_PASSPORT_USER_ACCOUNT",
            "subject_id": "aje1",
            "subject_name": "ann",
        },
        "authorization": {"authorized": True},
        "resource_metadata": {
            "path": [
                {
                    "resource_type": "organization-manager.organization",
                    "resource_id": world.organization_id,
                    "resource_name": "local-organization",
                },
                {
                    "resource_type": "resource-manager.cloud",
                    "resource_id": world.cloud_id,
                    "resource_name": "local-cloud",
                },
                {
                    "resource_type": "resource-manager.folder",
                    "resource_id": world.folder_id,
                    "resource_name": "default",
                },
            ]
        },
        "request_metadata": {
            "remote_address": "127.0.0.1",
            "user_agent": "curl",
            "request_id": "r1",
        },
        "event_status": "DONE",
        "details": {"instance_id": instance_id, "instance_name": "web"},
    }
    assert started["event_status"] == "STARTED"
    assert started["event_time"] == "2026-03-01T13:00:00Z"
    assert started["event_id"] != done["event_id"]


def test_every_kind_has_its_name(bench):
    """Each method is told as STARTED and DONE, under the name of its event."""
    instance_id = bench.stopped()
    at_1 = {"instance_id": instance_id, "network_interface_index": "1"}
    bench.finish(bench.attachment(instance_id))
    bench.finish(UpdateInstanceNetworkInterfaceRequest(**at_1, subnet_id=bench.subnet))
    bench.finish(AddInstanceOneToOneNatRequest(**at_1))
    bench.finish(RemoveInstanceOneToOneNatRequest(**at_1))
    bench.finish(bench.detachment(instance_id))
    bench.start(instance_id)
    bench.finish(RestartInstanceRequest(instance_id=instance_id))
    bench.finish(UpdateInstanceRequest(instance_id=instance_id))
    bench.finish(UpdateInstanceMetadataRequest(instance_id=instance_id))
    bench.finish(DeleteInstanceRequest(instance_id=instance_id))
    names = (
        "CreateInstance",
        "StopInstance",
        "AttachInstanceNetworkInterface",
        "UpdateInstanceNetworkInterface",
        "AddInstanceOneToOneNat",
        "RemoveInstanceOneToOneNat",
        "DetachInstanceNetworkInterface",
        "StartInstance",
        "RestartInstance",
        "UpdateInstance",
        "UpdateInstanceMetadata",
        "DeleteInstance",
    )
    assert told(bench) == [
        (name, status) for name in names for status in ("STARTED", "DONE")
    ]


@pytest.mark.parametrize("mishap", [Mishap.GUEST_STOP, Mishap.PREEMPT, Mishap.CRASH])
def test_mishaps_are_told_once(bench, mishap):
    """They are the platform's own doing, and only told when done."""
    instance_id = bench.running()
    bench.compute.audit.clear()
    bench.compute.happen(mishap, instance_id, bench.now)
    (event,) = bench.compute.audit.events
    assert told(bench) == [(mishap.kind.value, "DONE")]
    assert event["details"] == {"instance_id": instance_id, "instance_name": "web"}
    assert event["request_metadata"]["remote_address"] == "cloud.yandex"


def test_an_attachment_tells_what_was_asked_and_what_there_is(bench):
    """The details are the request's fields and the instance's interfaces."""
    instance_id = bench.stopped()
    spec = PrimaryAddressSpec(address="10.128.0.50")
    bench.finish(bench.attachment(instance_id, primary_v4_address_spec=spec))
    started, done = (event["details"] for event in bench.compute.audit.events[-2:])
    interface = bench.instance(instance_id).network_interfaces[1]
    assert len(started["network_interfaces"]) == 1
    assert done["network_interfaces"][1] == {
        "index": "1",
        "mac_address": interface.mac_address,
        "subnet_id": bench.subnet,
        "primary_v4_address": {"address": "10.128.0.50"},
        "security_group_ids": [bench.group],
    }
    del done["network_interfaces"]
    assert done == {
        "instance_id": instance_id,
        "instance_name": "web",
        "network_interface_index": "1",
        "subnet_id": bench.subnet,
        "primary_v4_address_spec": {"address": "10.128.0.50"},
        "security_group_ids": [bench.group],
    }


def test_an_external_address_tells_what_was_asked_and_what_there_is(bench):
    """Like an attachment, with the interfaces as they then are."""
    instance_id = bench.running()
    bench.finish(
        AddInstanceOneToOneNatRequest(
            instance_id=instance_id, network_interface_index="0"
        )
    )
    details = bench.compute.audit.events[-1]["details"]
    [interface] = details.pop("network_interfaces")
    address = interface["primary_v4_address"]["one_to_one_nat"]["address"]
    assert address == "198.51.100.1"
    assert details == {
        "instance_id": instance_id,
        "instance_name": "web",
        "network_interface_index": "0",
    }


def test_an_update_tells_its_mask_but_no_metadata(bench):
    """Of metadata, which holds secrets, only the keys are told."""
    instance_id = bench.running()
    request = UpdateInstanceRequest(
        instance_id=instance_id,
        update_mask={"paths": ["labels", "metadata"]},
        labels={"a": "b"},
        metadata={"user-data": "secret"},
    )
    bench.finish(request)
    details = bench.compute.audit.events[-1]["details"]
    assert details.pop("resources")["cores"] == "2"
    assert details == {
        "instance_id": instance_id,
        "instance_name": "web",
        "update_mask": "labels,metadata",
        "labels": {"a": "b"},
        "metadata_keys": ["user-data"],
    }
    keys = UpdateInstanceMetadataRequest(instance_id=instance_id, upsert={"x": "y"})
    bench.finish(keys)
    assert bench.compute.audit.events[-1]["details"]["metadata_keys"] == [
        "user-data",
        "x",
    ]
    assert "secret" not in repr(bench.compute.audit.events)


def test_a_failure_is_told_with_its_error(bench):
    """The last event of a failed operation has status ERROR and the error."""
    instance_id = bench.running()
    bench.compute.script(Kind.STOP, fates.fails(Code.INTERNAL, "stuck"))
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    event = bench.compute.audit.events[-1]
    assert event["event_status"] == "ERROR"
    assert event["error"] == {"code": 13, "message": "stuck"}


def test_a_refused_call_is_not_told(bench):
    """What never began left no event."""
    with pytest.raises(ApiError):
        bench.begin(StopInstanceRequest(instance_id="fhmx"))
    assert told(bench) == []


def test_subscribers_hear_what_is_kept(bench):
    """They get copies, in order, from the moment they subscribe."""
    heard = []
    instance_id = bench.running()
    bench.compute.audit.subscribe(heard.append)
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert heard == bench.compute.audit.events[-2:]
    heard[0].clear()
    assert all(bench.compute.audit.events)
