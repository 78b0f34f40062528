"""Which method of which service is answered by what."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from google.protobuf.message import Message
from yandex.cloud.endpoint.api_endpoint_pb2 import ApiEndpoint
from yandex.cloud.endpoint.api_endpoint_service_pb2 import (
    GetApiEndpointRequest,
    ListApiEndpointsRequest,
    ListApiEndpointsResponse,
)
from yandex.cloud.iam.v1.iam_token_service_pb2 import (
    CreateIamTokenRequest,
    CreateIamTokenResponse,
)

from fakes.caller import Call
from fakes.compute.model import Compute
from fakes.errors import ApiError, Code
from fakes.gateway import Answer, Route
from fakes.iam import Iam
from fakes.vpc import Vpc
from fakes.vpc_operations import vpc_operation_lists

ADDRESSES: Final = "yandex.cloud.vpc.v1.AddressService"
INSTANCES: Final = "yandex.cloud.compute.v1.InstanceService"
OPERATIONS: Final = "yandex.cloud.operation.OperationService"
NETWORKS: Final = "yandex.cloud.vpc.v1.NetworkService"
SUBNETS: Final = "yandex.cloud.vpc.v1.SubnetService"
SECURITY_GROUPS: Final = "yandex.cloud.vpc.v1.SecurityGroupService"
TOKENS: Final = "yandex.cloud.iam.v1.IamTokenService"
ENDPOINTS: Final = "yandex.cloud.endpoint.ApiEndpointService"

ENDPOINT_IDS: Final = (
    "compute",
    "endpoint",
    "iam",
    "lockbox",
    "lockbox-payload",
    "log-ingestion",
    "log-reading",
    "logging",
    "operation",
    "organization-manager",
    "resource-manager",
    "serverless-containers",
    "serverless-functions",
    "serverless-triggers",
    "storage-api",
    "vpc",
)
"""Ids of services, as the SDK looks them up
(yandex-cloud/python-sdk: yandexcloud/_sdk.py); all are at one address here."""


_BEGUN: Final = {
    INSTANCES: (
        "Create",
        "Delete",
        "Update",
        "UpdateMetadata",
        "Start",
        "Stop",
        "Restart",
        "AttachNetworkInterface",
        "DetachNetworkInterface",
        "UpdateNetworkInterface",
        "AddOneToOneNat",
        "RemoveOneToOneNat",
    ),
    NETWORKS: ("Create", "Delete"),
    SUBNETS: ("Create", "Delete"),
    SECURITY_GROUPS: ("Create", "Delete"),
    ADDRESSES: ("Create", "Delete"),
}
"""What begins an operation."""


def compute_routes(compute: Compute) -> list[Route]:
    """Return the routes to instances, and to all operations, of whatever service."""
    seen: dict[tuple[str, str], Callable[[Any, datetime], Message]] = {
        (INSTANCES, "Get"): compute.get,
        (INSTANCES, "List"): compute.list_instances,
        (INSTANCES, "ListOperations"): compute.list_operations,
        (OPERATIONS, "Get"): compute.get_operation,
        (OPERATIONS, "Cancel"): compute.cancel,
    }
    for kind, listed in vpc_operation_lists(compute).items():
        seen[f"yandex.cloud.vpc.v1.{kind}Service", "ListOperations"] = listed
    return [
        *(
            Route(service=service, method=method, answer=compute.begin)
            for service, methods in _BEGUN.items()
            for method in methods
        ),
        *(
            Route(service=service, method=method, answer=_uncalled(look))
            for (service, method), look in seen.items()
        ),
    ]


def vpc_routes(vpc: Vpc) -> list[Route]:
    """Return the routes to networks, subnets, security groups and addresses."""
    looks: dict[tuple[str, str], Callable[[Any], Message]] = {
        (NETWORKS, "Get"): vpc.get_network,
        (NETWORKS, "List"): vpc.list_networks,
        (SUBNETS, "Get"): vpc.get_subnet,
        (SUBNETS, "List"): vpc.list_subnets,
        (SECURITY_GROUPS, "Get"): vpc.get_security_group,
        (SECURITY_GROUPS, "List"): vpc.list_security_groups,
        (ADDRESSES, "Get"): vpc.get_address,
        (ADDRESSES, "GetByValue"): vpc.get_address_by_value,
        (ADDRESSES, "List"): vpc.list_addresses,
        (ADDRESSES, "ListBySubnet"): vpc.list_addresses_by_subnet,
    }
    return [
        Route(service=service, method=method, answer=_timeless(look))
        for (service, method), look in looks.items()
    ]


def iam_routes(iam: Iam) -> list[Route]:
    """Return the route to tokens, which itself needs none."""

    def create(
        request: CreateIamTokenRequest, now: datetime, _call: Call
    ) -> CreateIamTokenResponse:
        if request.yandex_passport_oauth_token:
            msg = "the local cloud knows no OAuth tokens"
            raise ApiError(Code.UNIMPLEMENTED, msg)
        token = iam.exchange(request.jwt, now)
        response = CreateIamTokenResponse(iam_token=token.value)
        response.expires_at.FromDatetime(token.expires)
        return response

    return [Route(service=TOKENS, method="Create", answer=create, public=True)]


def endpoint_routes(address: Callable[[], str]) -> list[Route]:
    """Return the routes of discovery.

    Args:
        address: Returns the `host:port` at which every service is found.
    """

    def get(request: GetApiEndpointRequest, _now: datetime, _call: Call) -> ApiEndpoint:
        if request.api_endpoint_id not in ENDPOINT_IDS:
            msg = f"Endpoint {request.api_endpoint_id} not found"
            raise ApiError(Code.NOT_FOUND, msg)
        return ApiEndpoint(id=request.api_endpoint_id, address=address())

    def every(
        _request: ListApiEndpointsRequest, _now: datetime, _call: Call
    ) -> ListApiEndpointsResponse:
        return ListApiEndpointsResponse(
            endpoints=[ApiEndpoint(id=one, address=address()) for one in ENDPOINT_IDS]
        )

    return [
        Route(service=ENDPOINTS, method="Get", answer=get, public=True),
        Route(service=ENDPOINTS, method="List", answer=every, public=True),
    ]


def _uncalled(look: Callable[[Any, datetime], Message]) -> Answer:
    """Adapt what does not care who looks."""
    return lambda request, now, _call: look(request, now)


def _timeless(look: Callable[[Any], Message]) -> Answer:
    """Adapt what does not care who looks when."""
    return lambda request, _now, _call: look(request)
