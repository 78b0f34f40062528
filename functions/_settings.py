"""The function's settings: the only module that reads the environment.

| variable | meaning |
|---|---|
| `TASKS_QUEUE_URL` | where tasks wait |
| `RESULTS_QUEUE_URL` | where outcomes go |
| `QUEUE_KEY_ID`, `QUEUE_KEY_SECRET` | the static key for both, from Lockbox |
| `POLICIES` | policies and limits, as JSON; none by default |
| `POLICIES_FILE` | instead: a file in the package, for more than 4 KB |
| `FOLDER_ID` | the folder to sweep for policies that name none |
| `COMPUTE_ENDPOINT`, `OPERATION_ENDPOINT`, `VPC_ENDPOINT` | `host:port` |
| `ALLOW_ANONYMOUS` | `no`, `url` or `yes`: see `Anonymous`; `no` by default |
| `CA_FILE` | PEM to trust instead of the usual certificates |
"""

# ruff: noqa: PTH118, PTH120, PTH123 - pathlib takes 2 ms of a cold start

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from events.anonymous import Anonymous
from events.policy import Policies, read_policies
from events.reading import InvalidDocumentError
from functions._sigv4 import StaticKey

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """The function was deployed with an environment that it cannot work in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a deployment decides.

    Attributes:
        tasks_queue_url: Where tasks wait.
        results_queue_url: Where outcomes go.
        queue_key: Signs the calls to both.
        policies: What instances should have, and the limits.
        endpoints: `host:port` of services that are not where they usually are.
        roots: PEM of the certificates to trust; None for the usual ones.
        folder_id: The folder to sweep for policies that name none; '' for none.
        anonymous: Which calls over HTTP are taken from nobody knows whom.
    """

    tasks_queue_url: str
    results_queue_url: str
    queue_key: StaticKey
    policies: Policies = Policies()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    roots: bytes | None = None
    folder_id: str = ""
    anonymous: Anonymous = Anonymous.REFUSED


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from *environment*.

    Raises:
        SettingsError: Naming the variable, never its value.
    """
    return Settings(
        tasks_queue_url=_queue_url(environment, "TASKS_QUEUE_URL"),
        results_queue_url=_queue_url(environment, "RESULTS_QUEUE_URL"),
        queue_key=StaticKey(
            id=_required(environment, "QUEUE_KEY_ID"),
            secret=_required(environment, "QUEUE_KEY_SECRET"),
        ),
        policies=_policies(environment),
        endpoints={
            name: endpoint
            for name in ("compute", "operation", "vpc")
            if (endpoint := environment.get(f"{name.upper()}_ENDPOINT"))
        },
        roots=_file(environment, "CA_FILE"),
        folder_id=environment.get("FOLDER_ID", ""),
        anonymous=_anonymous(environment.get("ALLOW_ANONYMOUS", "")),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    if value := environment.get(name, ""):
        return value
    msg = f"the environment variable {name} is missing"
    raise SettingsError(msg)


def _queue_url(environment: Mapping[str, str], name: str) -> str:
    url = _required(environment, name)
    try:
        parts = urlsplit(url)
        # A signature protects a message from change, but not from being read.
        safe = parts.scheme == "https" or parts.hostname in _LOOPBACK
        if parts.scheme in ("http", "https") and parts.hostname and safe:
            _ = parts.port  # a wrong one raises
            return url
    except ValueError:
        pass
    msg = f"{name} must be an https URL (http only on loopback)"
    raise SettingsError(msg)


def _policies(environment: Mapping[str, str]) -> Policies:
    name, text = "POLICIES", environment.get("POLICIES", "")
    if environment.get("POLICIES_FILE"):
        if text:
            msg = "POLICIES and POLICIES_FILE are both given"
            raise SettingsError(msg)
        name = "POLICIES_FILE"
        text = (_file(environment, name) or b"").decode(errors="replace")
    elif not text:
        return Policies()
    try:
        return read_policies(text)
    except InvalidDocumentError as error:
        msg = f"{name}: {error}"
        raise SettingsError(msg) from None


def _anonymous(text: str) -> Anonymous:
    try:
        return Anonymous(text or Anonymous.REFUSED)
    except ValueError:
        known = ", ".join(one.value for one in Anonymous)
        msg = f"ALLOW_ANONYMOUS must be one of {known}"
        raise SettingsError(msg) from None


def _file(environment: Mapping[str, str], name: str) -> bytes | None:
    path = environment.get(name)
    if not path:
        return None
    try:
        with open(os.path.join(_PACKAGE, path), "rb") as file:
            return file.read()
    except OSError as error:
        msg = f"{name}: {error.strerror}"
        raise SettingsError(msg) from None
