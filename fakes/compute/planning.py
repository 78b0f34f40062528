"""From a request to what it will do, or to the reason why it is refused."""

from datetime import datetime

from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    CreateInstanceRequest,
    DeleteInstanceRequest,
    DetachInstanceNetworkInterfaceRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)

from fakes.chance import Chance
from fakes.compute import attaching, creation, power
from fakes.compute.plan import Plan, Request
from fakes.compute.scene import Scene


def plan_of(request: Request, now: datetime, scene: Scene, chance: Chance) -> Plan:
    """Return what *request* will do.

    Raises:
        ApiError: If it is refused.
    """
    match request:
        case CreateInstanceRequest():
            return creation.plan_creation(request, now, scene, chance)
        case DeleteInstanceRequest():
            return power.plan_delete(request, scene)
        case StartInstanceRequest():
            return power.plan_start(request, scene)
        case StopInstanceRequest():
            return power.plan_stop(request, scene)
        case AttachInstanceNetworkInterfaceRequest():
            return attaching.plan_attach(request, scene, chance)
        case DetachInstanceNetworkInterfaceRequest():
            return attaching.plan_detach(request, scene)
