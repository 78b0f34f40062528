"""`nic cloud` is a cloud of its own: a process that unmodified clients talk to."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path

import boto3
import pytest
import yandexcloud
from botocore.config import Config
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    GetInstanceRequest,
    ListInstancesRequest,
)
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from cli.customer import Customer

COMMAND = (sys.executable, "-c", "from cli.main import nic; nic()", "cloud")
PATIENCE = 30
ZONES = {"ru-central1-a", "ru-central1-b", "ru-central1-d"}
OPTIONS = tuple(
    f"--{name}-port" for name in ("grpc", "grpc-plaintext", "rest", "queue", "metadata")
)
TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token"
# Clients that are older than what deprecates them.
old = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")
waits = pytest.mark.filterwarnings(
    "ignore:Call to deprecated class RetryInterceptor:DeprecationWarning"
)


def announcement(process):
    """Read lines until it is ready; return them, or too many, or too few."""
    lines = []
    for line in islice(process.stdout, 20):
        lines.append(line)
        if line.startswith("ready"):
            break
    return "".join(lines)


@contextlib.contextmanager
def started(*arguments):
    """Yield a process that is ready, and end it if the test did not."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        try:
            process.announced = announcement(process)
            assert "\nready" in process.announced, process.stderr.read()
            yield process
        finally:
            impatience.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=PATIENCE)


def refused(*arguments):
    """Return how a process ended that could not begin, and what it said."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*COMMAND, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="module", autouse=True)
def _running(folder):
    """One cloud for all tests that only look."""
    options = ("--service-account-key", folder / "key.json", "--seed", "1")
    with started("--endpoints", folder / "endpoints.json", *options):
        yield


@pytest.fixture
def endpoints(folder):
    return json.loads((folder / "endpoints.json").read_text())


@pytest.fixture
def roots(endpoints):
    return Path(endpoints["ca_file"]).read_bytes()


@pytest.fixture
def sqs(endpoints):
    client = boto3.client(
        "sqs",
        endpoint_url=endpoints["queue"],
        region_name="ru-central1",
        aws_access_key_id=endpoints["access_key_id"],
        aws_secret_access_key=endpoints["secret_access_key"],
        config=Config(retries={"max_attempts": 0}),
    )
    yield client
    client.close()


def free_ports():
    """Return ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in OPTIONS
        ]
        return [one.getsockname()[1] for one in sockets]


def test_the_endpoints_are_complete(endpoints):
    """All that a client needs is in the file, subnets by zone."""
    assert set(endpoints) == {
        *("grpc", "grpc_plaintext", "rest", "queue", "metadata", "ca_file"),
        *("iam_token", "access_key_id", "secret_access_key", "folder_id", "subnets"),
        *("security_group_id", "functions", "admin"),
    }
    assert set(endpoints["subnets"]) == ZONES


@pytest.mark.parametrize("name", ["endpoints.json", "key.json"])
def test_secrets_are_their_owners_alone(folder, name):
    """Nobody else on this machine may read the files with keys and tokens."""
    assert (folder / name).stat().st_mode & 0o777 == 0o600


@waits
def test_the_sdk_creates_an_instance(endpoints, roots):
    """The SDK's own waiter follows the operation until the instance runs."""
    customer = Customer(endpoints, roots)
    instance = customer.create_instance("web-1", "ru-central1-a", {"nic": "mgmt"})
    sdk = yandexcloud.SDK(
        iam_token=endpoints["iam_token"],
        endpoint=endpoints["grpc"],
        root_certificates=roots,
    )
    request = GetInstanceRequest(instance_id=instance.id)
    found = sdk.client(InstanceServiceStub).Get(request)
    assert (found.name, found.status) == ("web-1", Instance.Status.RUNNING)


# From Python 3.12 on, how the SDK itself makes the times of its JWT is deprecated.
@pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")
def test_the_key_file_signs_in(folder, endpoints, roots):
    """The SDK exchanges the authorized key for a token that works."""
    sdk = yandexcloud.SDK(
        service_account_key=json.loads((folder / "key.json").read_text()),
        endpoint=endpoints["grpc"],
        root_certificates=roots,
    )
    request = ListInstancesRequest(folder_id=endpoints["folder_id"])
    found = sdk.client(InstanceServiceStub).List(request)
    assert found.next_page_token == ""


@old
def test_an_sqs_client_sends_and_receives(sqs):
    """The static key signs; what was sent is received."""
    url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=url, MessageBody="ы")
    [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "ы")


def test_metadata_hands_out_a_token(endpoints):
    """As inside a function: plain HTTP, one header."""
    connection = http.client.HTTPConnection(endpoints["metadata"], timeout=PATIENCE)
    connection.request("GET", TOKEN, headers={"Metadata-Flavor": "Google"})
    token = json.loads(connection.getresponse().read())
    connection.close()
    assert token["access_token"].startswith("t1.")
    assert token["expires_in"] > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it(tmp_path, number):
    """With success and a word, without a file left, while a client is connected."""
    file = tmp_path / "endpoints.json"
    with started("--endpoints", file) as process:
        host, port = json.loads(file.read_text())["metadata"].split(":")
        with socket.create_connection((host, int(port))):
            process.send_signal(number)
            said, complaints = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said, complaints) == (0, "stopped\n", "")
    assert list(tmp_path.iterdir()) == []


def test_given_ports_are_used(tmp_path):
    """All five, as the file of endpoints tells."""
    file, ports = tmp_path / "endpoints.json", free_ports()
    options = [one for pair in zip(OPTIONS, ports, strict=True) for one in pair]
    with started("--endpoints", file, *options):
        told = json.loads(file.read_text())
    names = ("grpc", "grpc_plaintext", "rest", "queue", "metadata")
    assert [int(told[name].rsplit(":", 1)[1]) for name in names] == ports


def test_without_a_file_it_tells_where_it_is():
    """The announcement says how to get the rest."""
    with started() as process:
        assert "with --endpoints FILE\n" in process.announced


@pytest.mark.parametrize("option", OPTIONS)
def test_a_port_that_is_taken_is_named(option):
    """One line says which it is; nothing else is printed."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        expected = f"Error: cannot listen on port {port}: Address already in use\n"
        assert refused(option, port) == (1, "", expected)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    """One line says which, and the cloud does not run without it."""
    file = tmp_path / "nowhere" / "endpoints.json"
    code, said, complaint = refused("--endpoints", file)
    assert (code, said, complaint.count("\n")) == (1, "", 1)
    assert str(file) in complaint
