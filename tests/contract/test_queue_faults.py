"""Message Queue fails on purpose, as an unmodified SDK sees it."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.errors import Code
from fakes.faults import Fault, When
from fakes.testing import CloudThread

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

PATIENCE = timedelta(seconds=20)
ENTRIES = [{"Id": "a", "MessageBody": "x"}]


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(SystemClock(), seed=1)) as thread:
        yield thread


@pytest.fixture
def cloud(thread):
    thread.cloud.faults.clear()
    thread.call(thread.cloud.queues.clear)
    return thread.cloud


@pytest.fixture
def sqs(cloud):
    client = boto3.client(
        "sqs",
        endpoint_url=cloud.queues.base_url,
        region_name="ru-central1",
        aws_access_key_id=cloud.key.id,
        aws_secret_access_key=cloud.key.secret,
        config=Config(retries={"max_attempts": 0}),
    )
    yield client
    client.close()


@pytest.fixture
def url(sqs):
    return sqs.create_queue(QueueName="tasks")["QueueUrl"]


def outcome(call, **parameters):
    """Return the status and the code of an error, None if there is none."""
    try:
        call(**parameters)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return status, error.response["Error"]["Code"]
    return None


def bodies(sqs, url):
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [one["Body"] for one in received.get("Messages", [])]


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        (Code.RESOURCE_EXHAUSTED, (403, "ThrottlingException")),
        (Code.UNAVAILABLE, (503, "ServiceUnavailable")),
        (Code.INTERNAL, (500, "InternalFailure")),
        (Code.PERMISSION_DENIED, (400, "AccessDeniedException")),
        (Code.ABORTED, (500, "InternalFailure")),
    ],
)
def test_a_fault_is_a_documented_error(cloud, sqs, url, code, seen):
    """The client sees it as the service would tell it, once."""
    cloud.faults.add(Fault(method="MessageQueue/SendMessage", code=code))
    send = {"QueueUrl": url, "MessageBody": "x"}
    assert outcome(sqs.send_message, **send) == seen
    assert outcome(sqs.send_message, **send) is None


def test_so_many_calls_fail_and_no_others(cloud, sqs, url):
    """The next ones of that action; what comes after them succeeds."""
    fault = Fault(method="SendMessageBatch", code=Code.RESOURCE_EXHAUSTED, times=2)
    cloud.faults.add(fault)
    assert outcome(sqs.send_message, QueueUrl=url, MessageBody="x") is None
    found = [
        outcome(sqs.send_message_batch, QueueUrl=url, Entries=ENTRIES) for _ in range(3)
    ]
    assert found == [(403, "ThrottlingException")] * 2 + [None]


@pytest.mark.parametrize(("when", "sent"), [(When.BEFORE, []), (When.AFTER, ["x"])])
def test_a_fault_strikes_on_either_side_of_the_effect(cloud, sqs, url, when, sent):
    """After it, the message is there, whatever the client was told."""
    cloud.faults.add(
        Fault(method="MessageQueue/SendMessage", when=when, code=Code.UNAVAILABLE)
    )
    assert outcome(sqs.send_message, QueueUrl=url, MessageBody="x") is not None
    assert bodies(sqs, url) == sent


def test_a_receive_that_fails_afterwards_hides_the_message(cloud, sqs, url):
    """As when an answer is lost: nobody has it, and it is in flight."""
    sqs.send_message(QueueUrl=url, MessageBody="x")
    fault = Fault(
        method="MessageQueue/ReceiveMessage", when=When.AFTER, code=Code.INTERNAL
    )
    cloud.faults.add(fault)
    assert outcome(sqs.receive_message, QueueUrl=url) == (500, "InternalFailure")
    assert bodies(sqs, url) == []


def test_a_call_may_be_held(cloud, sqs, url):
    """It ends when it is released, not before, and takes effect."""

    async def story():
        sending = asyncio.create_task(
            asyncio.to_thread(sqs.send_message, QueueUrl=url, MessageBody="x")
        )
        held = await asyncio.to_thread(cloud.faults.wait_until_held, PATIENCE)
        ended = sending.done()
        cloud.faults.release()
        await sending
        return held, ended

    cloud.faults.add(Fault(method="MessageQueue/SendMessage", hold=True))
    assert asyncio.run(story()) == (True, False)
    assert bodies(sqs, url) == ["x"]


def test_a_call_may_take_long(cloud, sqs, url):
    """It succeeds after all."""
    latency = timedelta(milliseconds=50)
    cloud.faults.add(Fault(method="MessageQueue/SendMessage", latency=latency))
    begun = datetime.now(UTC)  # noqa: TID251 - the time it takes is the claim
    assert outcome(sqs.send_message, QueueUrl=url, MessageBody="x") is None
    assert datetime.now(UTC) - begun >= latency  # noqa: TID251 - likewise


def test_what_is_not_authenticated_uses_up_nothing(cloud, sqs, url):
    """A fault waits for a call that would have been served."""
    stranger = boto3.client(
        "sqs",
        endpoint_url=cloud.queues.base_url,
        region_name="ru-central1",
        aws_access_key_id="nobody",
        aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 0}),
    )
    cloud.faults.add(Fault(method="SendMessage", code=Code.INTERNAL))
    send = {"QueueUrl": url, "MessageBody": "x"}
    with contextlib.closing(stranger):
        assert outcome(stranger.send_message, **send)[1] != "InternalFailure"
    assert outcome(sqs.send_message, **send) == (500, "InternalFailure")
