"""Subnets and security groups over gRPC, imported only where they are looked at."""

from typing import Any

import grpc
from yandex.cloud.vpc.v1.security_group_service_pb2 import GetSecurityGroupRequest
from yandex.cloud.vpc.v1.security_group_service_pb2_grpc import SecurityGroupServiceStub
from yandex.cloud.vpc.v1.subnet_service_pb2 import GetSubnetRequest
from yandex.cloud.vpc.v1.subnet_service_pb2_grpc import SubnetServiceStub

from events.guard import Subnet


def subnet(channel: grpc.Channel, find: Any, subnet_id: str) -> Subnet | None:
    """Return the subnet, None if there is none; *find* makes the call."""
    request = GetSubnetRequest(subnet_id=subnet_id)
    found = find(SubnetServiceStub(channel).Get, request)
    return found and Subnet(
        id=found.id, zone_id=found.zone_id, network_id=found.network_id
    )


def network_of_group(channel: grpc.Channel, find: Any, group_id: str) -> str | None:
    """Return the network of a group, None if there is no such group."""
    request = GetSecurityGroupRequest(security_group_id=group_id)
    found = find(SecurityGroupServiceStub(channel).Get, request)
    return found and str(found.network_id)
