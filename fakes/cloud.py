"""The local cloud: models, the sockets around them, functions and triggers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from fakes.caller import LOCAL, Subject
from fakes.chance import Chance
from fakes.clock import Clock, wait_for_news
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.faults import Faults
from fakes.gateway import Gateway
from fakes.http.invoke_app import FunctionsApp
from fakes.http.metadata import metadata_app
from fakes.http.queue_app import queue_app
from fakes.iam import Iam, IamToken
from fakes.logs import LogGroup, Trail
from fakes.queue import GOOD, Manners, MessageQueue
from fakes.routes import compute_routes, endpoint_routes, iam_routes, vpc_routes
from fakes.serverless.function import CALLS_IN_PROGRESS, Function
from fakes.serverless.instance import Code, ProcessInstance
from fakes.sockets import ANY_PORTS, Ports, Sockets
from fakes.stream import Stream
from fakes.triggers.envelope import Place
from fakes.triggers.runner import Runner
from fakes.vpc import Vpc

__all__ = ["LocalCloud", "Ports"]


class LocalCloud:
    """One folder of a cloud, behind real sockets on loopback.

    Args:
        clock: Tells all of it the time.
        seed: Makes ids repeat themselves.
        durations: How long operations take.
        ports: Where to listen.
        manners: How well behaved Message Queue is.

    Attributes:
        compute: Instances and their operations.
        queues: Message Queue.
        iam: Accounts, tokens, keys, roles, and what was used of those.
        faults: What goes wrong on purpose, and which calls were seen.
        audit_group: The log group into which the folder's trail writes.
        http: Functions that are called over HTTP.
        rpc: The server of the API.
        runner: Triggers; see `pass_time` and `run`.
        account, key: The built-in service account, an `admin`, and its static key.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int | None = None,
        durations: Durations | None = None,
        ports: Ports = ANY_PORTS,
        manners: Manners = GOOD,
    ) -> None:
        self.clock = clock
        self.chance = Chance(seed)
        self.world = starting_world(self.chance)
        self.compute = Compute(Rules(world=self.world), self.chance, durations)
        self.queues = MessageQueue(
            folder_id=self.world.folder_id,
            cloud_id=self.world.cloud_id,
            chance=self.chance,
            manners=manners,
        )
        self.iam = Iam(self.chance, self.world.folder_id)
        self.iam.grant(LOCAL, "admin")
        self.faults = Faults()
        self.audit_group = LogGroup()
        self.runner = Runner(clock)
        self.account = self.iam.create_service_account("nic-attach", ["admin"])
        self.key = self.iam.create_access_key(self.account)
        self._functions: list[Function] = []
        self.http = FunctionsApp(self.iam, clock, self.chance)
        self._changed = asyncio.Event()
        self._listen(ports)

    def _listen(self, ports: Ports) -> None:
        routes = [
            *compute_routes(self.compute),
            *vpc_routes(Vpc(self.compute.rules)),
            *iam_routes(self.iam),
            *endpoint_routes(lambda: self.rpc.endpoint),
        ]
        gateway = Gateway(routes, iam=self.iam, faults=self.faults, clock=self.clock)
        iam = self.iam
        queue = queue_app(
            self.queues, self.clock, iam.secret_of, self.faults, iam.authorize_action
        )
        self._sockets = Sockets(
            gateway,
            self.chance,
            ports,
            queue=queue,
            metadata=metadata_app(self.fresh_token),
            functions=self.http,
        )
        self.rpc = self._sockets.rpc
        self.queues.base_url = f"http://127.0.0.1:{self._sockets.queue.port}"
        self.http.base_url = f"http://127.0.0.1:{self._sockets.functions.port}"
        self.add_trail(self.audit_group)
        self.compute.on_change.append(self._changed.set)

    @property
    def place(self) -> Place:
        """Whose events the triggers send."""
        return Place(cloud_id=self.world.cloud_id, folder_id=self.world.folder_id)

    @property
    def rest_url(self) -> str:
        """Where all services of the API are over HTTP."""
        return f"http://127.0.0.1:{self._sockets.rest.port}"

    @property
    def metadata_address(self) -> str:
        """`host:port` of the metadata service."""
        return f"127.0.0.1:{self._sockets.metadata.port}"

    def token(self, account: Subject | None = None) -> IamToken:
        """Return a new token of *account*, by default the built-in one."""
        return self.iam.issue(account or self.account, self.clock.now())

    def fresh_token(self, account: Subject | None = None) -> tuple[str, int]:
        """Return a new token, as `token`, and for how many seconds it is good."""
        token = self.token(account)
        left = token.expires - self.clock.now()
        return token.value, left // timedelta(seconds=1)

    def service_account_key(self) -> dict[str, str]:
        """Return a new authorized key, as `SDK(service_account_key=...)` takes it."""
        return self.iam.create_key(self.account, self.clock.now())

    def endpoints(self, ca_file: Path) -> dict[str, Any]:
        """Return all that a client needs to know, as JSON."""
        return {
            "grpc": self.rpc.endpoint,
            "grpc_plaintext": f"localhost:{self.rpc.plain_port}",
            "rest": self.rest_url,
            "queue": self.queues.base_url,
            "metadata": self.metadata_address,
            "functions": self.http.base_url,
            "ca_file": str(ca_file),
            "iam_token": self.token().value,
            "access_key_id": self.key.id,
            "secret_access_key": self.key.secret,
            "folder_id": self.world.folder_id,
            "subnets": {one.zone_id: one.id for one in self.world.subnets},
            "security_group_id": self.world.security_groups[0].id,
        }

    async def start(self) -> None:
        """Accept calls from now on.

        Raises:
            OSError, RuntimeError: If a port that was asked for is taken.
        """
        await self._sockets.start()
        self.iam.serve_at(self.rpc.endpoint)

    async def stop(self) -> None:
        """End functions, then close the sockets that they talk to."""
        await self.runner.stop()
        for function in self._functions:
            await function.stop()
        await self._sockets.stop()

    def deploy(  # noqa: PLR0913 - a function has this many settings
        self,
        name: str,
        code: Code,
        on_line: Callable[[str], object] = print,
        *,
        timeout: timedelta = timedelta(seconds=30),
        concurrency: int = 1,
        account: Subject | None = None,
    ) -> Function:
        """Return a new function, whose instances are processes of their own.

        Args:
            name: Its name.
            code: What it runs.
            on_line: Gets each line that it prints.
            timeout: After this long a call is ended.
            concurrency: How many instances may run at once.
            account: Whose tokens its calls get; by default the built-in one's.
        """
        function = Function(
            name=name,
            launch=lambda: ProcessInstance.launch(code, on_line),
            token=lambda: self.fresh_token(account),
            chance=self.chance,
            timeout=timeout,
            concurrency=concurrency,
            calls_in_progress=max(concurrency, CALLS_IN_PROGRESS),
        )
        self._functions.append(function)
        return function

    def add_trail(self, destination: LogGroup | Stream) -> None:
        """Let another trail write the folder's audit events to *destination*."""
        trail = Trail(self.chance.resource_id("cnp"), destination)
        self.compute.audit.subscribe(trail.record)

    async def run(self) -> None:
        """Let time pass and triggers call, in real time, until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._run_compute())
            both.create_task(self.runner.run())

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start, `run` while the body runs, and stop.

        If the cloud cannot go on, the body is cancelled.
        """
        try:
            await self.start()
            async with asyncio.TaskGroup() as group:
                running = group.create_task(self.run())
                yield
                running.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            await self.stop()

    async def pass_time(self) -> None:
        """Do all that is due by now: for a clock that a test turns."""
        self.compute.advance(self.clock.now())
        await self.runner.settle()

    async def _run_compute(self) -> None:
        """End operations when they are due, so that their events come in time."""
        while True:
            self._changed.clear()
            self.compute.advance(self.clock.now())
            moment = self.compute.next_change()
            await wait_for_news(self.clock, self._changed, moment)
