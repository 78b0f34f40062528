"""Queues by name, URL and ARN; dead letters between them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fakes.chance import Chance
from fakes.queue import Limits, MessageQueue, NewMessage, QueueError, Refusal

T0 = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DEAD_ARN = "yrn:yc:ymq:ru-central1:b1gfolder:dead"


@pytest.fixture
def service():
    made = MessageQueue(folder_id="b1gfolder", cloud_id="b1gcloud", chance=Chance(1))
    made.base_url = "http://127.0.0.1:1"
    return made


def redrive(count=2, arn=DEAD_ARN):
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": count}
    return {"RedrivePolicy": json.dumps(policy)}


def refusal(call, *arguments):
    with pytest.raises(QueueError) as caught:
        call(*arguments)
    return caught.value.refusal


def test_finds_a_queue_by_all_its_names(service):
    """Name, URL (whatever its host) and ARN lead to the same queue."""
    queue = service.create("tasks", T0)
    url = service.url_of(queue)
    assert url == f"http://127.0.0.1:1/b1gcloud/{queue.queue_id}/tasks"
    assert queue.arn == "yrn:yc:ymq:ru-central1:b1gfolder:tasks"
    assert queue.queue_id.startswith("dj6")
    elsewhere = url.replace("127.0.0.1", "localhost")
    found = (
        service.by_name("tasks"),
        service.by_url(elsewhere),
        service.by_arn(queue.arn),
    )
    assert found == (queue,) * 3


@pytest.mark.parametrize("find", ["by_name", "by_url", "by_arn"])
@pytest.mark.parametrize("name", ["", "tasks", "http://[", "/b1gcloud/x/tasks"])
def test_finds_no_other(service, find, name):
    """What does not exist is refused under every kind of name."""
    assert refusal(getattr(service, find), name) is Refusal.NON_EXISTENT_QUEUE


def test_creating_again_is_idempotent(service):
    """The same attributes, or none, give the same queue; others are refused."""
    wanted = {"DelaySeconds": "5", "ContentBasedDeduplication": "false"}
    queue = service.create("tasks", T0, wanted)
    assert service.create("tasks", T0, wanted) is queue
    assert service.create("tasks", T0) is queue
    other = ("tasks", T0, {"DelaySeconds": "6"})
    assert refusal(service.create, *other) is Refusal.QUEUE_ALREADY_EXISTS


@pytest.mark.parametrize("name", ["", "a b", "ä", "a/b", "a" * 81, "a\n"])
def test_refuses_bad_names(service, name):
    """A name is 1 to 80 letters, digits, hyphens and underscores."""
    assert refusal(service.create, name, T0) is Refusal.INVALID_PARAMETER_VALUE


@pytest.mark.parametrize(
    "attributes",
    [
        {"DelaySeconds": "901"},
        {"DelaySeconds": "-1"},
        {"DelaySeconds": "1.5"},
        {"DelaySeconds": ""},
        {"DelaySeconds": "٣"},
        {"DelaySeconds": "9" * 5000},
        {"MaximumMessageSize": "1023"},
        {"MaximumMessageSize": "262145"},
        {"MessageRetentionPeriod": "59"},
        {"MessageRetentionPeriod": "1209601"},
        {"ReceiveMessageWaitTimeSeconds": "21"},
        {"VisibilityTimeout": "43201"},
        {"RedrivePolicy": "nothing"},
        {"RedrivePolicy": "[]"},
        {"RedrivePolicy": '{"maxReceiveCount": 1}'},
        {"RedrivePolicy": "[" * 100_000},
        redrive(0),
        redrive(1001),
        redrive(arn="elsewhere"),
        redrive(arn="yrn:yc:ymq:ru-central1:b1gfolder:tasks"),
    ],
)
def test_refuses_attributes_out_of_bounds(service, attributes):
    """No queue gets an attribute outside the documented bounds."""
    service.create("dead", T0)
    refused = refusal(service.create, "tasks", T0, attributes)
    assert refused is Refusal.INVALID_PARAMETER_VALUE
    assert [queue.name for queue in service.queues()] == ["dead"]


def test_refuses_unknown_attributes(service):
    """Attributes that the service does not have, or not to set, are refused."""
    for name in ("KmsMasterKeyId", "QueueArn", "delayseconds", ""):
        refused = refusal(service.create, "tasks", T0, {name: "1"})
        assert refused is Refusal.INVALID_ATTRIBUTE_NAME


def test_attributes_return_as_they_were_set(service):
    """Every attribute that can be set is shown as it was set."""
    service.create("dead", T0)
    attributes = {
        "DelaySeconds": "900",
        "MaximumMessageSize": "1024",
        "MessageRetentionPeriod": "1209600",
        "ReceiveMessageWaitTimeSeconds": "20",
        "VisibilityTimeout": "43200",
        "RedrivePolicy": f'{{"deadLetterTargetArn":"{DEAD_ARN}","maxReceiveCount":3}}',
    }
    queue = service.create("tasks", T0)
    service.set_attributes(queue, attributes, T0 + SECOND)
    assert queue.attributes.render() == attributes
    assert queue.modified_at == T0 + SECOND
    service.set_attributes(queue, {"RedrivePolicy": ""}, T0)
    assert queue.attributes.redrive is None


def test_lists_by_prefix(service):
    """Queues are listed by name, those with the prefix only."""
    for name in ("b2", "a1", "b1"):
        service.create(name, T0)
    assert [queue.name for queue in service.queues("b")] == ["b1", "b2"]


def test_limits_the_number_of_queues():
    """One queue more than the cloud may have is refused."""
    service = MessageQueue(
        folder_id="f", cloud_id="c", chance=Chance(1), bounds=Limits(queues=1)
    )
    service.create("a", T0)
    assert refusal(service.create, "b", T0) is Refusal.OVER_LIMIT


def test_a_deleted_name_rests_for_a_minute(service):
    """A name is free again 60 seconds after deletion, for another queue."""
    old = service.create("tasks", T0)
    service.delete(service.url_of(old), T0)
    service.delete(service.url_of(old), T0)
    assert refusal(service.by_arn, old.arn) is Refusal.NON_EXISTENT_QUEUE
    early = ("tasks", T0 + 59 * SECOND)
    assert refusal(service.create, *early) is Refusal.QUEUE_DELETED_RECENTLY
    new = service.create("tasks", T0 + 60 * SECOND)
    assert service.url_of(new) != service.url_of(old)


def test_clearing_forgets_everything(service):
    """After clearing there is no queue, and no name that rests."""
    service.delete(service.url_of(service.create("tasks", T0)), T0)
    service.clear()
    assert service.queues() == []
    service.create("tasks", T0)


def test_buries_what_is_received_too_often(service):
    """When its receive count would exceed maxReceiveCount, a message moves to the
    dead-letter queue, under the same id, counted anew, and wakes who waits there.
    """
    dead = service.create("dead", T0)
    queue = service.create("tasks", T0, {"VisibilityTimeout": "1", **redrive(2)})
    sent = queue.send(NewMessage(body="x"), T0)
    arrivals = []
    dead.watch(lambda: arrivals.append("dead"))
    assert queue.receive(T0)
    assert queue.receive(T0 + SECOND)
    assert queue.receive(T0 + 2 * SECOND) == []
    assert arrivals == ["dead"]
    (buried,) = dead.receive(T0 + 2 * SECOND)
    assert buried.message_id == sent.message_id
    assert buried.attributes["ApproximateReceiveCount"] == "1"
    assert buried.attributes["SentTimestamp"] == "1769860800000"


def test_burying_does_not_use_up_a_receive(service):
    """A receive that buries one message still hands out the next."""
    service.create("dead", T0)
    queue = service.create("tasks", T0, {"VisibilityTimeout": "0", **redrive("1")})
    queue.send(NewMessage(body="old"), T0)
    queue.receive(T0)
    queue.send(NewMessage(body="new"), T0)
    assert [message.body for message in queue.receive(T0, 10)] == ["new"]


def test_without_a_dead_letter_queue_nothing_is_buried(service):
    """Once the dead-letter queue is deleted, messages go on being handed out."""
    dead = service.create("dead", T0)
    queue = service.create("tasks", T0, {"VisibilityTimeout": "0", **redrive(1)})
    queue.send(NewMessage(body="x"), T0)
    service.delete(service.url_of(dead), T0)
    assert [len(queue.receive(T0)) for _ in range(3)] == [1, 1, 1]


def test_watching_can_end(service):
    """A watcher hears of sends until it ends the watch."""
    queue = service.create("tasks", T0)
    heard = []
    unwatch = queue.watch(lambda: heard.append(1))
    queue.send(NewMessage(body="x"), T0)
    unwatch()
    unwatch()
    queue.send(NewMessage(body="x"), T0)
    assert heard == [1]
