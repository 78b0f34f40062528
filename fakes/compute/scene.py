"""What a request is judged by: the rules, and what goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yandex.cloud.compute.v1.instance_pb2 import Instance

from fakes.compute.claims import Resource
from fakes.compute.settings import Limits, RefusalCodes
from fakes.compute.world import World
from fakes.errors import ApiError, Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for every request.

    Attributes:
        world: What there is.
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
        unseen: The resources as they will be when running operations succeed, and
            as they were before.
        before: The instances as they were before running operations, by id;
            those that were not there yet are left out.
        busy: The id of the running operation, by id of its resource.
    """

    rules: Rules
    unseen: tuple[Resource, ...]
    before: Mapping[str, Instance]
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
        found = self.rules.world.instances.get(instance_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, f"Instance {instance_id} not found")
        return found

    def idle(self, instance_id: str) -> Instance:
        """Return an instance on which no operation runs.

        Raises:
            ApiError: As `instance` does, and as `check_idle`.
        """
        instance = self.instance(instance_id)
        self.check_idle(f"Instance {instance_id}", instance_id)
        return instance

    def check_idle(self, name: str, resource_id: str) -> None:
        """Refuse a resource, called *name*, on which an operation runs.

        Raises:
            ApiError: With `RefusalCodes.in_progress`.  Assumption: the
                documentation does not say what becomes of the second operation.
        """
        operation_id = self.busy.get(resource_id)
        if operation_id is not None:
            msg = f"{name} is busy with operation {operation_id}"
            raise ApiError(self.rules.codes.in_progress, msg)
