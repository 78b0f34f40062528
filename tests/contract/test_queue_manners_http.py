"""Bad manners and full queues, as clients of either protocol meet them."""

import contextlib
from datetime import timedelta

import pytest

from fakes.queue import Limits
from tests.contract.queue_clients import PROTOCOLS, bodies, code, make_client, receive
from tests.contract.queue_server import serving

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore"),
    pytest.mark.parametrize("protocol", PROTOCOLS),
]


@pytest.fixture
def connected(protocol, tmp_path):
    """Return what serves with some manners, and yields a service and its client."""

    @contextlib.contextmanager
    def connect(**how):
        with serving(json_protocol=True, **how) as service:
            sqs = make_client(service, protocol, tmp_path)
            with contextlib.closing(sqs):
                yield service, sqs

    return connect


def test_a_short_poll_may_be_in_vain_and_a_long_one_is_not(connected):
    """A client that does not wait finds nothing, though something is there."""
    with connected(empty_polls=1) as (_, sqs):
        url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert receive(sqs, url) == []
        assert receive(sqs, url, WaitTimeSeconds=0) == []
        assert bodies(receive(sqs, url, WaitTimeSeconds=1)) == ["x"]


def test_a_queue_that_waits_by_itself_polls_long(connected):
    """It is the queue's own patience where the client has none."""
    attributes = {"ReceiveMessageWaitTimeSeconds": "1"}
    with connected(empty_polls=1) as (_, sqs):
        created = sqs.create_queue(QueueName="tasks", Attributes=attributes)
        url = created["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert bodies(receive(sqs, url)) == ["x"]


def test_a_message_may_come_after_it_was_deleted(connected):
    """It is the same message, by its id."""
    with connected(duplicates=1) as (_, sqs):
        url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        sent = sqs.send_message(QueueUrl=url, MessageBody="x")["MessageId"]
        for _ in range(2):
            (message,) = receive(sqs, url)
            assert message["MessageId"] == sent
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_too_many_calls_are_throttled(connected):
    """As documented with status 403; the queue of others is not."""
    with connected(rates=True, bounds=Limits(calls=1)) as (_, sqs):
        url, other = (
            sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("a", "b")
        )
        send = {"QueueUrl": url, "MessageBody": "x"}
        sqs.send_message(**send)
        refused = {code(sqs.send_message, **send) for _ in range(3)}
        assert refused == {"ThrottlingException"}
        sqs.send_message(QueueUrl=other, MessageBody="x")


def test_a_new_queue_is_refused_until_it_is_known(connected):
    """Its creator has its URL, and nobody can use it yet; nor is it listed."""
    with connected(settling=timedelta(days=30)) as (_, sqs):
        url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        refused = {
            code(call, **parameters)
            for _ in range(20)
            for call, parameters in (
                (sqs.send_message, {"QueueUrl": url, "MessageBody": "x"}),
                (sqs.get_queue_url, {"QueueName": "tasks"}),
            )
        }
        assert refused == {
            "AWS.SimpleQueueService.NonExistentQueue",
            "AccessDeniedException",
        }
        assert "QueueUrls" not in sqs.list_queues()
        assert sqs.create_queue(QueueName="tasks")["QueueUrl"] == url


def test_too_many_messages_in_flight_are_over_the_limit(connected):
    """A receive is refused until something is deleted."""
    with connected(bounds=Limits(in_flight=2)) as (_, sqs):
        url = sqs.create_queue(QueueName="tasks")["QueueUrl"]
        for body in "abc":
            sqs.send_message(QueueUrl=url, MessageBody=body)
        first, _ = receive(sqs, url, MaxNumberOfMessages=10)
        assert code(sqs.receive_message, QueueUrl=url) == "OverLimit"
        sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        assert bodies(receive(sqs, url)) == ["c"]
