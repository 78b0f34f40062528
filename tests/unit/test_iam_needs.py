"""What a call needs depends on its method, and on what it asks for."""

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass
from yandex.cloud.compute.v1 import instance_service_pb2 as compute
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.vpc.v1.address_service_pb2 import (
    CreateAddressRequest,
    DeleteAddressRequest,
    GetAddressByValueRequest,
)
from yandex.cloud.vpc.v1.network_service_pb2 import ListNetworkSubnetsRequest
from yandex.cloud.vpc.v1.security_group_service_pb2 import GetSecurityGroupRequest
from yandex.cloud.vpc.v1.subnet_service_pb2 import ListSubnetOperationsRequest

from fakes.http import queue_admin, queue_messages
from fakes.iam import ROLES, Need, needs_of, needs_of_invoking
from fakes.iam.needs import needs_of_action

INSTANCES = "/yandex.cloud.compute.v1.InstanceService/"
VPC = "/yandex.cloud.vpc.v1."
CONNECT = ["vpc.subnets.use", "vpc.securityGroups.use"]
PUBLIC = ["vpc.addresses.createExternal"]
NIC = {"subnetId": "e9b1", "securityGroupIds": ["enp1"]}


def permissions(path, request):
    return [need.permission for need in needs_of(path, request)]


def nat(**spec):
    return {"primaryV4AddressSpec": {"oneToOneNatSpec": spec}}


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ({}, []),
        ({"subnetId": "e9b1"}, CONNECT[:1]),
        (NIC, CONNECT),
        (NIC | {"primaryV4AddressSpec": {"address": "10.0.0.5"}}, CONNECT),
        (NIC | nat(), CONNECT + PUBLIC),
        (NIC | nat(address="1.2.3.4"), [*CONNECT, *PUBLIC, "vpc.addresses.use"]),
    ],
)
@pytest.mark.parametrize("method", ["AttachNetworkInterface", "UpdateNetworkInterface"])
def test_an_interface_needs_what_it_connects_to(method, asked, more):
    """Beside the change itself: the subnet, the groups, a public address."""
    kind = {
        "AttachNetworkInterface": compute.AttachInstanceNetworkInterfaceRequest,
        "UpdateNetworkInterface": compute.UpdateInstanceNetworkInterfaceRequest,
    }[method]
    request = ParseDict(asked, kind())
    needed = permissions(INSTANCES + method, request)
    assert needed == ["compute.instances.update", *more]


def test_an_instance_needs_what_its_interfaces_do():
    """All of them."""
    specs = {"networkInterfaceSpecs": [NIC, nat()]}
    request = ParseDict(specs, compute.CreateInstanceRequest())
    needed = permissions(INSTANCES + "Create", request)
    assert needed == ["compute.instances.create", *CONNECT, *PUBLIC]


@pytest.mark.parametrize(
    ("path", "request_", "needed"),
    [
        (
            INSTANCES + "AddOneToOneNat",
            compute.AddInstanceOneToOneNatRequest(),
            ["compute.instances.update", *PUBLIC],
        ),
        (
            INSTANCES + "RemoveOneToOneNat",
            compute.RemoveInstanceOneToOneNatRequest(),
            ["compute.instances.update", "vpc.addresses.deleteExternal"],
        ),
        (
            INSTANCES + "Get",
            compute.GetInstanceRequest(view=compute.FULL),
            ["compute.instances.get", "compute.instances.getMetadata"],
        ),
        (
            INSTANCES + "Restart",
            compute.RestartInstanceRequest(),
            ["compute.instances.restart"],
        ),
        (
            "/yandex.cloud.operation.OperationService/Get",
            GetOperationRequest(),
            ["compute.operations.get"],
        ),
        (
            VPC + "SecurityGroupService/Get",
            GetSecurityGroupRequest(),
            ["vpc.securityGroups.get"],
        ),
        (
            VPC + "AddressService/GetByValue",
            GetAddressByValueRequest(),
            ["vpc.addresses.get"],
        ),
        (
            VPC + "AddressService/Create",
            CreateAddressRequest(external_ipv4_address_spec={}),
            ["vpc.addresses.create", *PUBLIC],
        ),
        (
            VPC + "AddressService/Create",
            CreateAddressRequest(internal_ipv4_address_spec={}),
            ["vpc.addresses.create", "vpc.addresses.createInternal"],
        ),
        (
            VPC + "AddressService/Delete",
            DeleteAddressRequest(),
            ["vpc.addresses.delete"],
        ),
        (
            VPC + "NetworkService/ListSubnets",
            ListNetworkSubnetsRequest(),
            ["vpc.subnets.list"],
        ),
        (
            VPC + "SubnetService/ListOperations",
            ListSubnetOperationsRequest(),
            ["vpc.operations.list"],
        ),
    ],
)
def test_a_method_needs_a_permission(path, request_, needed):
    """By a table, or by its name."""
    assert permissions(path, request_) == needed


def test_every_method_of_instances_is_in_the_editors_or_the_admins_hands():
    """Whatever is added to the local cloud, some role but `editor` allows it."""
    service = compute.DESCRIPTOR.services_by_name["InstanceService"]
    for method in service.methods:
        request = GetMessageClass(method.input_type)()
        need, *_ = needs_of(INSTANCES + method.name, request)
        assert need.permission in ROLES["compute.admin"].permissions


def test_a_role_may_be_on_the_instance_or_the_function():
    """Needs say what they are on."""
    request = compute.StopInstanceRequest(instance_id="fhm1")
    [stop] = needs_of(INSTANCES + "Stop", request)
    assert stop == Need(permission="compute.instances.stop", on="fhm1")
    [invoke] = needs_of_invoking("on_http")
    assert invoke == Need(permission="serverless.functions.invoke", on="on_http")


def test_every_action_of_message_queue_has_a_permission():
    """Batches that of one message; a queue's roles are the folder's."""
    actions = {*queue_admin.ACTIONS, *queue_messages.ACTIONS, "ReceiveMessage"}
    for action in actions:
        [need] = needs_of_action(action)
        assert need.permission in ROLES["ymq.admin"].permissions
        assert need.on == ""
    assert needs_of_action("SendMessageBatch") == needs_of_action("SendMessage")
