"""What Audit Trails would tell, as it would tell it.

The schema, in snake_case, is that of
(yandex-cloud/docs: en/audit-trails/concepts/format); optional fields that say
nothing here are left out.
"""

import copy
import enum
import re
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AddInstanceOneToOneNatRequest,
    AttachInstanceNetworkInterfaceRequest,
    DetachInstanceNetworkInterfaceRequest,
    RemoveInstanceOneToOneNatRequest,
    UpdateInstanceMetadataRequest,
    UpdateInstanceNetworkInterfaceRequest,
    UpdateInstanceRequest,
)

from fakes.caller import Call
from fakes.chance import Chance
from fakes.compute.claims import Resource
from fakes.compute.settings import Kind
from fakes.compute.world import World

AuditEvent: TypeAlias = dict[str, Any]  # JSON
Hook: TypeAlias = Callable[[AuditEvent], None]

_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_KEPT: Final = 10_000  # events; the oldest are forgotten
# Requests whose fields are in the events they lead to, and the interfaces too.
_ABOUT_INTERFACES: Final = (
    AddInstanceOneToOneNatRequest,
    AttachInstanceNetworkInterfaceRequest,
    DetachInstanceNetworkInterfaceRequest,
    RemoveInstanceOneToOneNatRequest,
    UpdateInstanceNetworkInterfaceRequest,
)


class EventStatus(enum.Enum):
    """How far the action is."""

    STARTED = "STARTED"
    DONE = "DONE"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"


class AuditLog:
    """The newest audit events, and whoever wants to hear of new ones."""

    def __init__(self, world: World, chance: Chance) -> None:
        self._world = world
        self._chance = chance
        self._events: deque[AuditEvent] = deque(maxlen=_KEPT)
        self._hooks: list[Hook] = []

    @property
    def events(self) -> list[AuditEvent]:
        """Copies of the newest 10,000 events, oldest first."""
        return copy.deepcopy(list(self._events))

    def subscribe(self, hook: Hook) -> None:
        """Call *hook* with a copy of every event from now on, in order."""
        self._hooks.append(hook)

    def unsubscribe(self, hook: Hook) -> None:
        """Call *hook* no more."""
        self._hooks.remove(hook)

    def clear(self) -> None:
        """Forget the events, not who listens."""
        self._events.clear()

    def record(  # noqa: PLR0913 - an event has this many independent parts
        self,
        kind: Kind,
        status: EventStatus,
        resource: Resource,
        *,
        at: datetime,
        call: Call,
        request: Message | None = None,
        error: Status | None = None,
    ) -> None:
        """Keep one event and tell it to the subscribers.

        Args:
            kind: What happens.
            status: How far it is.
            resource: As it is at that moment.
            at: The moment.
            call: Who does it, and how.
            request: What was asked for; None if the platform acts.
            error: Why it failed, with status ERROR or CANCELLED.
        """
        event: AuditEvent = {
            "event_id": self._chance.uuid(),
            "event_source": kind.service,
            "event_type": f"yandex.cloud.audit.{kind.service}.{kind.value}",
            "event_time": at.isoformat().replace("+00:00", "Z"),
            "authentication": _authentication(call),
            "authorization": {"authorized": True},
            "resource_metadata": {"path": _path(self._world)},
            "request_metadata": _request_metadata(call),
            "event_status": status.value,
            "details": _details(resource, request),
        }
        if error is not None:
            event["error"] = {"code": error.code, "message": error.message}
        self._events.append(event)
        for hook in self._hooks:
            hook(copy.deepcopy(event))


def _authentication(call: Call) -> AuditEvent:
    return {
        "authenticated": True,
        "subject_type": call.subject.type.value,
        "subject_id": call.subject.id,
        "subject_name": call.subject.name,
    }


def _request_metadata(call: Call) -> AuditEvent:
    return {
        "remote_address": call.remote_address,
        "user_agent": call.user_agent,
        "request_id": call.request_id,
    }


def _path(world: World) -> list[AuditEvent]:
    """Return the owners of the resource, which is itself not among them."""
    return [
        {"resource_type": kind, "resource_id": one, "resource_name": name}
        for kind, one, name in (
            (
                "organization-manager.organization",
                world.organization_id,
                "local-organization",
            ),
            ("resource-manager.cloud", world.cloud_id, "local-cloud"),
            ("resource-manager.folder", world.folder_id, "default"),
        )
    ]


def _details(resource: Resource, request: Message | None) -> AuditEvent:
    """Return what the documentation of each event lists.

    (yandex-cloud/docs: en/compute/events-ref/StopInstance.md,
    .../AttachInstanceNetworkInterface.md, .../UpdateInstanceNetworkInterface.md,
    .../AddInstanceOneToOneNat.md, .../UpdateInstance.md).  Assumptions: detaching,
    and removing an external address, tell as much as far as their requests do; the
    events of networks tell id and name.
    """
    if not isinstance(resource, Instance):
        kind = _WORD.sub("_", resource.DESCRIPTOR.name).lower()
        return {f"{kind}_id": resource.id, f"{kind}_name": resource.name}
    details: AuditEvent = {}
    if isinstance(request, _ABOUT_INTERFACES):
        details = _json(request)
        details["network_interfaces"] = [
            _json(interface) for interface in resource.network_interfaces
        ]
    elif isinstance(request, UpdateInstanceRequest):
        details = _of_update(request, resource)
    elif isinstance(request, UpdateInstanceMetadataRequest):
        details = {"metadata_keys": sorted(resource.metadata)}
    return details | {"instance_id": resource.id, "instance_name": resource.name}


def _of_update(request: UpdateInstanceRequest, instance: Instance) -> AuditEvent:
    """Return what an update tells: of metadata, only the keys."""
    details = _json(request)
    for silent in ("name", "metadata"):
        details.pop(silent, None)
    told = {"metadata_keys": sorted(request.metadata)} if request.metadata else {}
    return details | told | {"resources": _json(instance.resources)}


def _json(message: Message) -> AuditEvent:
    return MessageToDict(message, preserving_proto_field_name=True)
