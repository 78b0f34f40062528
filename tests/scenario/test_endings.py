"""How requests end when the cloud does not do as asked, over sockets."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DeleteInstanceRequest,
    DetachInstanceNetworkInterfaceRequest,
)

from fakes.compute.fates import fails, never_ends, rolls_back
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.faults import Fault, When


def end(stage, times=20, by=timedelta(seconds=5), **changes):
    if not hasattr(stage, "deployed"):
        stage.deploy()
        stage.deployed = True
    stage.ask(stage.request(**changes))
    stage.turn(by, times=times)
    [outcome] = stage.outcomes()
    assert stage.left() == 0
    return outcome["data"]


def script(stage, *fates, kind=Kind.ATTACH):
    stage.thread.call(stage.cloud.compute.script, kind, *fates)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize(
    "code", [Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.INTERNAL]
)
def test_an_error_that_passes_is_waited_out(stage, when, code):
    """A call that fails for now, before or after its effect, is repeated with the
    same key: there is one operation, and it is found.
    """
    fault = Fault(method="AttachNetworkInterface", when=when, code=code, times=2)
    stage.cloud.faults.add(fault)
    data = end(stage)
    assert data["verdict"] == "attached"
    assert data["reason"] == ""
    assert len(stage.attaches()) == 1
    assert len(set(stage.keys())) == 1


@pytest.mark.parametrize("method", ["InstanceService/Get", "OperationService/Get"])
def test_a_look_that_fails_for_now_is_repeated(stage, method):
    """The cloud not answering a look costs time and nothing else."""
    stage.cloud.faults.add(Fault(method=method, code=Code.UNAVAILABLE, times=2))
    assert end(stage)["verdict"] == "attached"


def test_an_operation_worth_a_retry_is_begun_anew(stage):
    """After an error that another try may cure, the next generation succeeds."""
    script(stage, fails(Code.UNAVAILABLE, "zone is busy"))
    data = end(stage)
    assert (data["verdict"], data["generation"]) == ("attached", 1)
    assert len(stage.attaches()) == 2
    assert len(set(stage.keys())) == 2


def test_generations_are_bounded(stage):
    """What never succeeds is begun six times, and then reported."""
    script(stage, *[fails(Code.UNAVAILABLE, "zone is busy")] * 10)
    data = end(stage, times=80)
    assert (data["verdict"], data["generation"]) == ("operation-failed", 5)
    assert data["reason"] == "UNAVAILABLE: zone is busy"
    assert len(stage.attaches()) == 6


def test_an_error_before_the_end_is_not_the_end(stage):
    """An operation that rolls back is followed until it is done."""
    lasting = timedelta(seconds=20)
    script(stage, rolls_back(Code.INVALID_ARGUMENT, "no", lasts=lasting))
    stage.deploy()
    stage.ask(stage.request())
    stage.turn(times=3)  # the error shows at half time
    assert stage.outcomes() == []
    stage.turn(times=4)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "operation-failed"
    assert outcome["data"]["operation"]["done"]


def test_an_operation_that_never_ends_is_no_success(stage):
    """When there is no hope left, the verdict claims nothing."""
    script(stage, never_ends())
    data = end(stage, times=75, by=timedelta(minutes=1), options={"timeout": "90s"})
    assert data["verdict"] == "unresolved"
    assert "done" not in data["operation"]


def test_late_is_late(stage):
    """A request that could not be begun by its due time has timed out."""
    fault = Fault(method="AttachNetworkInterface", code=Code.UNAVAILABLE, times=99)
    stage.cloud.faults.add(fault)
    data = end(stage, times=30, options={"timeout": "60s"})
    assert data["verdict"] == "timed-out"
    assert data["reason"].startswith("UNAVAILABLE")
    assert stage.attaches() == []


def test_a_lost_operation_is_found_late(stage):
    """An attach that took effect although no answer ever came is found among the
    instance's operations when it is too late to ask again: no false timeout.
    """
    fault = Fault(
        method="AttachNetworkInterface",
        when=When.AFTER,
        code=Code.UNAVAILABLE,
        times=99,
    )
    stage.cloud.faults.add(fault)
    script(stage, fails(Code.INVALID_ARGUMENT, "no", lasts=timedelta(seconds=30)))
    stage.deploy()
    stage.ask(stage.request(options={"timeout": "10s"}))
    stage.turn(times=4)
    assert stage.outcomes() == []
    stage.turn(times=20)
    [outcome] = stage.outcomes()
    assert outcome["data"]["verdict"] == "timed-out"
    assert len(stage.attaches()) == 1


def test_a_cloud_that_never_answers(stage):
    """Nothing is claimed about an instance that could not be looked at."""
    stage.cloud.faults.add(
        Fault(method="InstanceService/Get", code=Code.UNAVAILABLE, times=999)
    )
    data = end(stage, times=90, by=timedelta(minutes=1), options={"timeout": "60s"})
    assert data["verdict"] == "unresolved"
    assert data["reason"].startswith("UNAVAILABLE")


def test_a_look_that_is_forbidden(stage):
    """Without the role to look, the request is refused at once, with the code."""
    fault = Fault(method="InstanceService/Get", code=Code.PERMISSION_DENIED)
    stage.cloud.faults.add(fault)
    data = end(stage, times=1)
    assert data["verdict"] == "refused"
    assert data["reason"].startswith("PERMISSION_DENIED")


def test_another_interface_at_the_index(stage):
    """What others attached at the index is left alone, and the request told so."""
    end(stage)
    groups = [stage.cloud.world.security_groups[0].id]
    other = {"requestId": "request-2", "securityGroupIds": groups}
    nat = {"oneToOneNatSpec": {"ipVersion": "IPV4"}}
    data = end(stage, **other, primaryV4AddressSpec=nat)
    assert data["verdict"] == "index-taken"
    assert len(stage.attaches()) == 1


def test_the_same_wish_by_another_name(stage):
    """An interface that is there already is success, without any operation."""
    end(stage)
    data = end(stage, requestId="request-2")
    assert (data["verdict"], data["operation"]) == ("attached", None)


def test_a_name_used_for_another_wish(stage):
    """A request id that is reused never gets the first one's operation."""
    first = end(stage)
    second = end(stage, networkInterfaceIndex="2")
    assert second["verdict"] == "attached"
    assert first["operation"]["id"] != second["operation"]["id"]


