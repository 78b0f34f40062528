"""Virtual Private Cloud, as far as attaching needs it: to be read.

The World stands still, so nothing here depends on the time.  Every answer is a
message of its own, made from the World's values; what those do not tell, such as
labels or when something was created, is empty.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, TypeVar

from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import (
    GetNetworkRequest,
    ListNetworksRequest,
    ListNetworksResponse,
)
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    GetSecurityGroupRequest,
    ListSecurityGroupsRequest,
    ListSecurityGroupsResponse,
)
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import (
    GetSubnetRequest,
    ListSubnetsRequest,
    ListSubnetsResponse,
)

from fakes.compute import checks
from fakes.compute.pages import page_of
from fakes.compute.scene import Rules
from fakes.errors import ApiError, Code

# Unlike Compute, only double quotes, and only names of 3 to 63 characters
# (yandex-cloud/docs: en/vpc/api-ref/grpc/Subnet/list).
_NAME_EQUALS: Final = re.compile(r'\s*name\s*=\s*"([a-z][-a-z0-9]{1,61}[a-z0-9])"\s*')

ListRequest: TypeAlias = (
    ListNetworksRequest | ListSecurityGroupsRequest | ListSubnetsRequest
)
Resource = TypeVar("Resource", Network, SecurityGroup, Subnet)


class Vpc:
    """The networks, subnets and security groups of one folder.

    Args:
        rules: The world, and the code with which a foreign folder is refused.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._world = rules.world

    def get_network(self, request: GetNetworkRequest) -> Network:
        """Return a network.

        Raises:
            ApiError: INVALID_ARGUMENT without an id; NOT_FOUND.
        """
        checks.required(network_id=request.network_id)
        return _found("Network", request.network_id, self._networks())

    def list_networks(self, request: ListNetworksRequest) -> ListNetworksResponse:
        """Return one page of networks.

        Raises:
            ApiError: INVALID_ARGUMENT for a page or filter that is unknown here, or
                without a folder; NOT_FOUND for the folder.
        """
        page, token = self._page(request, self._networks())
        return ListNetworksResponse(networks=page, next_page_token=token)

    def get_subnet(self, request: GetSubnetRequest) -> Subnet:
        """Return a subnet.

        Raises:
            ApiError: As `get_network`.
        """
        checks.required(subnet_id=request.subnet_id)
        return _found("Subnet", request.subnet_id, self._subnets())

    def list_subnets(self, request: ListSubnetsRequest) -> ListSubnetsResponse:
        """Return one page of subnets.

        Raises:
            ApiError: As `list_networks`.
        """
        page, token = self._page(request, self._subnets())
        return ListSubnetsResponse(subnets=page, next_page_token=token)

    def get_security_group(self, request: GetSecurityGroupRequest) -> SecurityGroup:
        """Return a security group.

        Raises:
            ApiError: As `get_network`.
        """
        checks.required(security_group_id=request.security_group_id)
        return _found(
            "Security group", request.security_group_id, self._security_groups()
        )

    def list_security_groups(
        self, request: ListSecurityGroupsRequest
    ) -> ListSecurityGroupsResponse:
        """Return one page of security groups.

        Raises:
            ApiError: As `list_networks`.
        """
        page, token = self._page(request, self._security_groups())
        return ListSecurityGroupsResponse(security_groups=page, next_page_token=token)

    def _networks(self) -> Iterable[Network]:
        for one in self._world.networks:
            yield Network(id=one.id, folder_id=self._world.folder_id, name=one.name)

    def _subnets(self) -> Iterable[Subnet]:
        for one in self._world.subnets:
            yield Subnet(
                id=one.id,
                folder_id=self._world.folder_id,
                name=one.name,
                network_id=one.network_id,
                zone_id=one.zone_id,
                v4_cidr_blocks=[str(one.cidr)],
            )

    def _security_groups(self) -> Iterable[SecurityGroup]:
        """Without rules: traffic is beyond the local cloud."""
        for one in self._world.security_groups:
            yield SecurityGroup(
                id=one.id,
                folder_id=self._world.folder_id,
                name=one.name,
                network_id=one.network_id,
                status=SecurityGroup.Status.ACTIVE,
            )

    def _page(
        self, request: ListRequest, resources: Iterable[Resource]
    ) -> tuple[Sequence[Resource], str]:
        """Return one page, by id, which is an assumption; and the next one's token.

        Raises:
            ApiError: As `list_networks`.
        """
        checks.required(folder_id=request.folder_id)
        checks.check_folder(request.folder_id, self._rules)
        name = _name_asked_for(request.filter)
        return page_of(
            sorted(
                (one for one in resources if name in {None, one.name}),
                key=lambda one: one.id,
            ),
            lambda one: one.id,
            request.page_size,
            request.page_token,
        )


def _found(kind: str, wanted: str, resources: Iterable[Resource]) -> Resource:
    """Return the resource with the id *wanted*.

    Raises:
        ApiError: NOT_FOUND, in the words of a subnet's
            (yandex-cloud/terraform-provider-yandex: issue 295); that those of other
            kinds are alike is an assumption.
    """
    for one in resources:
        if one.id == wanted:
            return one
    msg = f"{kind} {wanted} not found"
    raise ApiError(Code.NOT_FOUND, msg)


def _name_asked_for(expression: str) -> str | None:
    """Return the name that a filter asks for, or None if there is no filter.

    Raises:
        ApiError: INVALID_ARGUMENT for any other expression, an assumption.
    """
    if not expression:
        return None
    found = _NAME_EQUALS.fullmatch(expression)
    if found is None:
        msg = f"filter: cannot understand {expression!r}"
        raise checks.invalid(msg)
    return found[1]
