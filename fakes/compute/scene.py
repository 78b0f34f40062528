"""What a request is judged by: the world, the rules, and every instance in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yandex.cloud.compute.v1.instance_pb2 import Instance, NetworkInterface

from fakes.compute.network import World
from fakes.compute.settings import Limits, RefusalCodes
from fakes.errors import ApiError, Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for every request.

    Attributes:
        world: What instances can connect to.
        limits: How much of everything there may be.
        codes: Which codes the undocumented refusals have.
    """

    world: World
    limits: Limits = field(default_factory=Limits)
    codes: RefusalCodes = field(default_factory=RefusalCodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The moment of one request.

    Attributes:
        rules: What holds for every request.
        instances: By id, as they are now.
        coming: The instances as they will be when running operations succeed.
        busy: The id of the running operation, by id of its instance.
    """

    rules: Rules
    instances: Mapping[str, Instance]
    coming: tuple[Instance, ...]
    busy: Mapping[str, str]

    def instance(self, instance_id: str) -> Instance:
        """Return an instance; the caller copies before changing it.

        Raises:
            ApiError: INVALID_ARGUMENT without an id ("This field is required",
                yandex-cloud/docs: en/compute/api-ref/grpc/Instance/get);
                NOT_FOUND if there is none
                (yandex-cloud/docs: en/_includes/errors-handling.md).
        """
        if not instance_id:
            raise ApiError(Code.INVALID_ARGUMENT, "instance_id: required")
        found = self.instances.get(instance_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, f"Instance {instance_id} not found")
        return found

    def idle(self, instance_id: str) -> Instance:
        """Return an instance on which no operation runs.

        Raises:
            ApiError: As `instance` does, and with `RefusalCodes.in_progress` if
                an operation runs.  Assumption: the documentation does not say
                what becomes of the second operation.
        """
        instance = self.instance(instance_id)
        operation_id = self.busy.get(instance_id)
        if operation_id is not None:
            msg = f"Instance {instance_id} is busy with operation {operation_id}"
            raise ApiError(self.rules.codes.in_progress, msg)
        return instance

    def interfaces(self) -> Iterator[tuple[Instance, NetworkInterface]]:
        """Yield each interface there is, or will be, with its instance."""
        for instance in (*self.instances.values(), *self.coming):
            for interface in instance.network_interfaces:
                yield instance, interface

    def occupied(self) -> dict[tuple[str, str], str]:
        """Return who has which address.

        Returns:
            Ids of instances by (subnet id, internal address) and by
            ("", external address).
        """
        return {
            place: instance.id
            for instance, interface in self.interfaces()
            for place in places(interface)
        }


def places(interface: NetworkInterface) -> Iterator[tuple[str, str]]:
    """Yield (subnet id, internal address) and ("", external address)."""
    internal = interface.primary_v4_address
    if internal.address:
        yield interface.subnet_id, internal.address
    if internal.one_to_one_nat.address:
        yield "", internal.one_to_one_nat.address
