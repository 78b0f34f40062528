"""`nic cloud --terraform` is a provider; without it nothing of Terraform is there."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime

import grpc

from cli.offering import VARIABLE, offered
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.terraform.notation import read_resources
from fakes.terraform.protocol import messages
from fakes.terraform.server import ADDRESS
from fakes.terraform.wire import complete, read_value, render_value
from tests.contract.test_nic_cloud import started

QUEUE = "yandex_message_queue"
LOADED = """
import sys
import cli.cloud, cli.main
print(sorted(name for name in sys.modules if name.startswith("fakes.terraform")))
"""


async def make_a_queue(variables):
    """Plan and apply a queue, as Terraform does; return its state."""
    where = json.loads(variables[VARIABLE])[ADDRESS]["Addr"]["String"]
    fields = read_resources()[QUEUE].fields
    nothing = render_value(None)
    wanted = render_value(complete(fields, {"name": "tasks"}))

    def call(channel, name, request, answer):
        return channel.unary_unary(
            f"/tfplugin6.Provider/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )(request, timeout=20)

    async with grpc.aio.insecure_channel(where) as channel:
        proposed = messages.ProposedChange(
            type_name=QUEUE, prior_state=nothing, proposed_new_state=wanted
        )
        plan = await call(
            channel, "PlanResourceChange", proposed, messages.PlannedChange
        )
        change = messages.Change(
            type_name=QUEUE, prior_state=nothing, planned_state=plan.planned_state
        )
        made = await call(channel, "ApplyResourceChange", change, messages.Changed)
    return read_value(made.new_state)


def test_what_is_applied_is_in_the_cloud(tmp_path):
    """By the variables alone, as Terraform finds it."""

    async def story():
        clock = ManualClock(datetime(2026, 1, 2, tzinfo=UTC))
        cloud = LocalCloud(clock)
        await cloud.start()
        async with offered(cloud, tmp_path / "new", wanted=True) as variables:
            state = await make_a_queue(variables)
            assert cloud.queues.by_url(state["id"]).name == "tasks"
        async with offered(cloud, tmp_path, wanted=False) as variables:
            assert variables == {}
        await cloud.stop()

    asyncio.run(story())


def test_the_variable_is_told(tmp_path):
    """Printed for a shell, and among the endpoints."""
    file = tmp_path / "cloud.json"
    with started("--terraform", "--endpoints", file) as process:
        told = process.announced.splitlines()
        [variable] = [line for line in told if VARIABLE in line]
        known = json.loads(file.read_text())
        assert f"export {VARIABLE}='{known[VARIABLE]}'" in variable
        state = asyncio.run(make_a_queue(known))
        assert state["id"].startswith(known["queue"])


def test_without_it_nothing_of_it_is_loaded():
    """The local cloud starts as quickly as before."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"
