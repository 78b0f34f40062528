"""`nic demo`: the main job on the local cloud, told as it happens."""

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from cli.consumer import delete, receive
from cli.customer import Customer
from cli.deployment import create_queues, deploy
from cli.narrator import Narrator
from fakes.clock import Clock, SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.settings import Durations
from fakes.endpoints import endpoints_of
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey

_PATIENCE = timedelta(seconds=60)
_ZONE = "ru-central1-a"
_DURATIONS = Durations(
    create=timedelta(seconds=1),
    stop=timedelta(seconds=1.5),
    attach=timedelta(seconds=5),
)


@click.command()
@click.option(
    "--terraform",
    is_flag=True,
    help="Deploy by Terraform, from the module and the bundle, and destroy it again.",
)
def demo(*, terraform: bool) -> None:
    """Show the main job: an instance stops, and gets its interface.

    The functions run in processes of their own, as deployed; what they talk to
    is a local cloud behind real sockets.  Nothing leaves this machine.
    """
    if not asyncio.run(_demo(terraform=terraform)):
        msg = "the story did not end as it should"
        raise click.ClickException(msg)


async def _demo(
    durations: Durations = _DURATIONS,
    clock: Clock | None = None,
    *,
    terraform: bool = False,
) -> bool:
    clock = clock or SystemClock()
    deployed, steps = _deployed, 7
    if terraform:
        from cli.demo_terraform import applied  # noqa: PLC0415 - needs the provider

        deployed, steps = applied, 9
    tell = Narrator(clock.now, steps)
    cloud = LocalCloud(clock, durations=durations)
    async with cloud.running():
        with tempfile.TemporaryDirectory(prefix="nic-demo-") as folder:
            endpoints = endpoints_of(cloud, Path(folder) / "ca.pem")
            tell.step(f"a local cloud is up: Compute at {endpoints['grpc']}, with TLS")
            policies = _policies(endpoints)
            async with deployed(cloud, Path(folder), policies, tell) as queues:
                asked = await _story(cloud, endpoints, queues, tell)
    click.echo(json.dumps(asked, indent=2))
    return _verdict(asked) == "attached"


@contextlib.asynccontextmanager
async def _deployed(
    cloud: LocalCloud, folder: Path, policies: Any, tell: Narrator
) -> AsyncIterator[dict[str, str]]:
    """Deploy the functions; yield the URLs of the queues `tasks` and `results`."""
    queues = create_queues(cloud)
    deploy(cloud, folder, queues, policies, tell.log_line)
    tell.step("five functions are deployed; policy: label nic=mgmt → interface 1")
    url_of = cloud.queues.url_of
    yield {"tasks": url_of(queues.tasks), "results": url_of(queues.results)}


async def _story(
    cloud: LocalCloud,
    endpoints: dict[str, Any],
    queues: dict[str, str],
    tell: Narrator,
) -> dict[str, Any]:
    """Tell what happens; return the last outcome, an empty one if it ends early."""
    cloud.compute.audit.subscribe(tell.audit_event)
    customer = await asyncio.to_thread(Customer, endpoints, cloud.rpc.ca_pem)
    instance = await asyncio.to_thread(
        customer.create_instance, "web-1", _ZONE, {"nic": "mgmt"}
    )
    tell.step(f"instance {instance.id} runs, with interface 0")
    await asyncio.to_thread(customer.stop, instance.id)
    tell.step("it was stopped; the rest happens by itself")
    consumer = _Consumer(cloud, queues["results"])
    with contextlib.closing(consumer.client):
        automatic = await consumer.next_outcome()
        tell.step(f"a consumer received the outcome: {_verdict(automatic)}")
        if _verdict(automatic) != "attached":
            return {}
        tasks = QueueMailbox(consumer.client, queues["tasks"])
        request = _request(endpoints, instance.id)
        await asyncio.to_thread(tasks.send, json.dumps(request))
        tell.step("a producer asked for interface 2, at 10.128.0.200")
        asked = await consumer.next_outcome()
    tell.step(f"a consumer received the outcome: {_verdict(asked)}; see below")
    return asked


def _policies(endpoints: dict[str, Any]) -> dict[str, Any]:
    wanted = {
        "networkInterfaceIndex": "1",
        "subnetIds": endpoints["subnets"],
        "securityGroupIds": [endpoints["security_group_id"]],
    }
    match = {"labels": {"nic": "mgmt"}}
    return {"policies": [{"name": "mgmt", "match": match, "attachment": wanted}]}


def _request(endpoints: dict[str, Any], instance_id: str) -> dict[str, Any]:
    return {
        "requestId": "demo-1",
        "instanceId": instance_id,
        "networkInterfaceIndex": "2",
        "subnetId": endpoints["subnets"][_ZONE],
        "securityGroupIds": [endpoints["security_group_id"]],
        "primaryV4AddressSpec": {"address": "10.128.0.200"},
    }


class _Consumer:
    """Reads the results queue over its real protocol."""

    def __init__(self, cloud: LocalCloud, queue_url: str) -> None:
        key = StaticKey(id=cloud.key.id, secret=cloud.key.secret)
        self.client = QueueClient(key, cloud.clock.now, time.monotonic)
        self._clock = cloud.clock
        self._url = queue_url

    async def next_outcome(self) -> dict[str, Any]:
        """Return the next outcome; an empty one if none came in time."""
        end = self._clock.now() + _PATIENCE
        while self._clock.now() < end:
            for message in await asyncio.to_thread(receive, self.client, self._url):
                await asyncio.to_thread(delete, self.client, self._url, message)
                outcome: dict[str, Any] = json.loads(message.body)
                return outcome
        return {}


def _verdict(outcome: dict[str, Any]) -> str:
    return str(outcome.get("data", {}).get("verdict", "none: nothing came"))
