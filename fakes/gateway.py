"""What every call passes through, whatever protocol brought it.

Authentication, the record of calls, roles, scripted faults, then the model.  A
protocol skin finds the route of a request, calls `Gateway.answer` and renders
the answer, or the `ApiError`, in its own way.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from google.protobuf.message import Message

from fakes.caller import LOCAL, Call, Subject
from fakes.chance import Chance
from fakes.clock import Clock
from fakes.errors import ApiError, Code
from fakes.faults import Faults, SeenCall
from fakes.iam import Iam, needs_of

# The type of the request is that of the route's method in its descriptor.
Answer: TypeAlias = Callable[[Any, datetime, Call], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method that the local cloud can answer.

    Attributes:
        service: With its package, as `yandex.cloud.compute.v1.InstanceService`.
        method: As in the service's descriptor.
        answer: Takes the request, the time and the call; returns the response.
        public: True if it needs neither a token nor a role.
    """

    service: str
    method: str
    answer: Answer
    public: bool = False

    @property
    def path(self) -> str:
        """The name of the method on the wire of gRPC."""
        return f"/{self.service}/{self.method}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a skin knows about a request beside its content.

    Attributes:
        headers: With names in lower case; of gRPC, the metadata.
        request_id: A UUID, made by the skin.
        address: Of the client, without the port.
        connection: `host:port` of a client that makes many calls at once on one
            connection; None if the protocol does not allow that.
        trusted: True if a missing token is accepted, as on plaintext loopback:
            with `insecure=True`, the SDK sends none
            (yandex-cloud/python-sdk: yandexcloud/_channels.py).
    """

    headers: Mapping[str, str]
    request_id: str
    address: str = "127.0.0.1"
    connection: str | None = None
    trusted: bool = False


class Gateway:
    """Answers calls by their routes.

    Attributes:
        routes: By path.
        clock: Tells models the time.
        chance: Names requests, for the skins.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        iam: Iam,
        faults: Faults,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self.routes = {route.path: route for route in routes}
        self.clock = clock
        self.chance = chance
        self._iam = iam
        self._faults = faults

    async def answer(self, path: str, request: Message, origin: Origin) -> Message:
        """Return the response to one call; never, if its connection went silent.

        Raises:
            ApiError: UNIMPLEMENTED without such a route; UNAUTHENTICATED;
                PERMISSION_DENIED; what a fault or the model refuses with.  That
                roles are looked at before the request is, is an assumption.
        """
        await self._faults.listen(origin.connection)
        try:
            answer = await self._answer(path, request, origin)
        except ApiError:
            await self._faults.listen(origin.connection)
            raise
        await self._faults.listen(origin.connection)
        return answer

    async def _answer(self, path: str, request: Message, origin: Origin) -> Message:
        route = self.routes.get(path)
        if route is None:
            raise ApiError(Code.UNIMPLEMENTED, f"{path} is not in the local cloud")
        call = self._call(route, origin)
        service = route.service.rpartition(".")[2]
        self._faults.saw(
            SeenCall(
                method=f"{service}/{route.method}",
                idempotency_key=call.idempotency_key,
                subject_id=call.subject.id,
            )
        )
        if not route.public:
            self._iam.authorize(call.subject, needs_of(path, request))
        now = self.clock.now()
        fault = self._faults.take(service, route.method, now, lambda: _texts(request))
        if fault is None:
            return route.answer(request, now, call)
        async with self._faults.around(fault, self.clock, origin.connection):
            if fault.expire_tokens:
                self._subject(route, origin)  # that of this call among them
            return route.answer(request, self.clock.now(), call)

    def _call(self, route: Route, origin: Origin) -> Call:
        return Call(
            subject=self._subject(route, origin),
            idempotency_key=origin.headers.get("idempotency-key"),
            request_id=origin.request_id,
            remote_address=origin.address,
            user_agent=origin.headers.get("user-agent", ""),
        )

    def _subject(self, route: Route, origin: Origin) -> Subject:
        authorization = origin.headers.get("authorization")
        if route.public or (origin.trusted and authorization is None):
            return LOCAL
        return self._iam.authenticate(authorization or "", self.clock.now())


def _texts(request: Message) -> list[str]:
    """Return the ids and names in a request, and whatever else is text."""
    return [value for _, value in request.ListFields() if isinstance(value, str)]
