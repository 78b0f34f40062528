"""Writes down what took effect."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from yandex.cloud.operation.operation_pb2 import Operation

from simulation.calls import Ask
from simulation.facts import Began, Facts, Published, wanted_of
from simulation.serving import Call
from simulation.wires import RESULTS, TASKS

_STEPS: Final = {
    "AttachNetworkInterface": "attach",
    "Stop": "stop",
    "Start": "start",
}
# Where a message counts how often a step ended in an error.
_COUNTERS: Final = {"attach": "generation", "stop": "stops", "start": "restarts"}
_NAMED: Final = '{"requestId": "'
# A queue that does not answer, and no time left, are no failures of a function.
_FAILED: Final = re.compile(
    r"a function failed: (?!QueueError|ThrottledError|OutOfTimeError)\w+"
)


class Notebook:
    """Notes facts, each as the effect takes place."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def note(self, ask: Ask, call: Call, answer: Any) -> None:
        """Note what *ask* did, if it did something."""
        if isinstance(answer, Operation) and ask.name in _STEPS:
            self._note_began(ask, call, answer)
        elif isinstance(answer, bytes):
            if ask.queue == RESULTS:
                self._note_published(ask, call)
            elif ask.queue == TASKS and ask.name == "SendMessage":
                self._note_sent(ask.request["MessageBody"], call)
            elif ask.queue == TASKS:
                for name, value in ask.request.items():
                    if name.endswith(".MessageBody"):
                        self._note_sent(value, call)

    def accept(self, name: str, document: Mapping[str, Any]) -> None:
        """Note a request that was accepted."""
        if name not in self._facts.wanted:
            found = wanted_of(document, name, self._facts.cloud.now)
            self._facts.wanted[name] = self._facts.asked[name] = found

    def _note_sent(self, body: str, call: Call) -> None:
        if failed := _FAILED.search(body):
            self._facts.failures.append(failed[0])
        name = _name_in(body)
        # Whoever repeats a call over HTTP has asked anew.
        anew = call.function == "on_http"
        if name and (anew or name not in self._facts.wanted):
            document = json.loads(body)
            # Nobody made a request of an event that nobody has looked into yet.
            if document.get("policy") != "*":
                found = wanted_of(document, name, call.began)
                known = self._facts.wanted.get(name, found)
                found = replace(found, created=known.created)
                self._facts.wanted[name] = self._facts.asked[name] = found

    def _note_published(self, ask: Ask, call: Call) -> None:
        published = Published(
            moment=self._facts.cloud.now,
            known=call.known,
            since=call.since,
            fresh=call.fresh,
            event=json.loads(ask.request["MessageBody"]),
        )
        self._facts.published.append(published)

    def _note_began(self, ask: Ask, call: Call, operation: Operation) -> None:
        step = _STEPS[ask.name]
        began = Began(
            moment=self._facts.cloud.now,
            looked=call.began,
            step=step,
            request_id=ask.request_id,
            instance_id=ask.request.instance_id,
            index=getattr(ask.request, "network_interface_index", ""),
            count=_count(call.batch.event, ask, step),
            key=ask.key,
            operation_id=operation.id,
            new=all(it.operation_id != operation.id for it in self._facts.began),
            deployed=call.deployed,
        )
        self._facts.began.append(began)


def _name_in(body: str) -> str:
    """Return the request's name in a message that a function wrote, '' for none."""
    if not body.startswith(_NAMED):
        return ""
    return body[len(_NAMED) : body.index('"', len(_NAMED))]


def _count(event: Any, ask: Ask, step: str) -> int:
    """Return how often the step had failed when the message came to us."""
    for message in event.get("messages", ()):
        found = message["details"]["message"]
        if found["message_id"] == ask.message_id:
            document = json.loads(found["body"])
            return int(document.get("task", {}).get(_COUNTERS[step], 0))
    return 0
