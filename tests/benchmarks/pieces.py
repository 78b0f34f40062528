"""Single pieces: what a signature takes, and how large the package is."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from click.testing import CliRunner

from cli.main import nic
from cli.runtime import Runtime
from functions._sigv4 import StaticKey, sign
from tests.benchmarks.figures import Figure, of_all

_URL = "https://message-queue.api.cloud.yandex.net/b1g0000000/dj600000000/nic-tasks"
_BODY = b"Action=SendMessage&Version=2012-11-05&MessageBody=" + b"x" * 600
_FORM = "application/x-www-form-urlencoded"
_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ROUNDS = 9
_REPEATS = 500


def figures():
    """Yield the times of signatures, ours beside botocore's, and bytes."""
    key, credentials = StaticKey(id="key", secret="secret"), Credentials("key", "x")
    peer = SigV4Auth(credentials, "sqs", "ru-central1")

    def theirs():
        headers = {"Content-Type": _FORM}
        peer.add_auth(AWSRequest("POST", _URL, data=_BODY, headers=headers))

    signers = {
        "botocore": theirs,
        "ours": lambda: sign(key, _URL, _FORM, _BODY, _NOW),
    }
    found = {name: [] for name in signers}
    for _ in range(_ROUNDS):
        for name, signer in signers.items():
            found[name].append(_micros(signer))
    for name, values in found.items():
        yield of_all(values, name=f"a signature: {name}, CPU", unit="µs", digits=1)
    ratio = statistics.median(found["ours"]) / statistics.median(found["botocore"])
    name = "a signature: ours beside botocore"
    yield Figure(name=name, measured=ratio, unit="times")
    name = "bundle, for the platform to build"
    yield Figure(name=name, measured=_size([]) / 1e6, unit="MB", at_most=0.1)
    name = "bundle, with all that is needed"
    vendored = _size(["--vendored", "--runtime", Runtime.running().name])
    yield Figure(name=name, measured=vendored / 1e6, unit="MB", at_most=8.5)


def _micros(work):
    began = time.thread_time()
    for _ in range(_REPEATS):
        work()
    return (time.thread_time() - began) / _REPEATS * 1e6


def _size(options):
    """Return how many bytes `nic bundle` with *options* writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nic-attach.zip"
        arguments = ["bundle", str(file), *options]
        CliRunner().invoke(nic, arguments, catch_exceptions=False)
        return file.stat().st_size
