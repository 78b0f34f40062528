"""Lists of the operations on networks, subnets, security groups and addresses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from google.protobuf.message import Message
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.address_service_pb2 import ListAddressOperationsResponse
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import ListNetworkOperationsResponse
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    ListSecurityGroupOperationsResponse,
)
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import ListSubnetOperationsResponse

from fakes.compute import checks
from fakes.compute.claims import Resource
from fakes.compute.model import Compute
from fakes.compute.vpc_common import found

OperationList: TypeAlias = Callable[[Any, datetime], Message]


def vpc_operation_lists(compute: Compute) -> dict[str, OperationList]:
    """Return what answers `ListOperations`, by the name of the kind."""
    answers: dict[type[Resource], tuple[str, type[Message]]] = {
        Address: ("address_id", ListAddressOperationsResponse),
        Network: ("network_id", ListNetworkOperationsResponse),
        SecurityGroup: ("security_group_id", ListSecurityGroupOperationsResponse),
        Subnet: ("subnet_id", ListSubnetOperationsResponse),
    }
    return {
        kind.DESCRIPTOR.name: _listed(compute, kind, field, response)
        for kind, (field, response) in answers.items()
    }


def _listed(
    compute: Compute, kind: type[Resource], field: str, response: type[Message]
) -> OperationList:
    """Return what lists the operations on one resource of a kind.

    It raises INVALID_ARGUMENT for the page or without an id, and NOT_FOUND.
    """

    def answer(request: Any, now: datetime) -> Message:
        resource_id = getattr(request, field)
        checks.required(**{field: resource_id})
        compute.advance(now)
        found(kind, resource_id, compute.rules)
        page, token = compute.operations_of(
            resource_id, request.page_size, request.page_token
        )
        return response(operations=page, next_page_token=token)

    return answer
