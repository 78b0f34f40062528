"""One bad message of a batch is put back alone."""

import json
from dataclasses import dataclass, field

from events.inbox import read_tasks
from functions._deadline import Deadline
from functions._ports import QueueError
from functions.on_task import move
from tests.unit.build import NOW, Mailbox, sample


def event(count):
    """Return a queue trigger's event with so many requests."""
    body = {**sample("request.minimal"), "requestId": None}
    del body["requestId"]
    return {
        "messages": [
            {
                "event_metadata": {
                    "event_id": f"message-{place}",
                    "event_type": "yandex.cloud.events.messagequeue.QueueMessage",
                },
                "details": {"message": {"body": json.dumps(body)}},
            }
            for place in range(count)
        ]
    }


@dataclass
class Stumbling:
    """Handles what it can; over one message it raises what it is told to."""

    error: Exception
    followed: list = field(default_factory=list)
    tasks: Mailbox = field(default_factory=Mailbox)
    results: Mailbox = field(default_factory=Mailbox)

    def now(self):
        return NOW

    def read(self, delivery):
        return read_tasks(delivery, NOW)

    def handle(self, delivery):
        if delivery.event_id == "message-1":
            raise self.error
        self.followed.append(delivery.event_id)

    @property
    def back(self):
        return [
            (one["body"]["requestId"], one["body"]["task"].get("failures", 0))
            for one in self.tasks.sent
        ]


def test_a_message_over_which_the_function_fails_goes_back_alone():
    """Its neighbours are followed, and the call succeeds."""
    clerk = Stumbling(MemoryError())
    move(event(3), clerk)
    assert sorted(clerk.followed) == ["message-0", "message-2"]
    assert clerk.back == [("message-1", 1)]


def test_a_message_that_may_not_have_been_sent_on_goes_back_alone():
    """If it was, there are two of them, which is no harm; its neighbours go well."""
    clerk = Stumbling(QueueError("no answer"))
    move(event(3), clerk)
    assert sorted(clerk.followed) == ["message-0", "message-2"]
    assert clerk.back == [("message-1", 0)]


def test_what_there_is_no_time_for_goes_back_unharmed():
    """The first is followed; the others are not, and are not counted as failed."""
    clerk = Stumbling(MemoryError())
    move(event(4), clerk, Deadline(lambda: 0))
    assert clerk.followed == ["message-0"]
    assert clerk.back == [(f"message-{place}", 0) for place in (1, 2, 3)]
