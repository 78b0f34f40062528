"""Speaks Terraform's plugin protocol with a provider, as Terraform does."""

import asyncio
import json

import grpc
from google.protobuf.message_factory import GetMessageClass

from fakes.terraform.kind import Made, RefusedError
from fakes.terraform.notation import read_resources
from fakes.terraform.protocol import messages
from fakes.terraform.provider import Provider
from fakes.terraform.server import ADDRESS, ProviderServer
from fakes.terraform.wire import complete, read_value, render_value

QUEUE, FUNCTION = "yandex_message_queue", "yandex_function"
METHODS = messages.DESCRIPTOR.services_by_name["Provider"].methods_by_name


class Shelf:
    """A kind that keeps what it is given, and refuses what is called `cursed`."""

    def __init__(self):
        self.kept = {}

    async def create(self, wanted):
        self._check(wanted)
        key = f"id-{len(self.kept) + 1}"
        self.kept[key] = wanted | {"id": key, "arn": f"arn-{key}"}
        return Made(computed={"id": key, "arn": f"arn-{key}"})

    async def read(self, state):
        return self.kept.get(state["id"])

    async def update(self, state, wanted):
        self._check(wanted)
        self.kept[state["id"]] = wanted
        return Made(computed={"delay_seconds": 7}, warnings=("it took a moment",))

    async def delete(self, state):
        if state["name"] == "sticky":
            message = "it cannot be deleted"
            raise RefusedError(message)
        self.kept.pop(state["id"], None)

    def _check(self, wanted):
        if wanted["name"] == "cursed":
            message = "such a name is not allowed"
            raise RefusedError(message, at="name")


class Client:
    """Calls a provider over its socket; `kinds` are there only for queues."""

    def __init__(self):
        self.shelf = Shelf()
        self.resources = read_resources()
        self._server = ProviderServer(Provider(self.resources, {QUEUE: self.shelf}))

    async def __aenter__(self):
        await self._server.start()
        where = json.loads(self._server.environment["TF_REATTACH_PROVIDERS"])[ADDRESS]
        self._channel = grpc.aio.insecure_channel(where["Addr"]["String"])
        return self

    async def __aexit__(self, *_error):
        await self._channel.close()
        await self._server.stop()
        await self._server.stop()

    async def call(self, name, **fields):
        method = METHODS[name]
        request = GetMessageClass(method.input_type)(**fields)
        call = self._channel.unary_unary(
            f"/tfplugin6.Provider/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(request, timeout=20)

    def value(self, values, kind=QUEUE):
        if values is None:
            return render_value(None)
        return render_value(complete(self.resources[kind].fields, values))

    async def plan(self, prior, wanted, kind=QUEUE):
        return await self.call(
            "PlanResourceChange",
            type_name=kind,
            prior_state=self.value(prior, kind),
            proposed_new_state=self.value(wanted, kind),
            config=self.value(wanted, kind),
        )

    async def apply(self, prior, wanted, kind=QUEUE):
        """Plan, then apply what was planned; return state, and what was told."""
        plan = await self.plan(prior, wanted, kind)
        changed = await self.call(
            "ApplyResourceChange",
            type_name=kind,
            prior_state=self.value(prior, kind),
            planned_state=plan.planned_state,
        )
        return read_value(changed.new_state), list(changed.diagnostics)


def played(story):
    """Return a test that plays *story* with a client."""

    async def play():
        async with Client() as client:
            await story(client)

    def test():
        asyncio.run(play())

    test.__doc__ = story.__doc__
    return test
