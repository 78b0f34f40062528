"""A local cloud to which Terraform applies, by itself: see `main`."""

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.terraform.server import server_of


async def run(*command):
    """Run *command*, as `terraform plan`, with an empty local cloud."""
    cloud = LocalCloud(SystemClock())
    with tempfile.TemporaryDirectory() as folder:
        async with cloud.running():
            server = server_of(cloud, Path(folder), lambda *line: print(*line))
            await server.start()
            more = {
                "TF_VAR_folder_id": cloud.world.folder_id,
                "TF_VAR_endpoints": '{compute="%s",operation="%s",vpc="%s"}'
                % ((cloud.rpc.endpoint,) * 3),
            }
            environment = {**os.environ, **server.environment, **more}
            try:
                process = await asyncio.create_subprocess_exec(
                    *command, env=environment
                )
                return await process.wait()
            finally:
                await server.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(run(*sys.argv[1:])))
