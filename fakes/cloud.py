"""The local cloud: an estate, the sockets around it, functions and triggers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

from fakes.caller import Subject
from fakes.clock import Clock, wait_for_news
from fakes.compute.settings import Durations
from fakes.estate import Destination, Estate, new_estate
from fakes.faults import Plan
from fakes.http.admin_app import admin_app
from fakes.iam import IamToken
from fakes.queue import GOOD, Manners, behave
from fakes.serverless.functions import Functions
from fakes.skins import skins_of
from fakes.sockets import ANY_PORTS, Ports, Sockets
from fakes.triggers.envelope import Place
from fakes.triggers.runner import Runner

__all__ = ["LocalCloud", "Ports"]


class LocalCloud:
    """One folder of a cloud, behind real sockets on loopback.

    Args:
        clock: Tells all of it the time.
        seed: Makes ids repeat themselves.
        durations: How long operations take.
        ports: Where to listen.
        manners: How well behaved Message Queue is.
        make: Makes its estates, from a seed; by default `new_estate` does, with
            these durations and manners.

    Attributes:
        estate: All models; `chance`, `world`, `compute`, `queues`, `iam`,
            `account`, `key`, `faults` and `audit_group` are those of the estate.
        http: Functions that are called over HTTP.
        rpc: The server of the API.
        functions: Functions that were deployed.
        runner: Triggers; see `pass_time` and `run`.
    """

    def __init__(  # noqa: PLR0913 - a cloud has this many settings
        self,
        clock: Clock,
        *,
        seed: int | None = None,
        durations: Durations | None = None,
        ports: Ports = ANY_PORTS,
        manners: Manners = GOOD,
        make: Callable[[int | None], Estate] | None = None,
    ) -> None:
        self.clock = clock
        # Other faults may be in force by the time it asks.
        self.runner = Runner(clock, lambda: self.faults.delivers_again())  # noqa: PLW0108
        self.functions = Functions(lambda: self.chance, self.fresh_token, clock.now)
        self._seed = seed
        self._new_estate = make or partial(
            new_estate, durations=durations, manners=manners
        )
        self._changed = asyncio.Event()
        estate = self._new_estate(seed)
        skins = skins_of(estate, clock, self._endpoint)
        self._sockets = Sockets(skins, ports, admin_app(self))
        self.rpc = self._sockets.rpc
        self.http = skins.functions
        self._move_in(estate)

    @property
    def place(self) -> Place:
        """Whose events the triggers send."""
        return self.estate.place

    @property
    def rest_url(self) -> str:
        """Where all services of the API are over HTTP."""
        return f"http://127.0.0.1:{self._sockets.rest.port}"

    @property
    def metadata_address(self) -> str:
        """`host:port` of the metadata service."""
        return f"127.0.0.1:{self._sockets.metadata.port}"

    @property
    def admin_url(self) -> str:
        """Where faults are planned from outside, and calls are told."""
        return f"http://127.0.0.1:{self._sockets.admin.port}"

    def token(self, account: Subject | None = None) -> IamToken:
        """Return a new token of *account*, by default the built-in one."""
        return self.estate.token(self.clock.now(), account)

    def fresh_token(self, account: Subject | None = None) -> tuple[str, int]:
        """Return a new token, as `token`, and for how many seconds it is good."""
        return self.estate.fresh_token(self.clock.now(), account)

    def service_account_key(self) -> dict[str, str]:
        """Return a new authorized key, as `SDK(service_account_key=...)` takes it."""
        key = self.iam.create_key(self.account, self.clock.now())
        self.estate.write_down()
        return key

    async def start(self) -> None:
        """Accept calls from now on.

        Raises:
            OSError, RuntimeError: If a port that was asked for is taken.
        """
        await self._sockets.start()
        self.iam.serve_at(self.rpc.endpoint)

    async def stop(self) -> None:
        """Close the sockets, then end functions, whom nobody can call any more."""
        await self.runner.stop()
        await self._sockets.stop()
        await self.functions.clear()

    async def clear(self, seed: int | None = None) -> None:
        """Begin again with a new estate, as `replace` does.

        Args:
            seed: Makes ids repeat themselves; by default the seed from the
                beginning, so that they are the same as at first.
        """
        await self.replace(self._new_estate(self._seed if seed is None else seed))

    async def replace(self, estate: Estate) -> None:
        """Put *estate* behind the same sockets, with the same certificate.

        Functions end, triggers and URLs of functions are forgotten, and calls that
        are being answered, held ones and long polls too, are broken off: UNAVAILABLE
        over gRPC, 503 over HTTP.
        """
        await self.runner.clear()
        skins = skins_of(estate, self.clock, self._endpoint)
        self.http = skins.functions
        self._move_in(estate)
        self.iam.serve_at(self.rpc.endpoint)
        self._sockets.show(skins)
        # Now nobody waits for an instance any more, who would get a new one.
        await self.functions.clear()
        self._changed.set()

    def add_trail(self, destination: Destination) -> None:
        """Let another trail write the folder's audit events to *destination*."""
        self.estate.add_trail(destination)

    def plan(self) -> Plan:
        """Return what is still to go wrong."""
        return Plan(
            faults=tuple(self.faults.planned),
            manners=self.queues.manners,
            repeats=self.faults.repeats,
        )

    def carry_out(self, plan: Plan) -> None:
        """Let go wrong what *plan* says, besides the faults that are planned."""
        self.faults.add(*plan.faults)
        if plan.manners is not None:
            understood = self.queues.manners.json_protocol
            behave(self.queues, replace(plan.manners, json_protocol=understood))
        if plan.repeats is not None:
            self.faults.repeats = plan.repeats

    def calm(self) -> None:
        """Let nothing go wrong any more that did not from the beginning."""
        self.faults.call_off()
        behave(self.queues, self._manners)

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

    def _endpoint(self) -> str:
        return self.rpc.endpoint

    def _move_in(self, estate: Estate) -> None:
        self.estate = estate
        self.chance = estate.chance
        self.world = estate.world
        self.compute = estate.compute
        self.queues = estate.queues
        self._manners = estate.queues.manners
        self.iam = estate.iam
        self.account = estate.account
        self.key = estate.key
        self.faults = estate.faults
        self.audit_group = estate.audit_group
        self.queues.base_url = f"http://127.0.0.1:{self._sockets.queue.port}"
        self.http.base_url = f"http://127.0.0.1:{self._sockets.functions.port}"
        self.compute.on_change.append(self._changed.set)

    async def _run_compute(self) -> None:
        """End operations when they are due, so that their events come in time."""
        while True:
            self._changed.clear()
            self.compute.advance(self.clock.now())
            moment = self.compute.next_change()
            await wait_for_news(self.clock, self._changed, moment)
