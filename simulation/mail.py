"""The three queues, and what functions send to them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from fakes.chance import Chance
from fakes.queue import (
    DataType,
    Manners,
    MessageAttribute,
    NewMessage,
    Queue,
    QueueAttributes,
    QueueError,
    RedrivePolicy,
    StandardQueue,
)
from simulation.calls import Ask, Undelivered
from simulation.wires import DEAD, RESULTS, TASKS

# As `cli/deployment.py` and `terraform/` have it.
VISIBILITY: Final = timedelta(seconds=60)
MOST_DELIVERIES: Final = 5
_ENTRY: Final = re.compile(r"SendMessageBatchRequestEntry\.(\d+)\.(.+)")
_TAKEN: Final = "<SendMessageBatchResultEntry><Id>{}</Id></SendMessageBatchResultEntry>"


class Mail:
    """Tasks, dead letters and results.

    Args:
        chance: Names messages, and decides where the manners leave it open.
        manners: How the queues behave.
        now: When they are made.

    Attributes:
        queues: The queues by their names.
        chance: As given.
    """

    def __init__(self, chance: Chance, manners: Manners, now: datetime) -> None:
        self.chance = chance
        self.queues: dict[str, Queue] = {}
        redrive = RedrivePolicy(dead_letter_arn=DEAD, max_receive_count=MOST_DELIVERIES)
        for name in (DEAD, TASKS, RESULTS):
            self.queues[name] = StandardQueue(
                name=name,
                queue_id=name,
                arn=name,
                chance=chance,
                created_at=now,
                attributes=QueueAttributes(
                    visibility=VISIBILITY, redrive=redrive if name == TASKS else None
                ),
                manners=manners,
                find=self._find,
            )

    def send(self, ask: Ask, now: datetime) -> bytes | Undelivered:
        """Send what *ask* holds; return the answer of the queue."""
        queue = self.queues[ask.queue]
        try:
            if ask.name == "SendMessage":
                queue.send(_message(ask.request), now)
                return b""
            taken = []
            for place, parameters in _entries(ask.request).items():
                queue.send(_message(parameters), now)
                taken.append(_TAKEN.format(place - 1))
        except QueueError:
            return Undelivered()
        return "".join(taken).encode()

    def _find(self, arn: str) -> Queue | None:
        return self.queues.get(arn)


def _entries(parameters: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Return the entries of a batch, each as if sent alone, by their numbers."""
    found: dict[int, dict[str, str]] = {}
    for name, value in parameters.items():
        matched = _ENTRY.fullmatch(name)
        if matched:
            found.setdefault(int(matched[1]), {})[matched[2]] = value
    return found


def _message(parameters: Mapping[str, str]) -> NewMessage:
    attributes = {}
    place = 1
    while name := parameters.get(f"MessageAttribute.{place}.Name"):
        value = parameters[f"MessageAttribute.{place}.Value.StringValue"]
        attributes[name] = MessageAttribute(data_type=DataType.STRING, value=value)
        place += 1
    return NewMessage(
        body=parameters["MessageBody"],
        attributes=attributes,
        delay=timedelta(seconds=int(parameters.get("DelaySeconds", "0"))),
    )
