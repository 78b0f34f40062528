"""How a command reaches a cloud: the local one, or the real one with a token."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import click
import grpc
from yandex.cloud.compute.v1 import instance_service_pb2
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from cli.sign_in import Local, read_key, read_local, sign_in
from events.moments import after_epoch
from events.sighting import OperationSeen
from functions._channels import Channels, Endpoints
from functions._compute import CALL_TIMEOUT, GrpcCompute
from functions._messages import read_operation
from functions._ports import CloudError

_PAGE = 1000
_MOST_PAGES = 10
# What may stand in a header.
_TOKEN = re.compile(r"[!-~]{1,4096}", re.ASCII)
# yandex-cloud/docs: en/iam/concepts/authorization/oauth-token.md
_OAUTH = re.compile(r"y[0-3]_")
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A cloud that can be asked.

    Attributes:
        channels: Connections; close them.
        token: Lets in.
        local: What more is known of a local cloud, None for the real one.
    """

    channels: Channels
    token: str = field(repr=False)
    local: Local | None = None

    def compute(self) -> GrpcCompute:
        """Return Compute."""
        return GrpcCompute(self.channels, self.token)

    def operations(self, instance_id: str) -> list[OperationSeen]:
        """Return all operations on an instance that the API tells of, oldest first.

        Raises:
            CloudError: If the cloud would or could not tell.
        """
        stub = InstanceServiceStub(self.channels.to(self.channels.endpoints.compute))
        request = instance_service_pb2.ListInstanceOperationsRequest(
            instance_id=instance_id, page_size=_PAGE
        )
        found: list[OperationSeen] = []
        for _ in range(_MOST_PAGES):
            page = self._call(stub.ListOperations, request)
            found += map(read_operation, page.operations)
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        return sorted(found, key=lambda one: one.created or after_epoch())

    def _call(self, method: Any, request: Any) -> Any:
        seconds = CALL_TIMEOUT.total_seconds()
        metadata = [("authorization", f"Bearer {self.token}")]
        try:
            return method(request, timeout=seconds, metadata=metadata)
        except grpc.RpcError as error:
            call = cast("grpc.Call", error)
            raise CloudError(call.code().name, call.details() or "") from None

    def close(self) -> None:
        """Close the connections."""
        self.channels.close()


def access_options(command: _Command) -> _Command:
    """Give *command* the options `endpoints`, `key` and `iam_token`."""
    existing = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option(
            "--iam-token",
            envvar=["YC_IAM_TOKEN", "YC_TOKEN"],
            show_envvar=True,
            help="An IAM token; others can see it in a command line.",
        ),
        click.option(
            "--key",
            type=existing,
            help="Sign in with this authorized key of a service account.",
        ),
        click.option(
            "--endpoints",
            type=existing,
            help="Ask a local cloud: what `nic cloud --endpoints` wrote.",
        ),
    ):
        command = option(command)
    return command


def new_access(
    endpoints: Path | None, key: Path | None, iam_token: str | None
) -> Access:
    """Return access to the local cloud, if *endpoints* are given, or to the real one.

    The key comes before the token: of the file of endpoints, or else *iam_token*.

    Raises:
        click.ClickException: If anything about them is wrong; never with a secret.
    """
    local = read_local(endpoints) if endpoints else None
    if key:
        token = sign_in(read_key(key), local)
    else:
        token = local.token if local else _checked(iam_token)
    found = Endpoints()
    if local:
        found = Endpoints(compute=local.grpc, operation=local.grpc, vpc=local.grpc)
    channels = Channels(found, local.roots if local else None, time.monotonic)
    return Access(channels=channels, token=token, local=local)


def _checked(token: str | None) -> str:
    token = (token or "").strip()
    if not token:
        msg = (
            "no way to sign in: give --endpoints for a local cloud, --key, "
            "or an IAM token in YC_IAM_TOKEN (`yc iam create-token` makes one)"
        )
        raise click.UsageError(msg)
    if _OAUTH.match(token):
        msg = "that is an OAuth token; `yc iam create-token` makes an IAM token of it"
        raise click.UsageError(msg)
    if not _TOKEN.fullmatch(token):
        msg = "the IAM token is none: it has characters that no token has"
        raise click.UsageError(msg)
    return token
