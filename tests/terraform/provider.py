"""Runs a command with the provider: `python -m tests.terraform.provider terraform …`.

It can plan everything and apply nothing: there is no cloud behind it.
"""

import asyncio
import contextlib
import os
import sys

from fakes.terraform.notation import read_resources
from fakes.terraform.provider import Provider
from fakes.terraform.server import ProviderServer


async def run(*command):
    server = ProviderServer(Provider(read_resources(), {}))
    await server.start()
    try:
        environment = {**os.environ, **server.environment}  # noqa: TID251 - a command's
        process = await asyncio.create_subprocess_exec(*command, env=environment)
        return await process.wait()
    finally:
        await server.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(run(*sys.argv[1:])))
