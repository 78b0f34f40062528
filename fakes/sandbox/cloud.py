"""A local cloud, and all that a test does with it."""

from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    CreateInstanceMetadata,
    GetInstanceRequest,
    StopInstanceRequest,
)
from yandex.cloud.operation.operation_pb2 import Operation
from yandexcloud import SDK  # type: ignore[attr-defined]  # documented, yet not exported

from fakes.caller import Call
from fakes.clock import ManualClock, SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.plan import Request
from fakes.endpoints import endpoints_of
from fakes.estate import Estate
from fakes.faults import Faults
from fakes.sandbox.clock import SandboxClock
from fakes.sandbox.queues import SandboxQueues
from fakes.testing import CloudThread

_T = TypeVar("_T")
_LONG: Final = timedelta(days=365)  # longer than any test turns the clock
_CALL: Final = Call()


class Sandbox:
    """A cloud on free ports, in a thread of its own, with means to test against it.

    Args:
        folder: Where the certificate goes.
        virtual: True if time stands still until it is turned.

    Attributes:
        thread: Where the cloud lives.
        clock: Its time.
        queues: Message Queue, without signatures.
    """

    def __init__(self, folder: Path, *, virtual: bool) -> None:
        real = SystemClock()
        clock = ManualClock(real.now()) if virtual else real
        self.thread = CloudThread(lambda: LocalCloud(clock))
        self.clock = SandboxClock(self.thread, clock)
        self.queues = SandboxQueues(self.thread)
        self._ca_file = folder / "ca.pem"
        self._virtual = virtual
        self._living: Future[None] | None = None

    def __enter__(self) -> Self:
        self.thread.__enter__()
        self._ca_file.write_bytes(self.local.rpc.ca_pem)
        if not self._virtual:
            self._living = self.thread.begin(self.local.run())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._living is not None:
            self._living.cancel()
        self.thread.__exit__(kind, error, trace)

    @property
    def local(self) -> LocalCloud:
        """The cloud itself, whose models belong to its thread."""
        return self.thread.cloud

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose, and which calls were seen; for any thread."""
        return self.local.faults

    @property
    def endpoints(self) -> dict[str, Any]:
        """What `nic cloud --endpoints` tells, with a token good for 12 hours."""
        return self.call(endpoints_of, self.local, self._ca_file)

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables as clients in other processes read them."""
        found = self.endpoints
        return {
            "YC_IAM_TOKEN": found["iam_token"],
            "YC_FOLDER_ID": found["folder_id"],
            "YC_ENDPOINT": found["grpc"],
            "AWS_ENDPOINT_URL_SQS": found["queue"],
            "AWS_DEFAULT_REGION": "ru-central1",
            "AWS_ACCESS_KEY_ID": found["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": found["secret_access_key"],
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": found["ca_file"],
        }

    def call(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Return what *function* returns, called in the cloud's thread."""
        return self.thread.call(function, *arguments)

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Return what *work* returns, done in the cloud's thread."""
        return self.thread.run(work)

    def reset(self, estate: Estate) -> None:
        """Put a new *estate* behind the sockets; virtual time begins again now."""
        self.run(self.local.replace(estate))
        self.clock.begin_again()

    def sdk(self) -> SDK:
        """Return an SDK that acts as the built-in account, an `admin`."""
        account, now = self.local.account, self.clock.now()
        token = self.call(self.local.iam.issue, account, now, _LONG)
        return SDK(
            iam_token=token.value,
            endpoint=self.local.rpc.endpoint,
            root_certificates=self.local.rpc.ca_pem,
        )

    def create_instance(
        self,
        name: str,
        *,
        zone_id: str = "ru-central1-a",
        labels: Mapping[str, str] | None = None,
        running: bool = False,
    ) -> str:
        """Return the id of a new instance with one interface, there at once.

        Args:
            name: Its name.
            zone_id: Where it is; each zone has a subnet.
            labels: Its labels.
            running: False to have it stopped.

        Raises:
            ApiError: If that cannot be.
        """
        request = small_instance(self.local.world, name=name, zone_id=zone_id)
        request.labels.update(labels or {})
        created = CreateInstanceMetadata()
        self._do(request).metadata.Unpack(created)
        instance_id = created.instance_id
        if not running:
            self._do(StopInstanceRequest(instance_id=instance_id))
        return instance_id

    def instance(self, instance_id: str) -> Instance:
        """Return an instance as it is now.

        Raises:
            ApiError: NOT_FOUND.
        """
        request = GetInstanceRequest(instance_id=instance_id)
        return self.call(self.local.compute.get, request, self.clock.now())

    def attachment(
        self, instance_id: str, index: str = "1"
    ) -> AttachInstanceNetworkInterfaceRequest:
        """Return a request for another interface, in the zone of the instance.

        Raises:
            ApiError: NOT_FOUND.
        """
        world, zone_id = self.local.world, self.instance(instance_id).zone_id
        return AttachInstanceNetworkInterfaceRequest(
            instance_id=instance_id,
            network_interface_index=index,
            subnet_id=world.subnet_in(zone_id).id,
            security_group_ids=[world.security_groups[0].id],
        )

    def _do(self, request: Request) -> Operation:
        """Return an operation that was begun, and ended at once."""
        compute, now = self.local.compute, self.clock.now()
        operation = self.call(compute.begin, request, now, _CALL)
        self.call(compute.finish, operation.id, now)
        return operation
