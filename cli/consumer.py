"""Reads a queue as a consumer does: receive, use, delete."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from xml.etree import ElementTree as ET

from functions._queue import QueueClient

_LONGEST_WAIT = timedelta(seconds=20)
_MOST_AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, received.

    Attributes:
        id: Its id.
        body: Its text.
        receipt: Names this receipt; needed to delete the message.
    """

    id: str
    body: str
    receipt: str


def receive(
    client: QueueClient, queue_url: str, wait: timedelta = _LONGEST_WAIT
) -> list[Message]:
    """Return up to ten messages, [] if none came within *wait* (20 s at most).

    Raises:
        QueueError: If the queue did not answer, or not well.
    """
    answer = client.call(
        queue_url,
        "ReceiveMessage",
        {
            "MaxNumberOfMessages": str(_MOST_AT_ONCE),
            "WaitTimeSeconds": str(wait // timedelta(seconds=1)),
        },
        wait=wait,
    )
    return list(_read(answer))


def delete(client: QueueClient, queue_url: str, message: Message) -> None:
    """Delete a message that was used.

    Raises:
        QueueError: If that is not certain.
    """
    client.call(queue_url, "DeleteMessage", {"ReceiptHandle": message.receipt})


def _read(answer: bytes) -> Iterator[Message]:
    # From the service we ask, over TLS or loopback; not from strangers.
    for element in ET.fromstring(answer).iter():  # noqa: S314 - see above
        if _local(element.tag) == "Message":
            fields = {_local(child.tag): child.text or "" for child in element}
            yield Message(
                id=fields["MessageId"],
                body=fields["Body"],
                receipt=fields["ReceiptHandle"],
            )


def _local(tag: str) -> str:
    """Return the name without its namespace: the cloud sends none, AWS does."""
    return tag.rpartition("}")[2]
