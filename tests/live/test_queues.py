"""Rules of Message Queue, wherever it is asked."""

import contextlib
import uuid

import pytest
from botocore.exceptions import ClientError

confirms = pytest.mark.confirms
SOON = 20  # seconds of a long poll


@pytest.fixture
def queue(target):
    """A client, and the URL of an empty standard queue; what is sent is deleted."""
    if not target.queue_url:
        pytest.skip("set LIVE_QUEUE_URL, LIVE_QUEUE_KEY_ID and LIVE_QUEUE_KEY_SECRET")
    with contextlib.closing(target.sqs()) as sqs:
        yield Queue(sqs, target.queue_url)


class Queue:
    def __init__(self, sqs, url):
        self.sqs = sqs
        self.url = url

    def send(self):
        """Send a message of its own kind; return its body."""
        body = str(uuid.uuid4())
        self.sqs.send_message(QueueUrl=self.url, MessageBody=body)
        return body

    def receive(self, **wishes):
        """Receive the one message there is, which is a body and a handle."""
        found = self.sqs.receive_message(
            QueueUrl=self.url, WaitTimeSeconds=SOON, **wishes
        )
        [message] = found["Messages"]
        return message["Body"], message["ReceiptHandle"]

    def delete(self, handle):
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=handle)

    def show(self, handle):
        """Let a message be seen again at once."""
        self.sqs.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0
        )


def code_of(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"].rpartition(".")[2]


@confirms("mq.signature", "mq.query", "mq.delete", "mq.visibility.change")
def test_the_newest_handle_deletes(queue):
    """A message comes again when its timeout is ended; then the old handle is void."""
    body = queue.send()
    first, old = queue.receive(VisibilityTimeout=60)
    queue.show(old)
    again, new = queue.receive(VisibilityTimeout=60)
    assert (first, again) == (body, body)
    queue.delete(old)
    queue.show(new)
    last, newest = queue.receive(VisibilityTimeout=60)
    assert last == body
    queue.delete(newest)
    found = queue.sqs.receive_message(QueueUrl=queue.url)
    assert "Messages" not in found


@confirms("mq.long-poll", "mq.visibility")
def test_a_received_message_is_hidden(queue):
    """For as long as was asked for."""
    queue.send()
    _, handle = queue.receive(VisibilityTimeout=600)
    assert "Messages" not in queue.sqs.receive_message(QueueUrl=queue.url)
    queue.delete(handle)


@confirms("mq.receive.ten")
def test_ten_are_received_at_most(queue):
    """And one at least."""
    for number in (0, 11):
        code = code_of(
            queue.sqs.receive_message, QueueUrl=queue.url, MaxNumberOfMessages=number
        )
        assert code == "InvalidParameterValue"


@confirms("mq.delete.code")
def test_an_invented_handle_is_refused(queue):
    """It deletes nothing."""
    code = code_of(queue.sqs.delete_message, QueueUrl=queue.url, ReceiptHandle="x")
    assert code == "ReceiptHandleIsInvalid"


@confirms("mq.delay.bound")
def test_a_delay_has_a_bound(queue):
    """Fifteen minutes."""
    code = code_of(
        queue.sqs.send_message, QueueUrl=queue.url, MessageBody="x", DelaySeconds=901
    )
    assert code == "InvalidParameterValue"


@confirms("mq.batch.ids")
def test_entries_have_ids_of_their_own(queue):
    """Otherwise nothing is sent."""
    code = code_of(
        queue.sqs.send_message_batch,
        QueueUrl=queue.url,
        Entries=[{"Id": "a", "MessageBody": "x"}] * 2,
    )
    assert code == "BatchEntryIdsNotDistinct"


@confirms("mq.signature.code")
def test_a_wrong_secret_is_refused(target, queue):
    """The signature is looked at."""
    with contextlib.closing(target.sqs(secret="wrong")) as sqs:
        code = code_of(sqs.receive_message, QueueUrl=queue.url)
    assert code == "SignatureDoesNotMatch"


@confirms("mq.key.code")
def test_an_unknown_key_is_refused(target, queue):
    """Whatever it signs."""
    with contextlib.closing(target.sqs(key_id="YCAJExxxxxxxxxxxxxxxxxxxx")) as sqs:
        code = code_of(sqs.receive_message, QueueUrl=queue.url)
    assert code == "InvalidClientTokenId"
