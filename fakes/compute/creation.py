"""Creating instances."""

import re
from datetime import datetime
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import (
    AttachedDisk,
    Instance,
    NetworkInterface,
    Resources,
)
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachedDiskSpec,
    CreateInstanceMetadata,
    CreateInstanceRequest,
    NetworkInterfaceSpec,
    ResourcesSpec,
)

from fakes.chance import Chance
from fakes.compute import checks, connections, interfaces
from fakes.compute.claims import places
from fakes.compute.network import INSTANCE_PREFIXES
from fakes.compute.plan import Plan, with_status
from fakes.compute.scene import Rules, Scene
from fakes.compute.settings import Kind
from fakes.compute.world import World
from fakes.errors import ApiError

# (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/create), `name`
NAME: Final = re.compile(r"|[a-z]([-_a-z0-9]{0,61}[a-z0-9])?")
LABELS: Final = "./\\@"
"""What may be in labels of instances beside what may be in all labels."""
_GIBIBYTE: Final = 2**30


def small_instance(
    world: World, *, name: str, zone_id: str = "ru-central1-a"
) -> CreateInstanceRequest:
    """Return a request for a small instance with one interface.

    It connects to the first subnet of its zone, with the first security group.
    """
    return CreateInstanceRequest(
        folder_id=world.folder_id,
        name=name,
        zone_id=zone_id,
        platform_id="standard-v3",
        resources_spec=ResourcesSpec(memory=2 * _GIBIBYTE, cores=2, core_fraction=20),
        boot_disk_spec=AttachedDiskSpec(auto_delete=True),
        network_interface_specs=[
            NetworkInterfaceSpec(
                subnet_id=world.subnet_in(zone_id).id,
                security_group_ids=[world.security_groups[0].id],
            )
        ],
    )


def plan_creation(
    request: CreateInstanceRequest, now: datetime, scene: Scene, chance: Chance
) -> Plan:
    """Create an instance, which goes `PROVISIONING`, `STARTING`, `RUNNING`.

    Raises:
        ApiError: INVALID_ARGUMENT for what is missing or malformed
            (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/create), and
            whatever `checks` and `connections` find wrong.
    """
    rules = scene.rules
    _check(request, rules)
    instance = _instance(request, now, chance)
    site = connections.Site(rules=rules, zone_id=instance.zone_id)
    for spec in request.network_interface_specs:
        interface = _interface(spec, instance, site, chance)
        instance.network_interfaces.append(interface)
        site.taken.update(places(interface))
    checks.check_devices(instance, rules)
    after = with_status(instance, Instance.Status.RUNNING)
    interfaces.assign_addresses(after, rules, site.taken)
    return Plan(
        kind=Kind.CREATE,
        request=request,
        description="Create instance",
        metadata=CreateInstanceMetadata(instance_id=instance.id),
        before=None,
        during=instance,
        later=with_status(instance, Instance.Status.STARTING),
        after=after,
    )


def _check(request: CreateInstanceRequest, rules: Rules) -> None:
    checks.required(
        folder_id=request.folder_id,
        zone_id=request.zone_id,
        platform_id=request.platform_id,
        resources_spec=request.HasField("resources_spec"),
        boot_disk_spec=request.HasField("boot_disk_spec"),
        network_interface_specs=request.network_interface_specs,
    )
    checks.check_folder(request.folder_id, rules)
    checks.check_name(request.name, Instance, rules, NAME)
    checks.check_pattern("hostname", request.hostname, NAME)
    checks.check_description(request.description)
    checks.check_labels(request.labels, LABELS)
    checks.check_metadata(request.metadata)
    if request.zone_id not in INSTANCE_PREFIXES:
        msg = f"zone_id: Zone {request.zone_id} not found"
        raise ApiError(rules.codes.unknown_reference, msg)


def _instance(
    request: CreateInstanceRequest, now: datetime, chance: Chance
) -> Instance:
    """Return the instance without its interfaces.

    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/create) tells how
    `hostname` becomes `fqdn`.
    """
    instance_id = chance.resource_id(INSTANCE_PREFIXES[request.zone_id])
    region = request.zone_id.rpartition("-")[0]
    instance = Instance(
        id=instance_id,
        folder_id=request.folder_id,
        name=request.name,
        description=request.description,
        labels=request.labels,
        zone_id=request.zone_id,
        platform_id=request.platform_id,
        resources=resources_from(request.resources_spec),
        status=Instance.Status.PROVISIONING,
        metadata=request.metadata,
        boot_disk=_disk(request.boot_disk_spec, request.zone_id, chance),
        secondary_disks=[
            _disk(one, request.zone_id, chance) for one in request.secondary_disk_specs
        ],
        fqdn=(
            f"{request.hostname}.{region}.internal"
            if request.hostname
            else f"{instance_id}.auto.internal"
        ),
        service_account_id=request.service_account_id,
    )
    if request.HasField("scheduling_policy"):
        instance.scheduling_policy.CopyFrom(request.scheduling_policy)
    instance.created_at.FromDatetime(now)
    return instance


def resources_from(spec: ResourcesSpec) -> Resources:
    """Return the computing resources that *spec* asks for."""
    return Resources(
        memory=spec.memory,
        cores=spec.cores,
        core_fraction=spec.core_fraction,
        gpus=spec.gpus,
    )


def _disk(spec: AttachedDiskSpec, zone_id: str, chance: Chance) -> AttachedDisk:
    disk_id = spec.disk_id or chance.resource_id(INSTANCE_PREFIXES[zone_id])
    return AttachedDisk(
        mode=AttachedDisk.Mode.READ_WRITE,
        device_name=spec.device_name or disk_id,
        auto_delete=spec.auto_delete,
        disk_id=disk_id,
    )


def _interface(
    spec: NetworkInterfaceSpec,
    instance: Instance,
    site: connections.Site,
    chance: Chance,
) -> NetworkInterface:
    """Return a checked interface; without an index, it gets the first free one.

    "will be generated by the server, 0,1,2... etc if not specified"
    (yandex-cloud/docs: en/compute/api-ref/grpc/Instance/create).
    """
    rules = site.rules
    has = {one.index for one in instance.network_interfaces}
    numbers = (str(number) for number in range(rules.limits.interfaces + 1))
    index = spec.index or next(number for number in numbers if number not in has)
    checks.check_room(instance, index, rules)
    checks.check_index(index, rules)
    connections.check_interface(spec, site)
    mac = interfaces.new_mac(chance, index, rules.world.claims, site.taken)
    return interfaces.interface_from(spec, index, mac)
