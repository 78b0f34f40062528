"""`nic cloud` for the SQS clients of today, which speak JSON alone."""

import contextlib
import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from tests.contract.queue_clients import code, make_client

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

COMMAND = (sys.executable, "-c", "from cli.main import nic; nic()", "cloud")
PATIENCE = 30


@contextlib.contextmanager
def cloud(folder, *options):
    """Yield a client that speaks JSON with a cloud of its own."""
    endpoints = folder / "endpoints.json"
    with subprocess.Popen(  # noqa: S603 - our own program
        [*COMMAND, "--endpoints", str(endpoints), *options],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        try:
            assert any(line.startswith("ready") for line in process.stdout)
            told = json.loads(endpoints.read_text())
            sqs = make_client(
                SimpleNamespace(base_url=told["queue"]),
                "json",
                folder / "sdk",
                told["access_key_id"],
                told["secret_access_key"],
            )
            with contextlib.closing(sqs):
                yield sqs
        finally:
            impatience.cancel()
            process.terminate()
            process.communicate(timeout=PATIENCE)


def test_speaks_json_if_asked_to(tmp_path):
    """With --json-protocol a message is sent and received."""
    with cloud(tmp_path, "--json-protocol") as sqs:
        url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="ы")
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "ы"


def test_is_as_strict_as_documented_otherwise(tmp_path):
    """Without it such a client is refused here, as it is to be expected there."""
    with cloud(tmp_path) as sqs:
        assert code(sqs.list_queues) == "400"
