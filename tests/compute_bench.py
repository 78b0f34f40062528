"""A Compute model on the bench: what tests of it have in common."""

from datetime import UTC, datetime, timedelta

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DetachInstanceNetworkInterfaceRequest,
    GetInstanceRequest,
    PrimaryAddressSpec,
    StartInstanceRequest,
    StopInstanceRequest,
)
from yandex.cloud.operation.operation_pb2 import Operation
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet

from fakes.caller import Call
from fakes.chance import Chance
from fakes.compute.creation import small_instance
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.world import World

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def crowded_world(chance: Chance) -> World:
    """Add a subnet `tiny` of two usable addresses to the first zone."""
    tiny = Subnet(
        id="e9btiny0000000000000",
        name="tiny",
        zone_id="ru-central1-a",
        v4_cidr_blocks=["10.200.0.0/29"],
    )
    return starting_world(chance, more_subnets=[tiny])


class Bench:
    """A folder, its model, and a hand on the clock."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = Chance(seed)
        self.world = crowded_world(self.chance)
        self.rules = Rules(world=self.world)
        self.compute = Compute(self.rules, self.chance)
        self.now = START

    @property
    def group(self) -> str:
        return self.world.security_groups[0].id

    @property
    def subnet(self) -> str:
        return self.world.subnets[0].id

    def begin(self, request, key: str | None = None) -> Operation:
        return self.compute.begin(request, self.now, Call(idempotency_key=key))

    def finish(self, request, key: str | None = None) -> Operation:
        operation = self.begin(request, key)
        self.now += HOUR
        return self.operation(operation.id)

    def operation(self, operation_id: str) -> Operation:
        request = GetOperationRequest(operation_id=operation_id)
        return self.compute.get_operation(request, self.now)

    def instance(self, instance_id: str) -> Instance:
        request = GetInstanceRequest(instance_id=instance_id)
        return self.compute.get(request, self.now)

    def running(self, name: str = "web", zone_id: str = "ru-central1-a") -> str:
        request = small_instance(self.world, name=name, zone_id=zone_id)
        response = Instance()
        self.finish(request).response.Unpack(response)
        return response.id

    def stopped(self, name: str = "web", zone_id: str = "ru-central1-a") -> str:
        instance_id = self.running(name, zone_id)
        self.finish(StopInstanceRequest(instance_id=instance_id))
        return instance_id

    def start(self, instance_id: str) -> Operation:
        return self.finish(StartInstanceRequest(instance_id=instance_id))

    def attachment(
        self, instance_id: str, index: str = "1", **changes
    ) -> AttachInstanceNetworkInterfaceRequest:
        fields = {
            "instance_id": instance_id,
            "network_interface_index": index,
            "subnet_id": self.subnet,
            "primary_v4_address_spec": PrimaryAddressSpec(),
            "security_group_ids": [self.group],
        }
        return AttachInstanceNetworkInterfaceRequest(**(fields | changes))

    def detachment(
        self, instance_id: str, index: str = "1"
    ) -> DetachInstanceNetworkInterfaceRequest:
        return DetachInstanceNetworkInterfaceRequest(
            instance_id=instance_id, network_interface_index=index
        )
