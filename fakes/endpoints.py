"""Tells clients in other processes how to reach the local cloud."""

import json
from pathlib import Path

from fakes.cloud import LocalCloud


def write_endpoints(cloud: LocalCloud, file: Path, ca_file: Path, **more: str) -> None:
    """Write how to reach *cloud* to *file*, and its certificate to *ca_file*.

    Args:
        cloud: A cloud that was started.
        file: Where the JSON goes.
        ca_file: Where the certificate goes.
        **more: What else is to be in the JSON.
    """
    ca_file.write_bytes(cloud.rpc.ca_pem)
    endpoints = {**cloud.endpoints(ca_file), **more}
    write_secret(file, json.dumps(endpoints, indent=2) + "\n")


def write_secret(file: Path, text: str) -> None:
    """Write *text* for the owner's eyes, in one move: who sees the file sees all."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)  # an old one may be open to others
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(text)
    draft.replace(file)
