"""Which permissions a call needs.

The documentation names roles, not permissions.  Two sources name some: the engine
of Message Queue maps every action to one (ydb-platform/ydb:
ydb/core/ymq/actor/auth_multi_factory.cpp), and services that build on networks
ask for `vpc.subnets.use`, `vpc.securityGroups.use` and
`vpc.addresses.createExternal`.  All other names are ours, made after the same
pattern: service, kind of resource, verb.  What needs which is told by the tables
"What roles do I need" (yandex-cloud/docs: en/compute/security/index.md,
en/vpc/security/index.md).

Not checked: that a new instance in several networks asks for `vpc.publicAdmin`
on each, and what disks, images and service accounts of instances ask for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

_INSTANCES: Final = "/yandex.cloud.compute.v1.InstanceService/"
_OPERATIONS: Final = "/yandex.cloud.operation.OperationService/"
_ADDRESSES: Final = "/yandex.cloud.vpc.v1.AddressService/"
_NETWORKS: Final = "/yandex.cloud.vpc.v1.NetworkService/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A permission that a call needs.

    Attributes:
        permission: Its name, as `compute.instances.get`.
        on: The id of a resource that may have roles of its own; '' if only the
            folder's count.
    """

    permission: str
    on: str = ""


# "Modifying" an instance, interfaces and addresses included: one permission,
# an assumption, for one role has it all.
_CHANGES: Final = (
    "AddOneToOneNat",
    "AttachDisk",
    "AttachFilesystem",
    "AttachNetworkInterface",
    "DetachDisk",
    "DetachFilesystem",
    "DetachNetworkInterface",
    "Move",
    "Relocate",
    "RemoveOneToOneNat",
    "SimulateMaintenanceEvent",
    "UpdateMetadata",
    "UpdateNetworkInterface",
)
_PERMISSIONS: Final = {
    **{_INSTANCES + method: "compute.instances.update" for method in _CHANGES},
    # Assumption: of whatever service; the roles of networks have it, too.
    _OPERATIONS + "Get": "compute.operations.get",
    _OPERATIONS + "Cancel": "compute.operations.cancel",
    _ADDRESSES + "GetByValue": "vpc.addresses.get",
    _ADDRESSES + "ListBySubnet": "vpc.addresses.list",
    _NETWORKS + "ListSecurityGroups": "vpc.securityGroups.list",
    _NETWORKS + "ListSubnets": "vpc.subnets.list",
}

_ACTIONS: Final = {
    "ChangeMessageVisibility": "ymq.messages.changeVisibility",
    "CreateQueue": "ymq.queues.create",
    "DeleteMessage": "ymq.messages.delete",
    "DeleteQueue": "ymq.queues.delete",
    "GetQueueAttributes": "ymq.queues.getAttributes",
    "GetQueueUrl": "ymq.queues.getUrl",
    "ListDeadLetterSourceQueues": "ymq.queues.listDeadLetterSourceQueues",
    "ListQueues": "ymq.queues.list",
    "PurgeQueue": "ymq.queues.purge",
    "ReceiveMessage": "ymq.messages.receive",
    "SendMessage": "ymq.messages.send",
    "SetQueueAttributes": "ymq.queues.setAttributes",
    # Assumption: the engine's table is older than labels.
    "ListQueueTags": "ymq.queues.getAttributes",
    "TagQueue": "ymq.queues.setAttributes",
    "UntagQueue": "ymq.queues.setAttributes",
}


def needs_of(path: str, request: Any) -> list[Need]:
    """Return what a call of the API needs.

    Args:
        path: The method, as `/yandex.cloud.compute.v1.InstanceService/Get`.
        request: Of the method's type.
    """
    permission = _PERMISSIONS.get(path) or _conventional(path)
    need = Need(permission=permission, on=getattr(request, "instance_id", ""))
    more = _MORE.get(path)
    return [need, *more(request)] if more else [need]


def needs_of_action(action: str) -> list[Need]:
    """Return what an *action* of Message Queue needs.

    Roles can be had on the folder only (yandex-cloud/docs:
    en/message-queue/security/index.md).  A batch needs what one message does.

    Raises:
        KeyError: If there is no such action.
    """
    return [Need(permission=_ACTIONS[action.removesuffix("Batch")])]


def needs_of_invoking(function: str) -> list[Need]:
    """Return what a call of *function* by its URL needs.

    A role can be had on the function itself (yandex-cloud/docs:
    en/functions/security/index.md).
    """
    return [Need(permission="serverless.functions.invoke", on=function)]


def _conventional(path: str) -> str:
    """Return the permission that a method needs by its name alone.

    As `vpc.securityGroups.get` for `/yandex.cloud.vpc.v1.SecurityGroupService/Get`.
    """
    service, _, method = path.removeprefix("/").partition("/")
    *_, area, _version, kind = service.split(".")
    if method == "ListOperations":
        return f"{area}.operations.list"
    kind = _lower_first(kind.removesuffix("Service"))
    plural = f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return f"{area}.{plural}.{_lower_first(method)}"


def _lower_first(word: str) -> str:
    return word[:1].lower() + word[1:]


def _of_interface(spec: Any) -> Iterator[Need]:
    """Yield what it takes to connect: `vpc.user` for the network's resources.

    A public address takes `vpc.publicAdmin` too: en/vpc/security/index.md says so
    of interfaces, en/compute/security/index.md of new instances only.
    """
    if spec.subnet_id:
        yield Need(permission="vpc.subnets.use")
    if spec.security_group_ids:
        yield Need(permission="vpc.securityGroups.use")
    if spec.primary_v4_address_spec.HasField("one_to_one_nat_spec"):
        yield from _of_nat(spec.primary_v4_address_spec)


def _of_nat(request: Any) -> Iterator[Need]:
    yield Need(permission="vpc.addresses.createExternal")
    if request.one_to_one_nat_spec.address:
        yield Need(permission="vpc.addresses.use")


def _of_address(request: Any) -> Iterator[Need]:
    external = request.HasField("external_ipv4_address_spec")
    kind = "External" if external else "Internal"
    yield Need(permission=f"vpc.addresses.create{kind}")


def _of_creation(request: Any) -> Iterator[Need]:
    for spec in request.network_interface_specs:
        yield from _of_interface(spec)


def _of_look(request: Any) -> Iterator[Need]:
    """Yield what metadata takes: `compute.viewer` shows it, the auditor's does not."""
    if request.view:
        yield Need(permission="compute.instances.getMetadata", on=request.instance_id)


def _of_removal(_request: Any) -> Iterator[Need]:
    yield Need(permission="vpc.addresses.deleteExternal")


_MORE: Final[dict[str, Callable[[Any], Iterator[Need]]]] = {
    _ADDRESSES + "Create": _of_address,
    _INSTANCES + "AddOneToOneNat": _of_nat,
    _INSTANCES + "AttachNetworkInterface": _of_interface,
    _INSTANCES + "Create": _of_creation,
    _INSTANCES + "Get": _of_look,
    _INSTANCES + "RemoveOneToOneNat": _of_removal,
    _INSTANCES + "UpdateNetworkInterface": _of_interface,
}
