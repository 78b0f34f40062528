"""What the options of `nic send` ask for, as the body of a message."""

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, BinaryIO

import click

from events.attachment import AddressSpec, Nat
from events.decision import FinalPower
from events.producing import build_policy_request, build_request, outcome_ids
from events.reading import InvalidDocumentError, read_json
from events.request import Options

NOT_SENT = 2
"""The exit code if nothing was sent."""
_OPTIONS = ("stop_if_running", "final_power", "timeout", "dry_run")


def build_body(
    file: BinaryIO | None, request_id: str, flags: dict[str, Any]
) -> tuple[str, tuple[str, ...]]:
    """Return the body and the ids of its outcomes; exit with 2 if anything is wrong.

    Args:
        file: Has the whole request, as JSON; or None.
        request_id: Names what has no name.
        flags: The other options of `nic send`, by name.
    """
    if file and any(flags.values()):
        msg = "--file has the whole request: no other option belongs to it"
        raise click.UsageError(msg)
    try:
        if file:
            body = json.dumps(_named(read_json(file.read()), request_id))
        else:
            body = _from_flags(request_id, **flags)
        return body, outcome_ids(body)
    except InvalidDocumentError as error:
        for violation in error.violations:
            click.echo(violation, err=True)
        sys.exit(NOT_SENT)


def _named(value: Any, request_id: str) -> Any:
    """Return *value* where every request has a name: sent twice, it is the same."""
    if isinstance(value, list):
        return [_named(one, f"{request_id}/{place}") for place, one in enumerate(value)]
    if isinstance(value, dict) and not (
        value.get("requestId") or value.get("request_id")
    ):
        return {**value, "requestId": request_id}
    return value


def _from_flags(
    request_id: str, *, policy: str, instance: Sequence[str], **flags: Any
) -> str:
    several = len(instance) > 1
    whom: dict[str, Any] = {
        "instance_id": "" if several else "".join(instance),
        "instance_ids": instance if several else (),
    }
    options = _options({name: flags.pop(name) for name in _OPTIONS})
    if not policy:
        return _by_itself(request_id, whom, options, **flags)
    if any(flags.values()):
        msg = "--policy says which interface: no option does beside it"
        raise click.UsageError(msg)
    return build_policy_request(
        request_id=request_id,
        policy=policy,
        # Without any, it is for the policy to say how.
        options=None if options == Options() else options,
        **whom,
    )


def _options(flags: dict[str, Any]) -> Options:
    given = {name: value for name, value in flags.items() if value}
    if final_power := given.get("final_power"):
        given["final_power"] = FinalPower(final_power)
    if timeout := given.get("timeout"):
        given["timeout"] = timedelta(seconds=timeout)
    return Options(**given)


def _by_itself(  # noqa: PLR0913 - as many as there are options for an interface
    request_id: str,
    whom: dict[str, Any],
    options: Options,
    *,
    index: str,
    subnet: str,
    security_group: Sequence[str],
    address: str,
    public: bool,
) -> str:
    return build_request(
        request_id=request_id,
        index=index,
        subnet_id=subnet,
        security_group_ids=security_group,
        address=AddressSpec(
            address=address, nat=Nat(ip_version="IPV4") if public else None
        ),
        options=options,
        **whom,
    )
