"""No protocol answers before the file has what it tells."""

import contextlib
import json
import urllib.request

import boto3
import grpc
import pytest
from botocore.config import Config
from yandex.cloud.vpc.v1.network_service_pb2 import CreateNetworkRequest
from yandex.cloud.vpc.v1.network_service_pb2_grpc import NetworkServiceStub

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.errors import Code
from fakes.estate import new_estate
from fakes.faults import Fault, When
from fakes.state import KeptEstates, StateFile
from fakes.testing import CloudThread
from tests.unit.twins import resume

# A client that is older than what deprecates it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")
TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token"


class City:
    """A cloud in a thread, kept in a file to which nothing but answers writes."""

    def __init__(self, path):
        self._path = path
        self.thread = CloudThread(self._make)

    @property
    def cloud(self):
        return self.thread.cloud

    def network(self, name):
        return CreateNetworkRequest(folder_id=self.cloud.world.folder_id, name=name)

    @contextlib.contextmanager
    def after_death(self):
        """Yield an estate with what the file has, as if the process had died."""
        self.thread.call(self._file._file.close)
        file = StateFile(self._path)
        yield KeptEstates(file, new_estate, resume)(None)
        file.close()

    def _make(self):
        self._file = StateFile(self._path)
        estates = KeptEstates(self._file, new_estate, resume)
        return LocalCloud(SystemClock(), make=estates)


@pytest.fixture
def city(tmp_path):
    city = City(tmp_path / "state")
    with city.thread:
        yield city


def posted(url, body, token):
    headers = {"authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - ours
        return json.loads(answer.read())


def names(estate):
    """Return what networks there will be once all operations have ended."""
    running = [one.plan.after for one in estate.compute._ledger.running()]
    return {one.name for one in (*estate.world.networks, *running)}


def test_grpc(city):
    """An operation that began."""
    with grpc.insecure_channel(f"localhost:{city.cloud.rpc.plain_port}") as channel:
        NetworkServiceStub(channel).Create(city.network("one"))
    with city.after_death() as estate:
        assert "one" in names(estate)


def test_grpc_where_the_answer_is_an_error(city):
    """That took effect all the same."""
    fault = Fault(method="Create", when=When.AFTER, code=Code.UNAVAILABLE)
    city.thread.call(city.cloud.faults.add, fault)
    address = f"localhost:{city.cloud.rpc.plain_port}"
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError):
        NetworkServiceStub(channel).Create(city.network("one"))
    with city.after_death() as estate:
        assert "one" in names(estate)


def test_rest_and_the_metadata_service(city):
    """An operation that began, and the token with which it was asked for."""
    request = urllib.request.Request(
        f"http://{city.cloud.metadata_address}{TOKEN}",
        headers={"metadata-flavor": "Google"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - ours
        token = json.loads(answer.read())["access_token"]
    body = {"folderId": city.cloud.world.folder_id, "name": "one"}
    posted(f"{city.cloud.rest_url}/vpc/v1/networks", body, token)
    with city.after_death() as estate:
        assert "one" in names(estate)
        assert estate.iam.authenticate(f"Bearer {token}", SystemClock().now())


def test_message_queue(city):
    """Messages: one that is there, one that is hidden, and one that is gone."""
    client = boto3.client(
        "sqs",
        endpoint_url=city.cloud.queues.base_url,
        region_name="ru-central1",
        aws_access_key_id=city.cloud.key.id,
        aws_secret_access_key=city.cloud.key.secret,
        config=Config(retries={"max_attempts": 0}),
    )
    url = client.create_queue(QueueName="orders")["QueueUrl"]
    for body in ("a", "b", "c"):
        client.send_message(QueueUrl=url, MessageBody=body)
    for _ in range(2):
        [taken] = client.receive_message(QueueUrl=url)["Messages"]
    client.delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])
    client.close()
    with city.after_death() as estate:
        queue = estate.queues.by_name("orders")
        assert list(queue.counters(SystemClock().now()).values()) == [1, 0, 1]


def test_a_key_for_whoever_runs_the_cloud(city):
    """It signs in after a death."""
    key = city.thread.call(city.cloud.service_account_key)
    with city.after_death() as estate:
        assert key["id"] in estate.iam._keys


def test_a_token_for_whoever_runs_the_cloud(city):
    """It is good after a death."""
    token = city.thread.call(city.cloud.token)
    with city.after_death() as estate:
        assert estate.iam.authenticate(f"Bearer {token.value}", SystemClock().now())


def test_a_cloud_that_is_cleared_is_cleared_in_its_file(city):
    """What was there is not there after a death, either; what came since is."""
    old = city.cloud.world.folder_id
    city.thread.call(city.cloud.token)
    city.thread.run(city.cloud.clear(5))
    token = city.thread.call(city.cloud.token)
    with city.after_death() as estate:
        assert estate.world.folder_id not in {old, ""}
        assert list(estate.iam._tokens) == [token.value]
