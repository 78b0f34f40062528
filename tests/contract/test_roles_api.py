"""What accounts may do with the API, as the unmodified SDK sees it."""

import http.client
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import grpc
import pytest
import yandexcloud
from yandex.cloud.compute.v1.instance_service_pb2 import (
    FULL,
    AttachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
    ListInstancesRequest,
    StopInstanceRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub
from yandex.cloud.vpc.v1.subnet_service_pb2 import GetSubnetRequest
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub

from fakes.caller import LOCAL, Call
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.errors import Code
from fakes.faults import Fault
from fakes.testing import CloudThread

START = datetime(2026, 3, 1, tzinfo=UTC)
OK, DENIED = grpc.StatusCode.OK, grpc.StatusCode.PERMISSION_DENIED
EVERYTHING = "look metadata subnet stop attach public"


class Town:
    """A cloud, and clients with as many rights as they are given."""

    def __init__(self, thread):
        self.thread = thread
        self.cloud = thread.cloud
        self.world = self.cloud.world

    def account(self, name, *roles):
        return self.thread.call(self.cloud.iam.create_service_account, name, roles)

    def sdk(self, account, token=None):
        return yandexcloud.SDK(
            endpoint=self.cloud.rpc.endpoint,
            root_certificates=self.cloud.rpc.ca_pem,
            iam_token=token or self.thread.call(self.cloud.token, account).value,
        )

    def running(self):
        """Return the id of a new instance."""
        made = self.begin(small_instance(self.world, name=f"web-{self.tick()}"))
        self.tick()
        return made.metadata.value.decode()[2:]

    def stopped(self):
        """Return the id of a new instance that is stopped."""
        instance_id = self.running()
        self.begin(StopInstanceRequest(instance_id=instance_id))
        self.tick()
        return instance_id

    def begin(self, request):
        now = self.cloud.clock.now()
        return self.thread.call(self.cloud.compute.begin, request, now, Call())

    def tick(self):
        self.cloud.clock.advance(timedelta(seconds=1))
        now = self.cloud.clock.now()
        self.thread.call(self.cloud.compute.advance, now)
        return int(now.timestamp())

    def usage(self, account):
        found = self.thread.call(self.cloud.iam.report)
        return next(one for one in found if one.subject == account)


@pytest.fixture(scope="module")
def town():
    durations = Durations.all(timedelta(milliseconds=1))
    with CloudThread(
        lambda: LocalCloud(ManualClock(START), seed=1, durations=durations)
    ) as thread:
        yield Town(thread)


def outcome(method, request):
    try:
        method(request)
    except grpc.RpcError as error:
        return error.code()
    return OK


def attachment(town, instance_id, *, public=False):
    request = AttachInstanceNetworkInterfaceRequest(
        instance_id=instance_id,
        network_interface_index="1",
        subnet_id=town.world.subnets[0].id,
        security_group_ids=[town.world.security_groups[0].id],
    )
    if public:
        request.primary_v4_address_spec.one_to_one_nat_spec.SetInParent()
    return request


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ((), ""),
        (("ymq.admin",), ""),
        (("vpc.user",), "subnet"),
        (("compute.auditor",), "look"),
        (("compute.viewer",), "look metadata"),
        (("viewer",), "look metadata subnet"),
        (("compute.operator",), "look metadata stop"),
        (("compute.editor",), "look metadata subnet stop attach"),
        (("compute.editor", "vpc.publicAdmin"), EVERYTHING),
        (("editor",), EVERYTHING),
        (("admin",), EVERYTHING),
    ],
)
def test_a_role_opens_its_methods(town, roles, allowed):
    """And leaves the others shut."""
    sdk = town.sdk(town.account("robot", *roles))
    instances = sdk.client(InstanceServiceStub)
    one, other, running = town.stopped(), town.stopped(), town.running()
    full = GetInstanceRequest(instance_id=one, view=FULL)
    subnet = GetSubnetRequest(subnet_id=town.world.subnets[0].id)
    attach = instances.AttachNetworkInterface
    outcomes = {
        "look": outcome(instances.Get, GetInstanceRequest(instance_id=one)),
        "metadata": outcome(instances.Get, full),
        "subnet": outcome(sdk.client(SubnetServiceStub).Get, subnet),
        "stop": outcome(instances.Stop, StopInstanceRequest(instance_id=running)),
        "attach": outcome(attach, attachment(town, one)),
        "public": outcome(attach, attachment(town, other, public=True)),
    }
    assert outcomes == {
        name: OK if name in allowed.split() else DENIED for name in outcomes
    }


