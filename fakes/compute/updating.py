"""Changing what an instance is called, labelled with and made of."""

import copy
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    ResourcesSpec,
    UpdateInstanceMetadata,
    UpdateInstanceMetadataMetadata,
    UpdateInstanceMetadataRequest,
    UpdateInstanceRequest,
)

from fakes.compute import checks
from fakes.compute.creation import LABELS, NAME, resources_from
from fakes.compute.masks import has_field, merged, set_field
from fakes.compute.plan import Plan, Status, with_status
from fakes.compute.power import in_status
from fakes.compute.scene import Scene
from fakes.compute.settings import Kind

# (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/update); all but
# `resources_spec` are called the same in an instance.
_SAME: Final = (
    "name",
    "description",
    "labels",
    "platform_id",
    "metadata",
    "scheduling_policy",
    "service_account_id",
    "network_settings",
    "placement_policy",
    "maintenance_policy",
    "maintenance_grace_period",
    "metadata_options",
    "serial_port_settings",
    "application",
    "reserved_instance_pool_id",
)
# "Certain VM parameters can only be modified when the VM is stopped"
# (yandex-cloud/docs: en/compute/operations/vm-control/vm-stop-and-start.md);
# that it is these, and no others, is an assumption.
_AT_REST: Final = ("platform_id", "resources", "network_settings")


def plan_update(request: UpdateInstanceRequest, scene: Scene) -> Plan:
    """Change the fields that the mask names, or all.

    "You can update the VM parameters, such as change its name, regardless of the
    VM status. Following an update (the UPDATING status), the VM will go back to
    its previous status" (yandex-cloud/docs: en/compute/concepts/vm-statuses.md).
    Assumption: platform and resources, which no instance is without, stay as they
    are where a request without a mask says nothing of them.

    Raises:
        ApiError: INVALID_ARGUMENT for a field of the mask, or its value; a refusal
            if the name is taken or the instance would have to be stopped.
    """
    instance = scene.idle(request.instance_id)
    known = set(_SAME) | {"resources_spec"}
    if not request.update_mask.paths:
        known -= _unsaid(request)
    wanted = merged(request, request.update_mask, _current(instance), known)
    checks.check_name(wanted.name, Instance, scene.rules, NAME, mine=instance.id)
    checks.check_description(wanted.description)
    checks.check_labels(wanted.labels, LABELS)
    checks.check_metadata(wanted.metadata)
    after = copy.deepcopy(instance)
    for field in _SAME:
        set_field(after, field, getattr(wanted, field), there=has_field(wanted, field))
    after.resources.CopyFrom(resources_from(wanted.resources_spec))
    if any(getattr(after, one) != getattr(instance, one) for one in _AT_REST):
        in_status(instance, scene, Status.STOPPED)
    return Plan(
        kind=Kind.UPDATE,
        request=request,
        description="Update instance",
        metadata=UpdateInstanceMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def plan_update_metadata(request: UpdateInstanceMetadataRequest, scene: Scene) -> Plan:
    """Delete and add keys of the metadata that the guest reads.

    Raises:
        ApiError: INVALID_ARGUMENT if the metadata becomes too large.
    """
    instance = scene.idle(request.instance_id)
    after = copy.deepcopy(instance)
    for key in request.delete:
        after.metadata.pop(key, None)
    after.metadata.update(request.upsert)
    checks.check_metadata(after.metadata)
    return Plan(
        kind=Kind.UPDATE_METADATA,
        request=request,
        description="Update instance metadata",
        metadata=UpdateInstanceMetadataMetadata(instance_id=instance.id),
        before=instance,
        during=with_status(instance, Status.UPDATING),
        after=after,
    )


def _unsaid(request: UpdateInstanceRequest) -> set[str]:
    """Return which of the things no instance is without *request* leaves out."""
    needed = ("platform_id", "resources_spec")
    return {one for one in needed if not has_field(request, one)}


def _current(instance: Instance) -> UpdateInstanceRequest:
    """Return a request for what there is already."""
    current = UpdateInstanceRequest(
        resources_spec=ResourcesSpec(
            memory=instance.resources.memory,
            cores=instance.resources.cores,
            core_fraction=instance.resources.core_fraction,
            gpus=instance.resources.gpus,
        )
    )
    for field in _SAME:
        set_field(
            current, field, getattr(instance, field), there=has_field(instance, field)
        )
    return current
