"""Tells clients in other processes how to reach the local cloud."""

import json
from pathlib import Path
from typing import Any

from fakes.cloud import LocalCloud


def endpoints_of(cloud: LocalCloud, ca_file: Path) -> dict[str, Any]:
    """Return all that a client needs to know of *cloud*, as JSON."""
    return {
        "grpc": cloud.rpc.endpoint,
        "grpc_plaintext": f"localhost:{cloud.rpc.plain_port}",
        "rest": cloud.rest_url,
        "queue": cloud.queues.base_url,
        "metadata": cloud.metadata_address,
        "functions": cloud.http.base_url,
        "admin": cloud.admin_url,
        "ca_file": str(ca_file),
        "iam_token": cloud.token().value,
        "access_key_id": cloud.key.id,
        "secret_access_key": cloud.key.secret,
        "folder_id": cloud.world.folder_id,
        # The first of each zone, and the first of all, if there are any.
        "subnets": {one.zone_id: one.id for one in reversed(cloud.world.subnets)},
        "security_group_id": next((one.id for one in cloud.world.security_groups), ""),
    }


def write_endpoints(cloud: LocalCloud, file: Path, ca_file: Path, **more: str) -> None:
    """Write how to reach *cloud* to *file*, and its certificate to *ca_file*.

    Args:
        cloud: A cloud that was started.
        file: Where the JSON goes.
        ca_file: Where the certificate goes.
        **more: What else is to be in the JSON.
    """
    ca_file.write_bytes(cloud.rpc.ca_pem)
    endpoints = {**endpoints_of(cloud, ca_file), **more}
    write_secret(file, json.dumps(endpoints, indent=2) + "\n")


def write_secret(file: Path, text: str) -> None:
    """Write *text* for the owner's eyes, in one move: who sees the file sees all."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)  # an old one may be open to others
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(text)
    draft.replace(file)