def test_a_repeat_after_a_detach_claims_nothing(stage):
    """A request that is repeated after others detached its interface gets its old
    operation back, and no false success.
    """
    # To a policy, the detach would be a reason to ask again.
    stage.deploy(policies={"policies": []})
    stage.deployed = True
    end(stage)
    stage.begin(
        DetachInstanceNetworkInterfaceRequest(
            instance_id=stage.instance, network_interface_index="1"
        )
    )
    stage.pass_compute()
    data = end(stage, times=40, options={"timeout": "30s"})
    assert data["verdict"] == "vanished"


def test_an_instance_that_is_deleted_on_the_way(stage):
    """What is gone is reported as missing."""
    stage.begin(DeleteInstanceRequest(instance_id=stage.instance))
    assert end(stage)["verdict"] == "instance-missing"


def test_somebody_else_is_faster(stage):
    """An attach that is under way by others is waited for, then judged; its operation
    is told, for it is what brought the interface about.
    """
    world = stage.cloud.world
    stage.begin(
        AttachInstanceNetworkInterfaceRequest(
            instance_id=stage.instance,
            network_interface_index="1",
            subnet_id=world.subnets[0].id,
            security_group_ids=[world.security_groups[0].id],
        )
    )
    data = end(stage)
    [theirs] = stage.attaches()
    assert (data["verdict"], data["operation"]["id"]) == ("attached", theirs.id)


def test_a_dry_run_has_no_effect(stage):
    """With `dryRun`, the outcome tells what would have been done."""
    data = end(stage, times=1, options={"dryRun": True})
    assert data["verdict"] == "planned"
    assert data["reason"] == "would attach, as the instance is STOPPED, the slot free"
    assert stage.attaches() == []
