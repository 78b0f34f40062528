"""`nic cloud`: runs the local cloud by itself."""

import asyncio
import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias

import click

from cli import beginning
from cli.deployment import create_queues, deploy
from cli.offering import VARIABLE, offered
from events.policy import read_policies
from events.reading import InvalidDocumentError, read_json
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud, Ports
from fakes.endpoints import write_endpoints, write_secret
from fakes.faults import Plan, read_plan
from fakes.queue import Manners
from fakes.reading import WrongDocumentError

_PORT = click.IntRange(1, 65535)
Offer: TypeAlias = AbstractAsyncContextManager[Mapping[str, str]]


@click.command()
@click.option(
    "--endpoints",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write how to reach the cloud to this file, as JSON, when it is ready.",
)
@click.option(
    "--service-account-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an authorized key for the SDK to this file.",
)
@click.option("--grpc-port", type=_PORT, help="For gRPC with TLS.")
@click.option("--grpc-plaintext-port", type=_PORT, help="For gRPC without.")
@click.option("--rest-port", type=_PORT, help="For REST.")
@click.option("--queue-port", type=_PORT, help="For Message Queue.")
@click.option("--metadata-port", type=_PORT, help="For the metadata service.")
@click.option("--admin-port", type=_PORT, help="For faults, calls and permissions.")
@click.option("--json-protocol", is_flag=True, help="For SQS clients of today.")
@click.option("--seed", type=int, help="Make ids repeat themselves.")
@click.option("--functions", is_flag=True, help="Deploy the functions, with queues.")
@click.option("--terraform", is_flag=True, help="Let Terraform apply to it.")
@click.option(
    "--policies",
    type=click.File(encoding="utf-8"),
    help="Policies and limits for the functions, as JSON.",
)
@click.option(
    "--faults",
    type=click.File("rb"),
    help="What is to go wrong from the beginning, as JSON.",
)
@click.option(
    "--world",
    type=click.File("rb"),
    help="What there is in the beginning, as JSON.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep all there is in this file, from one run to the next.",
)
def cloud(  # noqa: PLR0913 - one for each option
    *,
    endpoints: Path | None,
    service_account_key: Path | None,
    json_protocol: bool,
    seed: int | None,
    functions: bool,
    terraform: bool,
    policies: TextIO | None,
    faults: BinaryIO | None,
    world: BinaryIO | None,
    state: Path | None,
    **ports: int | None,
) -> None:
    """Run the local cloud until SIGINT or SIGTERM.

    Compute, operations, tokens and endpoint discovery over gRPC and REST, the
    metadata service and Message Queue over HTTP, all on loopback, on free ports
    unless given.  With --functions or --policies, the functions run in it too; their
    logs are printed, and the endpoints have `tasks_queue` and `results_queue`.
    With --terraform, its resources of Yandex Cloud are made here, in a shell that has
    the variable TF_REATTACH_PROVIDERS, which is printed and among the endpoints.
    Message Queue speaks the Query protocol, as documented; with --json-protocol also
    the other one of SQS, which the cloud is not known to understand.  With --faults,
    calls fail, hang or come twice; what does can be changed at the admin port.

    With --state, what the cloud has answered it will not forget, even if it is killed:
    the next run with the same file goes on from there.  A --world only says how it
    all begins.
    """
    given = {name.removesuffix("_port"): port or 0 for name, port in ports.items()}
    _check_free([port for port in given.values() if port])
    files = [file for file in (endpoints, service_account_key) if file]
    wanted = _checked(policies.read() if policies else "{}")
    plan = _read_faults(faults)
    clock = SystemClock()
    start = beginning.read_world(world, clock)
    _remove(files)  # those of a cloud that is gone
    with (
        beginning.opened(state) as file,
        tempfile.TemporaryDirectory(prefix="nic-cloud-") as folder,
    ):
        beginning.tell(file, world)

        def make() -> LocalCloud:
            manners = Manners(json_protocol=json_protocol)
            local = LocalCloud(
                clock,
                seed=seed,
                ports=Ports(**given),
                manners=manners,
                make=beginning.estates(start, file, manners),
            )
            local.carry_out(plan)
            return local

        def offer(local: LocalCloud) -> Offer:
            return offered(local, Path(folder) / "terraform", wanted=terraform)

        def ready(local: LocalCloud, more: Mapping[str, str]) -> None:
            if functions or policies:
                more = {**more, **_deploy(local, Path(folder), wanted)}
            if service_account_key is not None:
                key = json.dumps(local.service_account_key())
                write_secret(service_account_key, key)
            if endpoints is not None:
                write_endpoints(local, endpoints, Path(folder) / "ca.pem", **more)
            _announce(local, endpoints, more)

        try:
            asyncio.run(_serve(make, offer, ready))
        except (OSError, RuntimeError) as error:
            msg = f"the local cloud cannot start: {error}"
            raise click.ClickException(msg) from None
        finally:
            _remove(files)
    click.echo("stopped")


def _checked(text: str) -> Any:
    """Return policies as JSON; exit if they are wrong."""
    try:
        read_policies(text)
    except InvalidDocumentError as error:
        msg = "\n".join(["the policies are wrong:", *map(str, error.violations)])
        raise click.ClickException(msg) from None
    return read_json(text)


def _read_faults(file: BinaryIO | None) -> Plan:
    """Return what is to go wrong; exit if it is not said right."""
    if file is None:
        return Plan()
    try:
        return read_plan(file.read())
    except WrongDocumentError as error:
        problems = [f"  {one}" for one in error.problems]
        msg = "\n".join([f"the faults in {file.name} are wrong:", *problems])
        raise click.ClickException(msg) from None


def _deploy(local: LocalCloud, folder: Path, policies: Any) -> dict[str, str]:
    """Deploy the functions; return the URLs of the queues that others use."""
    queues = create_queues(local)

    def on_line(name: str, line: str) -> None:
        click.echo(f"{name}: {line}")

    deploy(local, folder, queues, policies, on_line)
    return {
        "tasks_queue": local.queues.url_of(queues.tasks),
        "results_queue": local.queues.url_of(queues.results),
    }


def _check_free(ports: list[int]) -> None:
    """Say which port is taken, before gRPC says at length that one is."""
    for port in ports:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError as error:
            msg = f"cannot listen on port {port}: {os.strerror(error.errno or 0)}"
            raise click.ClickException(msg) from None


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


async def _serve(
    make: Callable[[], LocalCloud],
    offer: Callable[[LocalCloud], Offer],
    ready: Callable[[LocalCloud, Mapping[str, str]], None],
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    local = make()
    async with local.running(), offer(local) as more:
        ready(local, more)
        await stop.wait()


def _announce(
    local: LocalCloud, endpoints: Path | None, more: Mapping[str, str]
) -> None:
    click.echo(f"gRPC (TLS)        {local.rpc.endpoint}")
    click.echo(f"gRPC (plaintext)  localhost:{local.rpc.plain_port}")
    click.echo(f"REST              {local.rest_url}")
    click.echo(f"Message Queue     {local.queues.base_url}")
    click.echo(f"metadata          {local.metadata_address}")
    click.echo(f"admin             {local.admin_url}")
    click.echo(f"folder            {local.world.folder_id}")
    for name, where in more.items():
        if name == VARIABLE:
            click.echo(f"Terraform         export {name}='{where}'")
        else:
            click.echo(f"{name.replace('_', ' '):<16}  {where}")
    if endpoints is None:
        click.echo("certificate, token and key: with --endpoints FILE")
    else:
        click.echo(f"all of it, with certificate, token and key: {endpoints}")
    click.echo("ready; stop with Ctrl-C")
