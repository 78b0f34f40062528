"""`nic cloud` as a process that can be killed, and a client that keeps accounts."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from itertools import islice

import boto3
import grpc
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest
from yandex.cloud.operation.operation_service_pb2_grpc import OperationServiceStub
from yandex.cloud.vpc.v1.network_service_pb2 import (
    CreateNetworkRequest,
    ListNetworksRequest,
)
from yandex.cloud.vpc.v1.network_service_pb2_grpc import NetworkServiceStub

COMMAND = (sys.executable, "-c", "from cli.main import nic; nic()", "cloud")
PATIENCE = 30
HIDDEN = 3600  # seconds, longer than any test
# Half an answer is none.
NO_ANSWER = (BotoCoreError, ClientError, ResponseParserError, grpc.RpcError)


@contextlib.contextmanager
def started(*arguments, folder):
    """Yield a process that is ready, and its endpoints; it is killed in the end."""
    file = folder / "endpoints.json"
    # Who is killed leaves temporary files.
    command = ["env", f"TMPDIR={folder}", *COMMAND, "--endpoints", str(file)]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        try:
            lines = []
            for line in islice(process.stdout, 30):
                lines.append(line)
                if line.startswith("ready"):
                    break
            process.announced = "".join(lines)
            assert "ready" in process.announced, process.stderr.read()
            yield process, json.loads(file.read_text())
        finally:
            impatience.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.communicate(timeout=PATIENCE)


def sqs_client(endpoints):
    return boto3.client(
        "sqs",
        endpoint_url=endpoints["queue"],
        region_name="ru-central1",
        aws_access_key_id=endpoints["access_key_id"],
        aws_secret_access_key=endpoints["secret_access_key"],
        config=Config(retries={"max_attempts": 0}),
    )


class Client:
    """Sends, receives, deletes and creates, and notes what it was answered.

    Attributes:
        answered: How many calls were.
        sent: The ids of messages that were taken in.
        received: Their receipt handles, by their ids.
        deleted: The ids of those whose deletion was answered.
        operations: Key and answer of everything begun, by its id.
    """

    def __init__(self):
        self.answered = 0
        self.sent, self.deleted = set(), set()
        self.received, self.operations = {}, {}
        self._enough = (0, threading.Event())

    def expect(self, answers):
        """Return an event that is set once there were so many more answers."""
        self._enough = (self.answered + answers, threading.Event())
        return self._enough[1]

    def _count(self):
        self.answered += 1
        if self.answered == self._enough[0]:
            self._enough[1].set()

    def connect(self, endpoints):
        """Talk to a cloud that has just begun."""
        self.folder_id = endpoints["folder_id"]
        self.sqs = sqs_client(endpoints)
        self.channel = grpc.insecure_channel(endpoints["grpc_plaintext"])
        self.token = [("authorization", f"Bearer {endpoints['iam_token']}")]
        self.networks = NetworkServiceStub(self.channel)
        self.lookup = OperationServiceStub(self.channel)
        self.url = self.sqs.create_queue(QueueName="orders")["QueueUrl"]

    def hang_up(self):
        self.sqs.close()
        self.channel.close()

    def work(self):
        """Call until nobody answers any more."""
        with contextlib.suppress(*NO_ANSWER):
            while True:
                self._send()
                self._create(str(uuid.uuid4()))
                self._send()
                self._receive()
                self._delete()

    def _send(self):
        body = f"number {self.answered}"
        sent = self.sqs.send_message(QueueUrl=self.url, MessageBody=body)
        self.sent.add(sent["MessageId"])
        self._count()

    def _receive(self):
        got = self.sqs.receive_message(QueueUrl=self.url, VisibilityTimeout=HIDDEN)
        for one in got.get("Messages", []):
            assert one["MessageId"] not in self.received, "it was hidden"
            self.received[one["MessageId"]] = one["ReceiptHandle"]
        self._count()

    def _delete(self):
        for one in sorted(set(self.received) - self.deleted)[:1]:
            receipt = self.received[one]
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)
            self.deleted.add(one)
            self._count()

    def _create(self, key):
        request = CreateNetworkRequest(
            folder_id=self.folder_id, name=f"n-{len(self.operations)}-{key[:8]}"
        )
        answer = self.begin(key, request)
        self.operations[answer.id] = (key, request, answer)
        self._count()

    def begin(self, key, request):
        metadata = [*self.token, ("idempotency-key", key)]
        return self.networks.Create(request, metadata=metadata, timeout=PATIENCE)

    def operation(self, operation_id):
        request = GetOperationRequest(operation_id=operation_id)
        return self.lookup.Get(request, metadata=self.token, timeout=PATIENCE)

    def wait_for_operations(self):
        """Return once all are done."""
        late = datetime.now(UTC) + timedelta(seconds=PATIENCE)  # noqa: TID251 - of a process
        for one in self.operations:
            while not self.operation(one).done:
                assert datetime.now(UTC) < late  # noqa: TID251 - of a process

    def network_names(self):
        request = ListNetworksRequest(folder_id=self.folder_id, page_size=1000)
        found = self.networks.List(request, metadata=self.token, timeout=PATIENCE)
        return {one.name for one in found.networks}

    def messages_left(self):
        """Return the ids of all that is visible."""
        found = set()
        while got := self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=HIDDEN
        ).get("Messages"):
            found |= {one["MessageId"] for one in got}
        return found
