"""The attributes of a queue, as values and as the strings of the wire.

(yandex-cloud/docs: en/message-queue/api-ref/queue/CreateQueue.md)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from fakes.queue import limits
from fakes.queue.errors import Refusal, refuse, refuse_value
from fakes.queue.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class RedrivePolicy:
    """Where messages go that are received too often.

    Attributes:
        dead_letter_arn: The ARN of another queue of the same folder.
        max_receive_count: 1 to 1000; one receive more buries the message.
    """

    dead_letter_arn: str
    max_receive_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAttributes:
    """How a queue behaves; the defaults are the documented ones.

    Attributes:
        delay: How long a message stays hidden after it was sent: 0 to 15 minutes.
        maximum_message_size: 1024 to 262 144 bytes.
        retention: How long a message is kept: 1 minute to 14 days.
        receive_wait: How long a receive waits: 0 to 20 seconds.
        visibility: How long a received message stays hidden: 0 to 12 hours.
        redrive: Where messages go that are received too often, None for nowhere.
        fifo: Whether it is a FIFO queue, for good; such cannot feed a trigger.
        content_based_deduplication: Whether a FIFO queue tells messages apart by
            their bodies when they come without a deduplication id.
    """

    delay: timedelta = timedelta()
    maximum_message_size: int = 262_144
    retention: timedelta = timedelta(days=4)
    receive_wait: timedelta = timedelta()
    visibility: timedelta = timedelta(seconds=30)
    redrive: RedrivePolicy | None = None
    fifo: bool = False
    content_based_deduplication: bool = False

    def check(self, bounds: Limits) -> None:
        """Refuse values outside the documented *bounds*, or that do not fit.

        Raises:
            QueueError: InvalidParameterValue, or InvalidAttributeName for what
                only a FIFO queue has, as by the engine.
        """
        if self.content_based_deduplication and not self.fifo:
            msg = "ContentBasedDeduplication is an attribute of FIFO queues."
            refuse(Refusal.INVALID_ATTRIBUTE_NAME, msg)
        limits.check_span("DelaySeconds", self.delay, bounds.delay)
        limits.check_span("VisibilityTimeout", self.visibility, bounds.visibility)
        limits.check_span(
            "ReceiveMessageWaitTimeSeconds", self.receive_wait, bounds.wait
        )
        limits.check_span(
            "MessageRetentionPeriod",
            self.retention,
            bounds.longest_retention,
            bounds.shortest_retention,
        )
        limits.check_count(
            "MaximumMessageSize", self.maximum_message_size, bounds.maximum_message_size
        )
        if self.redrive is not None:
            limits.check_count(
                "maxReceiveCount", self.redrive.max_receive_count, bounds.receive_count
            )

    def changed(self, wire: Mapping[str, str]) -> "QueueAttributes":
        """Return a copy with the attributes of *wire*, by their names there.

        Raises:
            QueueError: InvalidAttributeName for a name that cannot be set,
                InvalidParameterValue for a value that cannot be read.
        """
        changes: dict[str, Any] = {}
        for name, value in wire.items():
            if name not in _READERS:
                msg = f"{name[:100]!r} is not an attribute that can be set."
                refuse(Refusal.INVALID_ATTRIBUTE_NAME, msg)
            field, read = _READERS[name]
            changes[field] = read(name, value)
        return replace(self, **changes)

    def render(self) -> dict[str, str]:
        """Return the attributes as strings, by their names on the wire."""
        rendered = {
            "DelaySeconds": _seconds(self.delay),
            "MaximumMessageSize": str(self.maximum_message_size),
            "MessageRetentionPeriod": _seconds(self.retention),
            "ReceiveMessageWaitTimeSeconds": _seconds(self.receive_wait),
            "VisibilityTimeout": _seconds(self.visibility),
        }
        if self.redrive is not None:
            rendered["RedrivePolicy"] = _render_redrive(self.redrive)
        if self.fifo:
            content_based = str(self.content_based_deduplication).lower()
            rendered["ContentBasedDeduplication"] = content_based
            rendered["FifoQueue"] = "true"
        return rendered


def read_count(name: str, value: str) -> int:
    """Return the whole number in *value*, of at most nine digits.

    Raises:
        QueueError: InvalidParameterValue, naming the parameter *name*.
    """
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):  # noqa: PLR2004 - more than any limit, less than any trouble
        refuse_value(f"{name} must be a whole number, not {value[:100]!r}.")
    return int(value)


def read_span(name: str, value: str) -> timedelta:
    """Return the whole seconds in *value*.

    Raises:
        QueueError: InvalidParameterValue, naming the parameter *name*.
    """
    return timedelta(seconds=read_count(name, value))


def _read_flag(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        refuse_value(f"{name} must be true or false, not {value[:100]!r}.")
    return value == "true"


def _read_redrive(name: str, value: str) -> RedrivePolicy | None:
    """Read the policy; an empty one removes it, as Terraform does."""
    if value in ("", "{}"):
        return None
    try:
        policy = json.loads(value)
        arn, count = policy["deadLetterTargetArn"], policy["maxReceiveCount"]
    except (ValueError, TypeError, KeyError, RecursionError):
        msg = f"{name} must be JSON with deadLetterTargetArn and maxReceiveCount."
        refuse_value(msg)
    # Assumption: like SQS, the count is taken as a number and as a string.
    return RedrivePolicy(
        dead_letter_arn=str(arn),
        max_receive_count=read_count("maxReceiveCount", str(count)),
    )


def _render_redrive(policy: RedrivePolicy) -> str:
    return json.dumps(
        {
            "deadLetterTargetArn": policy.dead_letter_arn,
            "maxReceiveCount": policy.max_receive_count,
        },
        separators=(",", ":"),
    )


def _seconds(span: timedelta) -> str:
    return str(int(span.total_seconds()))


_READERS: Final[Mapping[str, tuple[str, Callable[[str, str], object]]]] = {
    "ContentBasedDeduplication": ("content_based_deduplication", _read_flag),
    "DelaySeconds": ("delay", read_span),
    "FifoQueue": ("fifo", _read_flag),
    "MaximumMessageSize": ("maximum_message_size", read_count),
    "MessageRetentionPeriod": ("retention", read_span),
    "ReceiveMessageWaitTimeSeconds": ("receive_wait", read_span),
    "RedrivePolicy": ("redrive", _read_redrive),
    "VisibilityTimeout": ("visibility", read_span),
}
