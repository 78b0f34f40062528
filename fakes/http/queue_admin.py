"""The actions on queues.

(yandex-cloud/docs: en/message-queue/api-ref/queue/)
"""

from typing import Final

from fakes.http.queue_answer import Answer, present
from fakes.http.queue_call import Action, Call
from fakes.http.queue_form import named_values, required, values
from fakes.queue.errors import Refusal, refuse
from fakes.queue.queue import Queue
from fakes.queue.tags import tagged, untagged

_MOST_LISTED: Final = 1000
_ATTRIBUTES: Final = frozenset(
    {
        "All",
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
        "ContentBasedDeduplication",
        "CreatedTimestamp",
        "DelaySeconds",
        "FifoQueue",
        "LastModifiedTimestamp",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "QueueArn",
        "ReceiveMessageWaitTimeSeconds",
        "RedrivePolicy",
        "VisibilityTimeout",
    }
)


def create_queue(call: Call) -> Answer:
    """Create a queue, or return the one that is there."""
    queue = call.service.create(
        required(call.form, "QueueName"),
        call.now,
        named_values(call.form, "Attribute"),
        named_values(call.form, "Tag", "Key"),
    )
    return {"QueueUrl": call.service.url_of(queue)}


def get_queue_url(call: Call) -> Answer:
    """Find a queue by its name; whose it is, is documented as ignored."""
    queue = call.service.by_name(required(call.form, "QueueName"))
    return {"QueueUrl": call.service.url_of(call.known(queue))}


def list_queues(call: Call) -> Answer:
    """List queues, by name, without pages: there are at most 1000."""
    service = call.service
    found = [
        service.url_of(queue)
        for queue in service.queues(call.form.get("QueueNamePrefix", ""))
        if service.newcomers.is_known(queue.queue_id, call.now)
    ]
    return present(QueueUrls=found[:_MOST_LISTED])


def delete_queue(call: Call) -> None:
    """Delete a queue; one that does not exist is no error, as documented."""
    call.service.delete(call.queue_url(), call.now)


def get_queue_attributes(call: Call) -> Answer:
    """Return the attributes asked for: none unless some are named."""
    queue = call.queue()
    wanted = set(values(call.form, "AttributeName"))
    if unknown := wanted - _ATTRIBUTES:
        msg = f"There is no attribute {min(unknown)[:100]!r}."
        refuse(Refusal.INVALID_ATTRIBUTE_NAME, msg)
    shown = {
        name: value
        for name, value in sorted(_attributes(queue, call).items())
        if name in wanted or "All" in wanted
    }
    return present(Attributes=shown)


def set_queue_attributes(call: Call) -> None:
    """Change the attributes given."""
    queue = call.queue()
    wire = named_values(call.form, "Attribute")
    if not wire:
        refuse(Refusal.MISSING_PARAMETER, "The parameter Attribute.1.Name is missing.")
    call.service.set_attributes(queue, wire, call.now)


def purge_queue(call: Call) -> None:
    """Delete every message."""
    call.service.purge(call.queue(), call.now)


def tag_queue(call: Call) -> None:
    """Give a queue tags, which replace those of the same key."""
    queue = call.queue()
    new = named_values(call.form, "Tag", "Key")
    if not new:
        refuse(Refusal.MISSING_PARAMETER, "The parameter Tag.1.Key is missing.")
    call.service.set_tags(queue, tagged(queue.tags, new, queue.bounds))


def untag_queue(call: Call) -> None:
    """Take tags from a queue; one that it does not have is no error."""
    queue = call.queue()
    keys = values(call.form, "TagKey")
    if not keys:
        refuse(Refusal.MISSING_PARAMETER, "The parameter TagKey.1 is missing.")
    call.service.set_tags(queue, untagged(queue.tags, keys))


def list_queue_tags(call: Call) -> Answer:
    """Return the tags of a queue."""
    return present(Tags=dict(sorted(call.queue().tags.items())))


def _attributes(queue: Queue, call: Call) -> dict[str, str]:
    counters = queue.counters(call.now)
    return {
        **queue.attributes.render(),
        **{name: str(count) for name, count in counters.items()},
        "CreatedTimestamp": str(int(queue.created_at.timestamp())),
        "LastModifiedTimestamp": str(int(queue.modified_at.timestamp())),
        "QueueArn": queue.arn,
    }


ACTIONS: Final[dict[str, Action]] = {
    "CreateQueue": create_queue,
    "DeleteQueue": delete_queue,
    "GetQueueAttributes": get_queue_attributes,
    "GetQueueUrl": get_queue_url,
    "ListQueueTags": list_queue_tags,
    "ListQueues": list_queues,
    "PurgeQueue": purge_queue,
    "SetQueueAttributes": set_queue_attributes,
    "TagQueue": tag_queue,
    "UntagQueue": untag_queue,
}
