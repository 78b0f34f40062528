"""One bad message of a batch is put back alone."""

import json
from dataclasses import dataclass, field

import pytest

from functions._ports import QueueError
from functions.on_task import move
from tests.unit.build import NOW


def event(*bodies):
    """Return a queue trigger's event with these bodies."""
    return {
        "messages": [
            {
                "event_metadata": {
                    "event_id": f"message-{place}",
                    "event_type": "yandex.cloud.events.messagequeue.QueueMessage",
                },
                "details": {"message": {"body": json.dumps(body)}},
            }
            for place, body in enumerate(bodies)
        ]
    }


@dataclass
class Stumbling:
    """Follows what it can; over one message it raises what it is told to."""

    error: Exception
    followed: list = field(default_factory=list)
    back: list = field(default_factory=list)

    def now(self):
        return NOW

    def follow(self, tasks):
        [task] = tasks
        if task.id == "message-1":
            raise self.error
        self.followed.append(task.id)

    def put_back(self, tasks, error):
        self.back.append(([task.id for task in tasks], error))


def test_a_message_over_which_the_function_fails_goes_back_alone():
    """Its neighbours are followed, and the call succeeds."""
    error = MemoryError()
    follower = Stumbling(error)
    move(event({}, {}, {}), follower)
    assert follower.followed == ["message-0", "message-2"]
    assert follower.back == [(["message-1"], error)]


def test_a_message_that_may_have_been_sent_on_is_not_sent_again():
    """The call fails instead, and the trigger brings all of it again."""
    follower = Stumbling(QueueError("no answer"))
    with pytest.raises(QueueError):
        move(event({}, {}, {}), follower)
    assert (follower.followed, follower.back) == (["message-0", "message-2"], [])