def test_what_is_denied_has_no_effect(town):
    """No operation, no event, no fault used up; the text names the folder."""
    robot = town.account("robot", "compute.viewer")
    instances = town.sdk(robot).client(InstanceServiceStub)
    instance_id = town.stopped()
    events = town.cloud.compute.audit.events
    town.cloud.faults.add(Fault(method="AttachNetworkInterface", code=Code.UNAVAILABLE))
    with pytest.raises(grpc.RpcError) as refused:
        instances.AttachNetworkInterface(attachment(town, instance_id))
    text = f"Permission denied to resource-manager.folder {town.world.folder_id}"
    assert (refused.value.code(), refused.value.details()) == (DENIED, text)
    assert town.cloud.compute.audit.events == events
    assert town.cloud.faults.seen[-1].subject_id == robot.id
    now = town.cloud.clock.now()
    assert town.cloud.faults.take("InstanceService", "AttachNetworkInterface", now)


def test_a_role_on_one_instance_opens_no_other(town):
    """Nor the list of all."""
    robot = town.account("robot")
    one, other = town.stopped(), town.stopped()
    town.thread.call(town.cloud.iam.grant, robot, "compute.viewer", one)
    instances = town.sdk(robot).client(InstanceServiceStub)
    assert outcome(instances.Get, GetInstanceRequest(instance_id=one)) == OK
    assert outcome(instances.Get, GetInstanceRequest(instance_id=other)) == DENIED
    everything = ListInstancesRequest(folder_id=town.world.folder_id)
    assert outcome(instances.List, everything) == DENIED


def test_who_may_see_networks_may_see_operations_of_instances(town):
    """As the pages of the network's roles say."""
    operation = town.begin(small_instance(town.world, name=f"web-{town.tick()}"))
    operations = town.sdk(town.account("robot", "vpc.viewer"))
    request = GetOperationRequest(operation_id=operation.id)
    assert outcome(operations.client(OperationServiceStub).Get, request) == OK


def test_without_a_good_token_nobody_is_asked_for_roles(town):
    """UNAUTHENTICATED comes first, also once an admin's token has expired."""
    admin = town.account("boss", "admin")
    issue, now = town.cloud.iam.issue, town.cloud.clock.now()
    short = town.thread.call(issue, admin, now, timedelta(seconds=1)).value
    town.tick()
    for token in (short, "t1.nonsense"):
        instances = town.sdk(admin, token).client(InstanceServiceStub)
        request = GetInstanceRequest(instance_id=town.stopped())
        assert outcome(instances.Get, request) == grpc.StatusCode.UNAUTHENTICATED


def test_nobody_is_an_admin_on_plaintext_loopback(town):
    """There, clients that send no token may do everything, as ever."""
    address = f"127.0.0.1:{town.cloud.rpc.plain_port}"
    with grpc.insecure_channel(address) as channel:
        request = StopInstanceRequest(instance_id=town.stopped())
        stop = InstanceServiceStub(channel).Stop
        assert outcome(stop, request) == grpc.StatusCode.FAILED_PRECONDITION
    assert town.usage(LOCAL).used["compute.instances.stop"] == 1


def test_events_and_operations_name_who_did_it(town):
    """The account whose token it was."""
    robot = town.account("robot-7", "compute.editor")
    instances = town.sdk(robot).client(InstanceServiceStub)
    operation = instances.AttachNetworkInterface(attachment(town, town.stopped()))
    [*_, event] = town.cloud.compute.audit.events
    assert operation.created_by == robot.id
    assert event["authentication"] == {
        "authenticated": True,
        "subject_type": "SERVICE_ACCOUNT",
        "subject_id": robot.id,
        "subject_name": "robot-7",
    }


def test_the_report_names_the_least_roles(town):
    """From what was really called: an editor who only stopped things."""
    robot = town.account("robot-8", "compute.editor")
    instances = town.sdk(robot).client(InstanceServiceStub)
    request = StopInstanceRequest(instance_id=town.stopped())
    instances.Get(GetInstanceRequest(instance_id=request.instance_id))
    outcome(instances.Stop, request)
    found = town.usage(robot)
    assert found.used == {"compute.instances.get": 1, "compute.instances.stop": 1}
    assert found.enough == ("compute.operator",)


def test_over_rest_it_is_the_same(town):
    """HTTP 403 with the API's code, as JSON; and nobody without a token gets in."""
    path = f"/compute/v1/instances/{town.stopped()}:start"
    robot = town.account("robot-9", "compute.viewer")
    token = town.thread.call(town.cloud.token, robot).value
    where = urlsplit(town.cloud.rest_url)
    found = []
    for shown in (token, "t1.nonsense"):
        connection = http.client.HTTPConnection(where.netloc, timeout=20)
        connection.request("POST", path, "{}", {"Authorization": f"Bearer {shown}"})
        answer = connection.getresponse()
        found.append((answer.status, json.loads(answer.read())["code"]))
        connection.close()
    assert found == [(403, 7), (401, 16)]
    assert town.usage(robot).refused == {"compute.instances.start": 1}
