"""Subnets and security groups over gRPC, imported only where they are looked at."""

from typing import Any

from yandex.cloud.vpc.v1.security_group_service_pb2 import GetSecurityGroupRequest
from yandex.cloud.vpc.v1.security_group_service_pb2_grpc import SecurityGroupServiceStub
from yandex.cloud.vpc.v1.subnet_service_pb2 import GetSubnetRequest
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub

from events.guard import Subnet
from functions._channels import Service


def subnet(find: Any, endpoint: str, subnet_id: str) -> Subnet | None:
    """Return the subnet, None if there is none; *find* makes the call."""
    request = GetSubnetRequest(subnet_id=subnet_id)
    found = find(Service(endpoint=endpoint, stub=SubnetServiceStub).of("Get"), request)
    return found and Subnet(
        id=found.id, zone_id=found.zone_id, network_id=found.network_id
    )


def network_of_group(find: Any, endpoint: str, group_id: str) -> str | None:
    """Return the network of a group, None if there is no such group."""
    request = GetSecurityGroupRequest(security_group_id=group_id)
    found = find(
        Service(endpoint=endpoint, stub=SecurityGroupServiceStub).of("Get"), request
    )
    return found and str(found.network_id)
