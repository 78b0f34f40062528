"""From a request to what it will do, or to the reason why it is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

from google.protobuf.message import Message
from yandex.cloud.compute.v1 import instance_service_pb2 as instances
from yandex.cloud.vpc.v1 import address_service_pb2 as addresses
from yandex.cloud.vpc.v1 import network_service_pb2 as networks
from yandex.cloud.vpc.v1 import security_group_service_pb2 as groups
from yandex.cloud.vpc.v1 import subnet_service_pb2 as subnets

from fakes.chance import Chance
from fakes.compute import (
    attaching,
    creation,
    nat,
    power,
    reconnecting,
    updating,
    vpc_addresses,
    vpc_networks,
    vpc_subnets,
)
from fakes.compute.plan import Plan, Request
from fakes.compute.scene import Scene

_Change: TypeAlias = Callable[[Any, Scene], Plan]
_Creation: TypeAlias = Callable[[Any, datetime, Scene, Chance], Plan]

_CREATIONS: Final[dict[type[Message], _Creation]] = {
    instances.CreateInstanceRequest: creation.plan_creation,
    networks.CreateNetworkRequest: vpc_networks.plan_create_network,
    groups.CreateSecurityGroupRequest: vpc_networks.plan_create_group,
    subnets.CreateSubnetRequest: vpc_subnets.plan_create_subnet,
    addresses.CreateAddressRequest: vpc_addresses.plan_create_address,
}
_CHANGES: Final[dict[type[Message], _Change]] = {
    instances.DeleteInstanceRequest: power.plan_delete,
    instances.StartInstanceRequest: power.plan_start,
    instances.StopInstanceRequest: power.plan_stop,
    instances.RestartInstanceRequest: power.plan_restart,
    instances.UpdateInstanceRequest: updating.plan_update,
    instances.UpdateInstanceMetadataRequest: updating.plan_update_metadata,
    instances.DetachInstanceNetworkInterfaceRequest: attaching.plan_detach,
    instances.UpdateInstanceNetworkInterfaceRequest: (
        reconnecting.plan_update_interface
    ),
    instances.AddInstanceOneToOneNatRequest: nat.plan_add_nat,
    instances.RemoveInstanceOneToOneNatRequest: nat.plan_remove_nat,
    networks.DeleteNetworkRequest: vpc_networks.plan_delete_network,
    groups.DeleteSecurityGroupRequest: vpc_networks.plan_delete_group,
    subnets.DeleteSubnetRequest: vpc_subnets.plan_delete_subnet,
    addresses.DeleteAddressRequest: vpc_addresses.plan_delete_address,
}


def plan_of(request: Request, now: datetime, scene: Scene, chance: Chance) -> Plan:
    """Return what *request* will do.

    Raises:
        ApiError: If it is refused.
        KeyError: If it begins no operation.
    """
    kind = type(request)
    if isinstance(request, instances.AttachInstanceNetworkInterfaceRequest):
        return attaching.plan_attach(request, scene, chance)
    if kind in _CREATIONS:
        return _CREATIONS[kind](request, now, scene, chance)
    return _CHANGES[kind](request, scene)
