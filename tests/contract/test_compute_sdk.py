"""The unmodified SDK works with the local cloud, over TLS."""

import subprocess
import sys
import textwrap
from datetime import timedelta

import grpc
import pytest
import yandexcloud
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceMetadata,
    AttachInstanceNetworkInterfaceRequest,
    CreateInstanceMetadata,
    GetInstanceRequest,
    ListInstancesRequest,
    StopInstanceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandexcloud.operations import OperationError

from fakes.caller import LOCAL
from fakes.compute import fates
from fakes.compute.creation import small_instance
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.http.metadata import metadata_app
from fakes.http.server import HttpServer
from tests.rpc_bench import ANN, Loop, running_town

SOON = timedelta(milliseconds=20)
# The SDK's own waiter uses a class that the SDK itself has deprecated.
waits = pytest.mark.filterwarnings(
    "ignore:Call to deprecated class RetryInterceptor:DeprecationWarning"
)


@pytest.fixture(scope="module")
def town():
    with running_town() as town:
        yield town


@pytest.fixture(autouse=True)
def _fresh(town):
    town.compute.clear()
    town.faults.clear()


def sdk_for(town, **credentials):
    return yandexcloud.SDK(
        endpoint=town.server.endpoint,
        root_certificates=town.server.ca_pem,
        **credentials,
    )


@pytest.fixture(scope="module")
def sdk(town):
    return sdk_for(town, iam_token=town.token())


@pytest.fixture(scope="module")
def instances(sdk):
    return sdk.client(InstanceServiceStub)


def created(town, instances) -> str:
    operation = instances.Create(small_instance(town.world, name="web"))
    metadata = CreateInstanceMetadata()
    operation.metadata.Unpack(metadata)
    until(instances, metadata.instance_id, Instance.Status.RUNNING)
    return metadata.instance_id


def stopped(town, instances) -> str:
    instance_id = created(town, instances)
    instances.Stop(StopInstanceRequest(instance_id=instance_id))
    until(instances, instance_id, Instance.Status.STOPPED)
    return instance_id


def until(instances, instance_id, status):
    # Every look is a real call: operations of a millisecond end within a few.
    request = GetInstanceRequest(instance_id=instance_id)
    for _ in range(1000):
        if instances.Get(request).status == status:
            return
    pytest.fail(f"never became {status}")


def attachment(town, instance_id, index="1"):
    return AttachInstanceNetworkInterfaceRequest(
        instance_id=instance_id,
        network_interface_index=index,
        subnet_id=town.world.subnets[0].id,
        security_group_ids=[town.world.security_groups[0].id],
    )


def test_the_sdk_finds_instances_by_discovery(town, instances):
    """Endpoint discovery, TLS and the token work without any patch."""
    instance_id = created(town, instances)
    request = ListInstancesRequest(folder_id=town.world.folder_id, filter='name="web"')
    assert [one.id for one in instances.List(request).instances] == [instance_id]
    assert town.faults.seen[-1].subject_id == ANN.id


@waits
def test_the_sdk_waits_for_an_attachment(town, sdk, instances):
    """The SDK's own waiter gets the instance with its new interface."""
    instance_id = stopped(town, instances)
    town.compute.script(Kind.ATTACH, fates.lasts(SOON))
    result = sdk.wait_operation_and_get_result(
        instances.AttachNetworkInterface(attachment(town, instance_id)),
        response_type=Instance,
        meta_type=AttachInstanceNetworkInterfaceMetadata,
    )
    assert result.meta.network_interface_index == "1"
    assert result.response.network_interfaces[1].mac_address.startswith("d0:1d:")


@waits
def test_the_sdk_raises_when_an_attachment_fails(town, sdk, instances):
    """The SDK's own waiter raises, with the operation's error in its text."""
    instance_id = stopped(town, instances)
    town.compute.script(Kind.ATTACH, fates.fails(Code.INTERNAL, "no host", lasts=SOON))
    operation = instances.AttachNetworkInterface(attachment(town, instance_id))
    with pytest.raises(OperationError, match=r"Error code: 13\..*no host"):
        sdk.wait_operation_and_get_result(operation, response_type=Instance)


def test_a_refusal_reaches_the_client(town, instances):
    """Code and message of a refusal are those of the call's status."""
    with pytest.raises(grpc.RpcError) as refused:
        instances.AttachNetworkInterface(attachment(town, created(town, instances)))
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "must be STOPPED" in refused.value.details()


def test_the_sdk_works_without_tls(town):
    """To a plaintext endpoint the SDK sends no token, and is let in."""
    instances = sdk_for(town, iam_token="any").client(
        InstanceServiceStub,
        endpoint=f"127.0.0.1:{town.server.plain_port}",
        insecure=True,
    )
    created(town, instances)
    assert town.faults.seen[-1].subject_id == LOCAL.id


# From Python 3.12 on, how the SDK itself makes the times of its JWT is deprecated.
@pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")
def test_the_sdk_signs_in_with_a_key(town):
    """A service account's key is exchanged for a token, and the token works."""
    now = town.clock.now()
    robot = town.iam.create_service_account("robot")
    sdk = sdk_for(town, service_account_key=town.iam.create_key(robot, now))
    created(town, sdk.client(InstanceServiceStub))
    assert town.faults.seen[-1].subject_id == robot.id


def test_a_wrong_token_is_refused(town):
    """Over TLS nobody gets in without a good token."""
    instances = sdk_for(town, iam_token="wrong").client(InstanceServiceStub)
    with pytest.raises(grpc.RpcError, match="invalid or has expired") as refused:
        instances.Get(GetInstanceRequest(instance_id="x"))
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_the_sdk_signs_in_by_metadata(town, tmp_path):
    """Without credentials the SDK asks the metadata service, at the address of an
    environment variable, and its token works.
    """
    loop = Loop()
    metadata = HttpServer(metadata_app(lambda: (town.token(), 43_200)))
    loop.run(metadata.start())
    (tmp_path / "ca.pem").write_bytes(town.server.ca_pem)
    program = f"""
        import pathlib, yandexcloud
        from yandex.cloud.compute.v1.instance_service_pb2 import ListInstancesRequest
        from yandex.cloud.compute.v1.instance_service_pb2_grpc import (
            InstanceServiceStub,
        )
        sdk = yandexcloud.SDK(
            endpoint="{town.server.endpoint}",
            root_certificates=pathlib.Path("ca.pem").read_bytes(),
        )
        sdk.client(InstanceServiceStub).List(
            ListInstancesRequest(folder_id="{town.world.folder_id}")
        )
    """
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", textwrap.dedent(program)],
        env={"YC_METADATA_ADDR": f"127.0.0.1:{metadata.port}"},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        timeout=60,
    )
    loop.run(metadata.stop())
    loop.close()
    assert done.returncode == 0, done.stderr.decode()
    assert town.faults.seen[-1].subject_id == ANN.id
