"""What a world file asks for, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from google.protobuf.message import Message
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import CreateInstanceRequest
from yandex.cloud.vpc.v1.address_pb2 import Address
from yandex.cloud.vpc.v1.address_service_pb2 import CreateAddressRequest
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import CreateNetworkRequest
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.security_group_service_pb2 import CreateSecurityGroupRequest
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import CreateSubnetRequest

from fakes.compute.claims import Resource

Kind: TypeAlias = type[Resource]

KINDS: Mapping[str, tuple[Kind, type[Message]]] = {
    "networks": (Network, CreateNetworkRequest),
    "subnets": (Subnet, CreateSubnetRequest),
    "securityGroups": (SecurityGroup, CreateSecurityGroupRequest),
    "addresses": (Address, CreateAddressRequest),
    "instances": (Instance, CreateInstanceRequest),
}
"""The lists of a world file, in the order in which they are made; of each, what is in
it and the request whose body its entries are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceEntry:
    """A network, subnet, security group, address or instance.

    Attributes:
        path: Where it stands in the file.
        kind: What it is.
        name: Its name, '' for none.
        ids: Those that are given, of it and of what comes with it; None by chance.
        request: What creates it, with names where the cloud has ids; None if the
            entry cannot be understood.
        stopped: True if it is an instance that does not run.
    """

    path: str
    kind: Kind
    name: str
    ids: tuple[str | None, ...] = ()
    request: Message | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A queue.

    Attributes:
        path: Where it stands in the file.
        name: Its name.
        attributes: By their names on the wire, without the next; None if the entry
            cannot be understood.
        redrive: Which queue, by name or ARN, its dead letters go to, and after how
            many receives; None for nowhere.
        tags: Its tags.
    """

    path: str
    name: str
    attributes: Mapping[str, str] | None
    redrive: tuple[str, int] | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEntry:
    """A service account.

    Attributes:
        path: Where it stands in the file.
        name: Its name.
        roles: Its roles on the folder.
    """

    path: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A world file.

    Attributes:
        organization_id, cloud_id, folder_id: Those that are given; None by chance.
        resources: In the order in which they are made.
        own_networks: False if the networks are those of a cloud without a file.
        queues: In the order of the file.
        accounts: In the order of the file.
    """

    organization_id: str | None = None
    cloud_id: str | None = None
    folder_id: str | None = None
    resources: tuple[ResourceEntry, ...] = ()
    own_networks: bool = False
    queues: tuple[QueueEntry, ...] = ()
    accounts: tuple[AccountEntry, ...] = field(default=())
