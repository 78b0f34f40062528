"""Looks into queues without harm: counts, and what they say about an instance.

Whoever receives from a queue with a redrive policy brings its messages nearer
to the dead letters, so such a queue is only counted unless that is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from cli.consumer import Message, watch
from cli.printing import show_time
from events.cause import Cause
from events.consuming import read_outcome
from events.envelope import Delivery
from events.inbox import read_tasks
from events.reading import InvalidDocumentError
from events.task import Task
from events.wish import ANY, Wish
from functions._ports import QueueError
from functions._queue import QueueClient

_COUNT = "ApproximateNumberOfMessages"
# So that all parts of a queue are asked (yandex-cloud/docs: en/message-queue/
# concepts/long-polling.md).
_WAIT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSeen:
    """A queue at one look.

    Attributes:
        name: `tasks`, `results` or `dead`.
        visible: How many messages anybody can receive, about.
        in_flight: How many somebody received and did not delete yet, about.
        delayed: How many are not due yet, about.
        messages: What those that were read say about the instance.
        read: How many were read.
        guarded: Whether it was not read because its redrive policy would count that.
        problem: Why it could not be looked at; '' if it could.
    """

    name: str
    visible: int = 0
    in_flight: int = 0
    delayed: int = 0
    messages: tuple[str, ...] = ()
    read: int = 0
    guarded: bool = False
    problem: str = ""


def peek(  # noqa: PLR0913 - a look has this many independent parts
    client: QueueClient,
    name: str,
    queue_url: str,
    instance_id: str,
    now: datetime,
    *,
    bold: bool = False,
) -> QueueSeen:
    """Return what a queue says about an instance.

    Args:
        client: The connection.
        name: What the queue is called here.
        queue_url: The queue.
        instance_id: The instance.
        now: The time, for requests that do not tell theirs.
        bold: Whether to read the queue although that counts as a delivery.
    """
    try:
        attributes = _attributes(client, queue_url)
        guarded = bool(attributes.get("RedrivePolicy")) and not bold
        visible = _number(attributes, _COUNT)
        bodies = _bodies(client, queue_url) if visible and not guarded else []
    except QueueError as error:
        return QueueSeen(name=name, problem=str(error))
    texts = (_about(instance_id, body, now) for body in bodies)
    return QueueSeen(
        name=name,
        visible=visible,
        in_flight=_number(attributes, f"{_COUNT}NotVisible"),
        delayed=_number(attributes, f"{_COUNT}Delayed"),
        messages=tuple(sorted(filter(None, texts))),
        read=len(bodies),
        guarded=guarded,
    )


def _attributes(client: QueueClient, queue_url: str) -> dict[str, str]:
    """Return a queue's attributes.

    Raises:
        QueueError: If the queue did not answer, or not well.
    """
    answer = client.call(queue_url, "GetQueueAttributes", {"AttributeName.1": "All"})
    found = {}
    # From the service we ask, over TLS or loopback; not from strangers.
    for element in ET.fromstring(answer).iter():  # noqa: S314 - see above
        fields = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
        if {"Name", "Value"} <= fields.keys():
            found[fields["Name"]] = fields["Value"]
    return found


def _number(attributes: Mapping[str, str], name: str) -> int:
    value = attributes.get(name, "")
    return int(value) if value.isdecimal() else 0


def _bodies(client: QueueClient, queue_url: str) -> list[str]:
    """Return the bodies of the messages that are visible; they stay where they are."""
    bodies: list[str] = []

    def take(message: Message) -> bool:
        bodies.append(message.body)
        return False

    watch(client, queue_url, take, lambda: True, _WAIT)
    return bodies


def _about(instance_id: str, body: str, now: datetime) -> str:
    """Return what a message says about the instance, '' if nothing."""
    if instance_id not in body:
        return ""
    try:
        outcome = read_outcome(body)
    except InvalidDocumentError:
        pass
    else:
        end = f": {outcome.reason}" if outcome.reason else ""
        place = f"interface {outcome.index}, " if outcome.index else ""
        told = f"{show_time(outcome.time)}  {place}{outcome.verdict.value}{end}"
        return f"{told} ({outcome.id})" if outcome.instance_id == instance_id else ""
    for item in read_tasks(Delivery(event_id="", body=body), now):
        if isinstance(item, Task) and item.attachment.instance_id == instance_id:
            return _of_task(item)
        if isinstance(item, Wish) and item.occasion.instance_id == instance_id:
            return _of_wish(item)
    return "something that is neither request nor outcome, but has the instance's id"


def _of_task(task: Task) -> str:
    parts: list[Any] = [
        f"request {task.id}",
        f"for interface {task.attachment.index}",
        task.origin.policy and f"of policy {task.origin.policy}",
        f"looked at {task.looks} times" if task.looks else "not looked at yet",
        task.step and f"at {task.step.value} {task.operation_id}",
        task.reason,
    ]
    return f"{show_time(task.created)}  {', '.join(filter(None, parts))}"


def _of_wish(wish: Wish) -> str:
    cause = wish.occasion.cause
    why = "a producer asked" if cause is Cause.REQUESTED else f"it was {cause.value}"
    what = "what policies want" if wish.policy == ANY else f"policy {wish.policy}"
    text = f"{show_time(wish.created)}  {what}, for {why}"
    return f"{text}; {wish.reason}" if wish.reason else text
