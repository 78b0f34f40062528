"""Virtual Private Cloud, to be read.

What changes it are operations, and those are all `fakes.compute.model.Compute`'s.
Every answer is a message of its own; what a caller does to it, nobody else sees.
"""

import copy
import re
from collections.abc import Iterable
from typing import Final, TypeAlias, TypeVar

from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.address_service_pb2 import (
    GetAddressByValueRequest,
    GetAddressRequest,
    ListAddressesBySubnetRequest,
    ListAddressesBySubnetResponse,
    ListAddressesRequest,
    ListAddressesResponse,
)
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
from fakes.compute.claims import EXTERNAL
from fakes.compute.pages import Place, page_of, read
from fakes.compute.scene import Rules
from fakes.compute.vpc_addresses import value_of
from fakes.compute.vpc_common import found
from fakes.errors import ApiError, Code

# Unlike Compute, only double quotes, and only names of 3 to 63 characters
# (yandex-cloud/docs: en/vpc/api-ref/grpc/Subnet/list).
_NAME_EQUALS: Final = re.compile(r'\s*name\s*=\s*"([a-z][-a-z0-9]{1,61}[a-z0-9])"\s*')

ListRequest: TypeAlias = (
    ListAddressesRequest
    | ListNetworksRequest
    | ListSecurityGroupsRequest
    | ListSubnetsRequest
)
R = TypeVar("R", Address, Network, SecurityGroup, Subnet)


class Vpc:
    """The networks, subnets, security groups and addresses of one folder.

    Args:
        rules: The world, and the code with which a foreign folder is refused.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def get_network(self, request: GetNetworkRequest) -> Network:
        """Return a network.

        Raises:
            ApiError: INVALID_ARGUMENT without an id; NOT_FOUND.
        """
        checks.required(network_id=request.network_id)
        return self._copy(Network, request.network_id)

    def list_networks(self, request: ListNetworksRequest) -> ListNetworksResponse:
        """Return one page of networks.

        Raises:
            ApiError: INVALID_ARGUMENT for a page or filter that is unknown here, or
                without a folder; NOT_FOUND for the folder.
        """
        page, token = self._folder_page(request, Network)
        return ListNetworksResponse(networks=page, next_page_token=token)

    def get_subnet(self, request: GetSubnetRequest) -> Subnet:
        """Return a subnet.

        Raises:
            ApiError: As `get_network`.
        """
        checks.required(subnet_id=request.subnet_id)
        return self._copy(Subnet, request.subnet_id)

    def list_subnets(self, request: ListSubnetsRequest) -> ListSubnetsResponse:
        """Return one page of subnets.

        Raises:
            ApiError: As `list_networks`.
        """
        page, token = self._folder_page(request, Subnet)
        return ListSubnetsResponse(subnets=page, next_page_token=token)

    def get_security_group(self, request: GetSecurityGroupRequest) -> SecurityGroup:
        """Return a security group.

        Raises:
            ApiError: As `get_network`.
        """
        checks.required(security_group_id=request.security_group_id)
        return self._copy(SecurityGroup, request.security_group_id)

    def list_security_groups(
        self, request: ListSecurityGroupsRequest
    ) -> ListSecurityGroupsResponse:
        """Return one page of security groups.

        Raises:
            ApiError: As `list_networks`.
        """
        page, token = self._folder_page(request, SecurityGroup)
        return ListSecurityGroupsResponse(security_groups=page, next_page_token=token)

    def get_address(self, request: GetAddressRequest) -> Address:
        """Return a static address.

        Raises:
            ApiError: As `get_network`.
        """
        checks.required(address_id=request.address_id)
        return self._used(self._copy(Address, request.address_id))

    def get_address_by_value(self, request: GetAddressByValueRequest) -> Address:
        """Return the static address with this value.

        Raises:
            ApiError: INVALID_ARGUMENT without a value; NOT_FOUND.
        """
        value = request.external_ipv4_address or request.internal_ipv4_address
        checks.required(address=value)
        scope = EXTERNAL if request.external_ipv4_address else request.subnet_id
        address_id = self._rules.world.claims.reservation(scope, value)
        if address_id is None:
            raise ApiError(Code.NOT_FOUND, f"Address {value} not found")
        return self._used(self._copy(Address, address_id))

    def list_addresses(self, request: ListAddressesRequest) -> ListAddressesResponse:
        """Return one page of static addresses.

        Assumption: automatic ones, which the platform reserves for nobody, are not
        among them.

        Raises:
            ApiError: As `list_networks`.
        """
        page, token = self._folder_page(request, Address)
        return ListAddressesResponse(
            addresses=map(self._used, page), next_page_token=token
        )

    def list_addresses_by_subnet(
        self, request: ListAddressesBySubnetRequest
    ) -> ListAddressesBySubnetResponse:
        """Return one page of the static internal addresses of a subnet.

        Raises:
            ApiError: As `get_network`, and INVALID_ARGUMENT for a page.
        """
        checks.required(subnet_id=request.subnet_id)
        subnet = found(Subnet, request.subnet_id, self._rules)
        page, token = _page(
            (
                one
                for one in self._rules.world.shelf(Address).after("")
                if one.internal_ipv4_address.subnet_id == subnet.id
            ),
            request.page_size,
            request.page_token,
        )
        return ListAddressesBySubnetResponse(
            addresses=map(self._used, page), next_page_token=token
        )

    def _copy(self, kind: type[R], resource_id: str) -> R:
        return copy.deepcopy(found(kind, resource_id, self._rules))

    def _used(self, address: Address) -> Address:
        """Return a copy of *address* that tells whether anything has it."""
        told = copy.deepcopy(address)
        holder = self._rules.world.claims.holder(*value_of(address))
        told.used = holder is not None
        return told

    def _folder_page(self, request: ListRequest, kind: type[R]) -> tuple[list[R], str]:
        """Return one page of a kind, and the next one's token.

        Raises:
            ApiError: As `list_networks`.
        """
        checks.required(folder_id=request.folder_id)
        checks.check_folder(request.folder_id, self._rules)
        name = _name_asked_for(request.filter)
        shelf = self._rules.world.shelf(kind)
        named = (one for one in shelf.after("") if name in {None, one.name})
        return _page(named, request.page_size, request.page_token)


def _page(by_id: Iterable[R], size: int, token: str) -> tuple[list[R], str]:
    """Return one page, by id, which is an assumption; and the next one's token."""
    after = read(token, "id")
    rest = (one for one in by_id if after is None or one.id > after.id)
    return page_of(rest, lambda one: Place(id=one.id), "id", size)


def _name_asked_for(expression: str) -> str | None:
    """Return the name that a filter asks for, or None if there is no filter.

    Raises:
        ApiError: INVALID_ARGUMENT for any other expression, an assumption.
    """
    if not expression:
        return None
    asked = _NAME_EQUALS.fullmatch(expression)
    if asked is None:
        msg = f"filter: cannot understand {expression!r}"
        raise checks.invalid(msg)
    return asked[1]
