"""Files with which a command signs in; what is in them is never repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import click
import grpc

from cli.printing import one_line
from events.reading import InvalidDocumentError, read_json

_KEY_FIELDS = ("id", "service_account_id", "private_key")
_SIGN_IN = 20.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """A local cloud, as its file of endpoints tells.

    Attributes:
        grpc: `host:port` of all services.
        roots: PEM of the certificate to trust.
        token: Lets in.
        queues: The URLs of the queues that it names, by `tasks`, `results`, `dead`.
        queue_key: Id and secret of the static key for them.
    """

    grpc: str
    roots: bytes
    token: str = field(repr=False)
    queues: Mapping[str, str]
    queue_key: tuple[str, str] = field(repr=False)


def read_local(file: Path) -> Local:
    """Read what `nic cloud --endpoints` wrote.

    Raises:
        click.ClickException: If it did not write that.
    """
    found = _read_object(file)
    for name in ("grpc", "ca_file", "iam_token"):
        if not isinstance(found.get(name), str) or not found[name]:
            raise _wrong(file, f"{name} is missing: no file of `nic cloud --endpoints`")
    queues = {
        name: url
        for name in ("tasks", "results", "dead")
        if isinstance(url := found.get(f"{name}_queue"), str)
    }
    return Local(
        grpc=found["grpc"],
        roots=_bytes(Path(found["ca_file"])),
        token=found["iam_token"],
        queues=queues,
        queue_key=(
            str(found.get("access_key_id", "")),
            str(found.get("secret_access_key", "")),
        ),
    )


def read_key(file: Path) -> dict[str, Any]:
    """Read the authorized key of a service account.

    Raises:
        click.ClickException: If it is none.
    """
    found = _read_object(file)
    for name in _KEY_FIELDS:
        if not isinstance(found.get(name), str):
            raise _wrong(file, f"{name} is missing: no authorized key")
    return found


def sign_in(key: dict[str, Any], local: Local | None) -> str:
    """Exchange an authorized key for an IAM token, of the real cloud or the local one.

    Raises:
        click.ClickException: If that cannot be done; it does not quote the key.
    """
    # The SDK brings cryptography; whoever has a token does without.
    import yandexcloud  # noqa: PLC0415
    from yandex.cloud.iam.v1.iam_token_service_pb2_grpc import (  # noqa: PLC0415
        IamTokenServiceStub,
    )

    endpoint, roots = (local.grpc, local.roots) if local else (None, None)
    request = _signed(key, endpoint)
    sdk = yandexcloud.SDK(  # type: ignore[attr-defined]  # public, though its module does not say so
        endpoint=endpoint, root_certificates=roots
    )
    try:
        answer = sdk.client(IamTokenServiceStub).Create(request, timeout=_SIGN_IN)
    except grpc.RpcError as error:
        call = cast("grpc.Call", error)
        reason = f"{call.code().name}: {call.details()}"
        msg = one_line(f"the key was not exchanged for a token: {reason}")
        raise click.ClickException(msg) from None
    return str(answer.iam_token)


def _signed(key: dict[str, Any], endpoint: str | None) -> Any:
    """Return the request for a token, signed with the key."""
    from yandexcloud.auth import (  # type: ignore[attr-defined]  # noqa: PLC0415  # as above
        get_auth_token_requester,
    )

    try:
        requester: Any = get_auth_token_requester(
            service_account_key=key, endpoint=endpoint
        )
        return requester.get_token_request()
    except Exception as error:  # noqa: BLE001 - whatever it says may quote the key
        msg = f"the authorized key cannot sign: {type(error).__name__}"
        raise click.ClickException(msg) from None


def _read_object(file: Path) -> dict[str, Any]:
    try:
        found = read_json(_bytes(file))
    except InvalidDocumentError:
        raise _wrong(file, "is not JSON") from None
    if not isinstance(found, dict):
        raise _wrong(file, "is no JSON object")
    return found


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _wrong(file, error.strerror or type(error).__name__) from None


def _wrong(file: Path, problem: str) -> click.ClickException:
    return click.ClickException(one_line(f"{file}: {problem}"))
