"""Lets Terraform find the local cloud."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import click

from fakes.cloud import LocalCloud

VARIABLE = "TF_REATTACH_PROVIDERS"


@contextlib.asynccontextmanager
async def offered(
    cloud: LocalCloud, folder: Path, *, wanted: bool
) -> AsyncIterator[Mapping[str, str]]:
    """Serve Terraform's provider, if *wanted*; yield the variables that lead to it.

    Args:
        cloud: A cloud that was started.
        folder: An empty folder for what functions run.
        wanted: False to do nothing.
    """
    if not wanted:
        yield {}
        return
    from fakes.terraform.server import server_of  # noqa: PLC0415 - takes a while

    def on_line(name: str, line: str) -> None:
        click.echo(f"{name}: {line}")

    server = server_of(cloud, folder, on_line)
    await server.start()
    try:
        yield server.environment
    finally:
        await server.stop()
