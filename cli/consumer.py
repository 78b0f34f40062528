"""Reads a queue as a consumer does: receive, use, delete."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import click

from fakes.clock import SystemClock
from functions._ports import QueueError
from functions._queue import QueueClient
from functions._sigv4 import StaticKey

_LONGEST_WAIT = timedelta(seconds=20)
_MOST_AT_ONCE = 10
# How long a message stays hidden if whoever looks at it dies.
_LOOKED_AT = timedelta(seconds=30)
# As many as are looked at within a fraction of that.
_MOST_AT_A_LOOK = 500
# So that others get to the messages that are put back, and nobody pays for
# being told of the same ones all the time.
_PAUSE = 1.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_Command = TypeVar("_Command", bound=Callable[..., Any])


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


def queue_option(name: str, *, required: bool) -> Callable[[_Command], _Command]:
    """Return an option for the URL of the queue of that *name*."""
    return click.option(
        f"--{name}-queue",
        metavar="URL",
        envvar=f"{name.upper()}_QUEUE_URL",
        show_envvar=True,
        required=required,
        callback=_safe_url,
        help=f"The URL of the {name} queue.",
    )


def _safe_url(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> str | None:
    """Refuse what would send messages in the clear, without repeating it."""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port  # a wrong one raises
        if parts.scheme == "https" and parts.hostname:
            return value
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return value
    except ValueError:
        pass
    msg = "must be an https URL (http only on loopback)"
    raise click.BadParameter(msg)


def key_option(part: str, text: str) -> Callable[[_Command], _Command]:
    """Return an option for a *part* of the static key: `id` or `secret`."""
    return click.option(
        f"--key-{part}",
        envvar=f"QUEUE_KEY_{part.upper()}",
        show_envvar=True,
        required=True,
        help=text,
    )


def key_options(command: _Command) -> _Command:
    """Give *command* the options `key_id` and `key_secret`."""
    secret = key_option("secret", "Its secret; others can see it in a command line.")
    return key_option("id", "The id of a static key.")(secret(command))


def new_client(key_id: str, key_secret: str) -> QueueClient:
    """Return a client that signs with that key; close it."""
    key = StaticKey(id=key_id, secret=key_secret)
    return QueueClient(key, SystemClock().now, time.monotonic)


def receive(
    client: QueueClient,
    queue_url: str,
    wait: timedelta = _LONGEST_WAIT,
    hidden: timedelta | None = None,
) -> list[Message]:
    """Return up to ten messages, [] if none came within *wait* (20 s at most).

    Args:
        client: The connection.
        queue_url: The queue.
        wait: How long to wait for the first one, in whole seconds.
        hidden: How long nobody else sees them; as the queue has it by default.

    Raises:
        QueueError: If the queue did not answer, or not well.
    """
    parameters = {
        "MaxNumberOfMessages": str(_MOST_AT_ONCE),
        "WaitTimeSeconds": str(wait // timedelta(seconds=1)),
    }
    if hidden is not None:
        parameters["VisibilityTimeout"] = str(hidden // timedelta(seconds=1))
    answer = client.call(queue_url, "ReceiveMessage", parameters, wait=wait)
    return list(_read(answer))


def delete(client: QueueClient, queue_url: str, message: Message) -> None:
    """Delete a message that was used.

    Raises:
        QueueError: If that is not certain.
    """
    client.call(queue_url, "DeleteMessage", {"ReceiptHandle": message.receipt})


def put_back(client: QueueClient, queue_url: str, messages: Sequence[Message]) -> None:
    """Let others see *messages* at once; what fails comes back by itself later."""
    for message in messages:
        parameters = {"ReceiptHandle": message.receipt, "VisibilityTimeout": "0"}
        try:
            client.call(queue_url, "ChangeMessageVisibility", parameters)
        except QueueError:
            continue


def watch(
    client: QueueClient,
    queue_url: str,
    take: Callable[[Message], bool],
    done: Callable[[], bool],
    patience: timedelta = timedelta.max,
) -> None:
    """Show *take* every message that is visible, again and again.

    What it takes is deleted; the rest is put back before anything is waited
    for, also if it raises.

    Args:
        client: The connection.
        queue_url: The queue.
        take: Tells whether a message may be deleted; it may get one repeatedly.
        done: Tells after a look whether it was enough.
        patience: How long to go on; even with none at all there is one look.

    Raises:
        QueueError: If the queue did not answer, or not well.
    """
    end = time.monotonic() + patience.total_seconds()
    while True:
        left = max(0.0, end - time.monotonic())
        rest = _look(client, queue_url, take, left)
        left = end - time.monotonic()
        if done() or left <= 0:
            return
        if rest:
            time.sleep(min(_PAUSE, left))  # noqa: TID251 - no function waits here


def _look(
    client: QueueClient, queue_url: str, take: Callable[[Message], bool], wait: float
) -> list[Message]:
    """Return what was put back."""
    seen = _all_visible(client, queue_url, min(wait, _LONGEST_WAIT.total_seconds()))
    rest = list(seen)
    try:
        for message in seen:
            if take(message):
                delete(client, queue_url, message)
                rest.remove(message)
    finally:
        put_back(client, queue_url, rest)
    return rest


def _all_visible(client: QueueClient, queue_url: str, wait: float) -> list[Message]:
    """Return all that is visible: what is asked for may be behind the rest."""
    first = timedelta(seconds=math.ceil(wait))
    more = found = receive(client, queue_url, first, _LOOKED_AT)
    while more and len(found) < _MOST_AT_A_LOOK:
        more = receive(client, queue_url, timedelta(0), _LOOKED_AT)
        found = found + more
    return found


def _read(answer: bytes) -> Iterator[Message]:
    try:
        # Entities that grow are refused by the parser, and `QueueClient` reads no more
        # than is bearable.
        root = ET.fromstring(answer)  # noqa: S314 - see above
        for element in root.iter():
            if _local(element.tag) == "Message":
                fields = {_local(child.tag): child.text or "" for child in element}
                yield Message(
                    id=fields["MessageId"],
                    body=fields["Body"],
                    receipt=fields["ReceiptHandle"],
                )
    except (ET.ParseError, KeyError, ValueError) as error:
        msg = f"ReceiveMessage: an answer that is none: {type(error).__name__}"
        raise QueueError(msg) from None


def _local(tag: str) -> str:
    """Return the name without its namespace: the cloud sends none, AWS does."""
    return tag.rpartition("}")[2]
