"""Serves a provider on loopback, for a Terraform that is told where it is.

Terraform does not start it: with `TF_REATTACH_PROVIDERS` it takes one that runs, for
every command, and neither downloads nor locks it (hashicorp/terraform:
internal/getproviders/reattach).
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import grpc

from fakes.cloud import LocalCloud
from fakes.terraform.kinds import Site, kinds_at
from fakes.terraform.notation import read_resources
from fakes.terraform.protocol import handler_of, messages
from fakes.terraform.provider import Provider

ADDRESS: Final = "registry.terraform.io/yandex-cloud/yandex"
_OPTIONS: Final = (("grpc.so_reuseport", 0),)
_VERSION: Final = 6
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


class ProviderServer:
    """A port on 127.0.0.1 where Terraform finds *provider*.

    Attributes:
        port: 0 until started.
    """

    def __init__(self, provider: Provider) -> None:
        names = messages.DESCRIPTOR.services_by_name["Provider"].methods_by_name
        self._handler = handler_of(
            {name: getattr(provider, _WORD.sub("_", name).lower()) for name in names}
        )
        self._server: grpc.aio.Server | None = None
        self.port = 0

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which Terraform finds it."""
        where = {
            "Protocol": "grpc",
            "ProtocolVersion": _VERSION,
            "Pid": os.getpid(),
            "Test": True,  # it is not Terraform's to end
            "Addr": {"Network": "tcp", "String": f"127.0.0.1:{self.port}"},
        }
        return {"TF_REATTACH_PROVIDERS": json.dumps({ADDRESS: where})}

    async def start(self) -> None:
        """Accept calls from now on."""
        self._server = grpc.aio.server(options=_OPTIONS)
        self._server.add_generic_rpc_handlers([self._handler])
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()

    async def stop(self) -> None:
        """Refuse calls from now on.  Is idempotent."""
        if self._server is not None:
            await self._server.stop(None)
            self._server = None


def server_of(
    cloud: LocalCloud,
    folder: Path,
    on_line: Callable[[str, str], object] = lambda _name, _line: None,
) -> ProviderServer:
    """Return what lets Terraform apply to *cloud*; start it in the cloud's loop.

    Args:
        cloud: The cloud.
        folder: An empty folder for what functions run.
        on_line: Gets the name of a function and a line of its log.
    """
    kinds = kinds_at(Site(cloud, folder, on_line))
    return ProviderServer(Provider(read_resources(), kinds))
