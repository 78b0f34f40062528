"""What Message Queue limits, as values of one object, and the checks of them.

Every number is documented (yandex-cloud/docs:
en/_includes/message-queue/ymq-limits.md and the pages of the methods), except
where it says otherwise.  The rates are in force only where `Manners` ask for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fakes.queue.errors import Refusal, refuse, refuse_value

FIFO_SUFFIX: Final = ".fifo"

_QUEUE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
# Letters, digits and punctuation, as documented; which that is, says the engine.
_TOKEN: Final = re.compile(r"[!-~]+")
_ENTRY_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
# No period at either end, no two in a row.
_ATTRIBUTE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
# Assumption: the engine reserves these prefixes, the documentation is silent.
_RESERVED: Final = ("aws.", "amazon.", "ya.", "yc.", "yandex.")
_FORBIDDEN_CHARACTER: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The documented limits; sizes are in bytes, lengths in characters."""

    queues: int = 1000
    queue_name_length: int = 80
    messages_per_receive: int = 10
    batch_entries: int = 10
    batch_size: int = 262_144
    entry_id_length: int = 80
    message_size: range = range(1, 262_144 + 1)
    maximum_message_size: range = range(1024, 262_144 + 1)
    message_attributes: int = 10
    attribute_name_length: int = 256
    token_length: int = 128
    in_flight: int = 120_000
    fifo_in_flight: int = 20_000
    delay: timedelta = timedelta(minutes=15)
    visibility: timedelta = timedelta(hours=12)
    wait: timedelta = timedelta(seconds=20)
    shortest_retention: timedelta = timedelta(minutes=1)
    longest_retention: timedelta = timedelta(days=14)
    # Assumption: the bounds of the engine; the documentation gives none.
    receive_count: range = range(1, 1000 + 1)
    # How long a deleted queue's name stays taken (CreateQueue.md).
    name_rest: timedelta = timedelta(minutes=1)
    # How long after one purge another is refused (PurgeQueue.md).
    purge_rest: timedelta = timedelta(minutes=1)
    # How long a FIFO queue knows a message, and a receive, again (deduplication.md).
    deduplication: timedelta = timedelta(minutes=5)
    receive_attempt: timedelta = timedelta(minutes=5)
    # Of labels (en/message-queue/concepts/tags.md).
    tags: int = 50
    tag_length: int = 63
    # Calls a second: of each kind for each queue, and for the cloud.
    calls: int = 300
    fifo_calls: int = 30
    create_calls: int = 2
    delete_calls: int = 5
    other_calls: int = 100


LIMITS: Final = Limits()


def check_count(name: str, count: int, bounds: range) -> None:
    """Refuse a *count* outside *bounds* (InvalidParameterValue)."""
    if count not in bounds:
        refuse_value(f"{name} must be from {bounds[0]} to {bounds[-1]}, not {count}.")


def check_span(
    name: str, span: timedelta, longest: timedelta, shortest: timedelta = timedelta()
) -> None:
    """Refuse a *span* that is too short or too long (InvalidParameterValue)."""
    if not shortest <= span <= longest:
        bounds = f"{shortest.total_seconds():.0f} to {longest.total_seconds():.0f}"
        refuse_value(f"{name} must be from {bounds} seconds.")


def check_queue_name(name: str, limits: Limits) -> None:
    """Refuse a name that no queue can have (InvalidParameterValue).

    The suffix of a FIFO queue counts, and something must stand before it.
    """
    stem = name.removesuffix(FIFO_SUFFIX)
    if len(name) > limits.queue_name_length or not _QUEUE_NAME.fullmatch(stem):
        msg = (
            "QueueName must be 1 to 80 letters, digits, hyphens and underscores"
            f" of the Latin alphabet, {FIFO_SUFFIX} included, not {name[:100]!r}."
        )
        refuse_value(msg)


def check_receive(limit: int, hidden_for: timedelta, bounds: Limits) -> None:
    """Refuse to receive too many or none, or to hide them for too long.

    Raises:
        QueueError: InvalidParameterValue.
    """
    allowed = range(1, bounds.messages_per_receive + 1)
    check_count("MaxNumberOfMessages", limit, allowed)
    check_span("VisibilityTimeout", hidden_for, bounds.visibility)


def check_token(name: str, token: str, limits: Limits) -> None:
    """Refuse what cannot name a group, a message or a receive.

    It is 1 to 128 letters, digits and punctuation marks (yandex-cloud/docs:
    en/message-queue/api-ref/message/SendMessage.md).

    Raises:
        QueueError: InvalidParameterValue, naming the parameter *name*.
    """
    if len(token) > limits.token_length or not _TOKEN.fullmatch(token):
        msg = (
            f"{name} must be 1 to {limits.token_length} letters, digits and"
            f" punctuation marks, not {token[:150]!r}."
        )
        refuse_value(msg)


def check_entry_ids(ids: Sequence[str], limits: Limits) -> None:
    """Refuse the entries of a batch by their *ids*, each named as documented."""
    if not ids:
        refuse(Refusal.EMPTY_BATCH_REQUEST, "The batch has no entries.")
    if len(ids) > limits.batch_entries:
        msg = f"A batch has at most {limits.batch_entries} entries, not {len(ids)}."
        refuse(Refusal.TOO_MANY_ENTRIES_IN_BATCH_REQUEST, msg)
    for entry_id in ids:
        if len(entry_id) > limits.entry_id_length or not _ENTRY_ID.fullmatch(entry_id):
            msg = f"{entry_id[:100]!r} cannot be the id of a batch entry."
            refuse(Refusal.INVALID_BATCH_ENTRY_ID, msg)
    if len(set(ids)) < len(ids):
        msg = "Two entries of the batch have the same id."
        refuse(Refusal.BATCH_ENTRY_IDS_NOT_DISTINCT, msg)


def check_batch_size(size: int, limits: Limits) -> None:
    """Refuse messages of *size* bytes together (BatchRequestTooLong)."""
    if size > limits.batch_size:
        msg = f"The batch is {size} bytes long; {limits.batch_size} are allowed."
        refuse(Refusal.BATCH_REQUEST_TOO_LONG, msg)


def check_message_size(size: int, longest: int) -> None:
    """Refuse a message of *size* bytes in all (InvalidParameterValue)."""
    if size > longest:
        refuse_value(f"The message is {size} bytes long; {longest} are allowed.")


def check_text(name: str, text: str) -> None:
    """Refuse empty text, and characters outside the documented set.

    Raises:
        QueueError: InvalidParameterValue or InvalidMessageContents.
    """
    if not text:
        refuse_value(f"{name} cannot be empty.")
    if found := _FORBIDDEN_CHARACTER.search(text):
        msg = f"{name} contains the character #x{ord(found[0]):X}, which is forbidden."
        refuse(Refusal.INVALID_MESSAGE_CONTENTS, msg)


def check_attribute_names(names: Sequence[str], limits: Limits) -> None:
    """Refuse too many attributes of a message, or one's name.

    Raises:
        QueueError: InvalidParameterValue.
    """
    if len(names) > limits.message_attributes:
        refuse_value(f"A message has at most {limits.message_attributes} attributes.")
    for name in names:
        if (
            len(name) > limits.attribute_name_length
            or not _ATTRIBUTE_NAME.fullmatch(name)
            or name.lower().startswith(_RESERVED)
        ):
            refuse_value(f"{name[:300]!r} cannot be the name of an attribute.")
