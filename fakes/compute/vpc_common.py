"""What is asked of every network, subnet, security group and address.

A resource of these kinds is seen when its creation has ended, and not any more
when its deletion has begun; its name and addresses are taken from the beginning
to the end.  Both are assumptions.
"""

import re
from typing import Final, TypeAlias, TypeVar

from google.protobuf.message import Message
from yandex.cloud.vpc.v1.address_service_pb2 import CreateAddressRequest
from yandex.cloud.vpc.v1.network_service_pb2 import CreateNetworkRequest
from yandex.cloud.vpc.v1.security_group_service_pb2 import CreateSecurityGroupRequest
from yandex.cloud.vpc.v1.subnet_service_pb2 import CreateSubnetRequest

from fakes.compute import checks
from fakes.compute.claims import USE, Resource
from fakes.compute.network import ZONES
from fakes.compute.scene import Rules
from fakes.errors import ApiError, Code

Creation: TypeAlias = (
    CreateNetworkRequest
    | CreateSubnetRequest
    | CreateSecurityGroupRequest
    | CreateAddressRequest
)
R = TypeVar("R", bound=Resource)

# (yandex-cloud/docs: en/vpc/api-ref/grpc/Network/create), `name`; all kinds alike
_NAME: Final = re.compile(r"|[a-zA-Z]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?")


def check_creation(
    request: Creation, kind: type[Resource], rules: Rules, more_in_labels: str = ""
) -> None:
    """Refuse what is wrong with the fields that all kinds have.

    Raises:
        ApiError: As the functions of `checks`.
    """
    checks.required(folder_id=request.folder_id)
    checks.check_folder(request.folder_id, rules)
    checks.check_name(request.name, kind, rules, _NAME)
    checks.check_description(request.description)
    checks.check_labels(request.labels, more_in_labels)


def check_zone(field: str, zone_id: str, rules: Rules) -> None:
    """Refuse a zone that there is not.

    Raises:
        ApiError: With `RefusalCodes.unknown_reference`, an assumption.
    """
    if zone_id not in ZONES:
        msg = f"{field}: Zone {zone_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)


def found(kind: type[R], resource_id: str, rules: Rules, code: Code | None = None) -> R:
    """Return a resource.

    Args:
        kind: What it is.
        resource_id: Its id.
        rules: Tell what there is.
        code: Of the refusal if there is none; None means NOT_FOUND.

    Raises:
        ApiError: With that code, in the words of a subnet's
            (yandex-cloud/terraform-provider-yandex: issue 295); that those of
            other kinds are alike is an assumption.
    """
    one = rules.world.shelf(kind).get(resource_id)
    if one is None:
        msg = f"{title(kind)} {resource_id} not found"
        raise ApiError(code or Code.NOT_FOUND, msg)
    return one


def title(kind: type[Message]) -> str:
    """Return what a kind is called in messages: `Network`, `Security group`."""
    words = re.findall("[A-Z][a-z]*", kind.DESCRIPTOR.name)
    return " ".join(words).capitalize()


def check_unused(resource: Resource, rules: Rules, *, but: str = "") -> None:
    """Refuse to delete what something cannot be without.

    Raises:
        ApiError: With `RefusalCodes.in_use`, for "before deleting a network, you
            need to delete all its child resources", "before deleting a subnet,
            disable all resources connected to it"
            (yandex-cloud/docs: en/vpc/operations/network-delete.md,
            .../subnet-delete.md); for groups, an assumption.
    """
    user = rules.world.claims.holder(USE, resource.id, but=but)
    if user is not None:
        msg = f"{title(type(resource))} {resource.id} is in use by {user}"
        raise ApiError(rules.codes.in_use, msg)
