"""What a static key may do with Message Queue, as an unmodified SDK sees it."""

import contextlib

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.testing import CloudThread

# The SDK is older than the Pythons that deprecate what it uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")

DENIED = (400, "AccessDeniedException")
# Purged for an account before, less than a minute ago.
PURGING = (403, "AWS.SimpleQueueService.PurgeQueueInProgress")
EVERYTHING = "list attributes create send batch receive purge change"
TEXT = "IAM authorization error."


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(SystemClock(), seed=1)) as thread:
        yield thread


@contextlib.contextmanager
def signed_in(thread, *roles):
    """Yield a client with a key of a new account with *roles*, and the account."""
    iam = thread.cloud.iam
    account = thread.call(iam.create_service_account, "robot", roles)
    key = thread.call(iam.create_access_key, account)
    client = boto3.client(
        "sqs",
        endpoint_url=thread.cloud.queues.base_url,
        region_name="ru-central1",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(retries={"max_attempts": 0}),
    )
    with contextlib.closing(client):
        yield client, account


@pytest.fixture(scope="module")
def url(thread):
    queues = thread.cloud.queues
    queue = thread.call(queues.create, "tasks", thread.cloud.clock.now())
    return queues.url_of(queue)


def outcome(call, **parameters):
    """Return the status and the code of an error, None if there is none."""
    try:
        call(**parameters)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return status, error.response["Error"]["Code"]
    return None


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ((), ""),
        (("compute.admin", "vpc.admin"), ""),
        (("viewer",), "list attributes"),
        (("ymq.reader",), "list attributes receive purge"),
        (("ymq.writer",), "list attributes create send batch"),
        (("ymq.reader", "ymq.writer"), EVERYTHING.removesuffix(" change")),
        (("ymq.admin",), EVERYTHING),
        (("editor",), EVERYTHING),
    ],
)
def test_a_role_opens_its_actions(thread, url, roles, allowed):
    """A missing right is HTTP 400, as documented; a batch is as one message."""
    batch = [{"Id": "a", "MessageBody": "x"}]
    change = {"VisibilityTimeout": "30"}
    with signed_in(thread, *roles) as (sqs, _):
        outcomes = {
            "list": outcome(sqs.list_queues),
            "attributes": outcome(sqs.get_queue_attributes, QueueUrl=url),
            "create": outcome(sqs.create_queue, QueueName="tasks"),
            "send": outcome(sqs.send_message, QueueUrl=url, MessageBody="x"),
            "batch": outcome(sqs.send_message_batch, QueueUrl=url, Entries=batch),
            "receive": outcome(sqs.receive_message, QueueUrl=url),
            "purge": outcome(sqs.purge_queue, QueueUrl=url),
            "change": outcome(
                sqs.set_queue_attributes, QueueUrl=url, Attributes=change
            ),
        }
    denied = {name for name, found in outcomes.items() if found == DENIED}
    assert denied == set(EVERYTHING.split()) - set(allowed.split())
    others = {found for found in outcomes.values() if found != DENIED}
    assert others <= {None, PURGING}


def test_what_is_denied_tells_nothing_of_the_queue(thread):
    """Neither whether it exists, nor what else is wrong with the call."""
    with signed_in(thread) as (sqs, _), pytest.raises(ClientError) as refused:
        sqs.send_message(QueueUrl="http://nowhere/a/b/c", MessageBody="")
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("AccessDeniedException", TEXT)


def test_the_report_tells_of_keys_too(thread, url):
    """What was signed with a key is what its account did."""
    with signed_in(thread, "ymq.admin") as (sqs, account):
        for _ in range(2):
            sqs.send_message(QueueUrl=url, MessageBody="x")
    found = next(
        one for one in thread.call(thread.cloud.iam.report) if one.subject == account
    )
    assert found.used == {"ymq.messages.send": 2}
    assert found.enough == ("ymq.writer",)
