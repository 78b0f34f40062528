"""What other people, and the platform, do to the same instances meanwhile."""

from collections.abc import Callable
from typing import Final

from google.protobuf.message import Message
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DeleteInstanceRequest,
    DetachInstanceNetworkInterfaceRequest,
    RestartInstanceRequest,
    StartInstanceRequest,
    StopInstanceRequest,
    UpdateInstanceRequest,
)

from fakes.compute.mishaps import Mishap
from fakes.errors import ApiError
from simulation.cloud import OTHERS, Cloud

Act = Callable[[Cloud, str], None]


def _begin(cloud: Cloud, request: Message) -> None:
    cloud.compute.begin(request, cloud.now, OTHERS)


def _attach(index: str, *, alike: bool) -> Act:
    def act(cloud: Cloud, instance_id: str) -> None:
        request = AttachInstanceNetworkInterfaceRequest(
            instance_id=instance_id,
            network_interface_index=index,
            subnet_id=cloud.subnet_id,
            security_group_ids=[cloud.group_id],
        )
        if not alike:
            request.primary_v4_address_spec.one_to_one_nat_spec.SetInParent()
        _begin(cloud, request)

    return act


def _detach(cloud: Cloud, instance_id: str) -> None:
    request = DetachInstanceNetworkInterfaceRequest(
        instance_id=instance_id, network_interface_index="1"
    )
    _begin(cloud, request)


def _opt_out(cloud: Cloud, instance_id: str) -> None:
    request = UpdateInstanceRequest(instance_id=instance_id)
    request.update_mask.paths.append("labels")
    request.labels["nic-attach-opt-out"] = "yes"
    _begin(cloud, request)


def _happen(mishap: Mishap) -> Act:
    return lambda cloud, instance_id: cloud.compute.happen(
        mishap, instance_id, cloud.now
    )


ACTS: Final[dict[str, Act]] = {
    "stop": lambda cloud, one: _begin(cloud, StopInstanceRequest(instance_id=one)),
    "start": lambda cloud, one: _begin(cloud, StartInstanceRequest(instance_id=one)),
    "restart": lambda cloud, one: _begin(
        cloud, RestartInstanceRequest(instance_id=one)
    ),
    "delete": lambda cloud, one: _begin(cloud, DeleteInstanceRequest(instance_id=one)),
    "attach something else at 1": _attach("1", alike=False),
    "attach the same at 1": _attach("1", alike=True),
    "attach the same at 2": _attach("2", alike=True),
    "detach 1": _detach,
    "opt out": _opt_out,
    "guest stops": _happen(Mishap.GUEST_STOP),
    "preempt": _happen(Mishap.PREEMPT),
    "crash": _happen(Mishap.CRASH),
    "recover": _happen(Mishap.RECOVER),
    "give up": _happen(Mishap.GIVE_UP),
}
"""By their names; those after `power` in `POWERFUL` change the power."""

POWERFUL: Final = frozenset(
    {
        "stop",
        "start",
        "restart",
        "delete",
        "guest stops",
        "preempt",
        "crash",
        "recover",
        "give up",
    }
)


def act(cloud: Cloud, name: str, instance_id: str) -> bool:
    """Let somebody act; tell whether the cloud let him."""
    try:
        ACTS[name](cloud, instance_id)
    except ApiError:
        return False
    return True
