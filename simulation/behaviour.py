"""What handlers do, learnt by calling them, and never forgotten.

A handler has no state and no chance of its own: told the same, it asks the same.  So
whatever it did once it need not be called for again: its behaviour is a tree, from the
event through every answer to the next ask, or to its end.  Where the tree has no branch
yet, the handler is called, and told all that it was told so far.

That is also how a call pauses between any two effects, without threads: it is broken
off, and when it is to go on, it is told the same again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.message import Message

from simulation.calls import Ask, BrokenOff, Ended

_MOST: Final = 400_000  # nodes; then all is learnt anew

Answerer = Callable[[Ask], Any]


@dataclass(slots=True, eq=False)
class Node:
    """A point in a handler's behaviour.

    Attributes:
        next: What it asks there, or how it ends.
        branches: How it goes on, by what identifies the answer.
    """

    next: Ask | Ended
    branches: dict[Any, "Node"] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far one call has come.

    Attributes:
        node: Where it is; None if it was not begun.
        told: All that it was told.
    """

    node: Node | None = None
    told: list[Any] = field(default_factory=list)


class Behaviour:
    """The behaviour of one handler or of several.

    Attributes:
        learnt: How many nodes there are.
        calls: How often a handler had to be called.
    """

    def __init__(self) -> None:
        self.learnt = 0
        self.calls = 0
        self._roots: dict[Any, Node] = {}

    def go_on(
        self,
        event: Any,
        progress: Progress,
        answer: Answerer,
        handler: Callable[[Answerer], Any],
    ) -> Ended:
        """Let a call go on to its end.

        Args:
            event: Identifies all that the handler knows from the beginning.
            progress: How far the call has come; changed.
            answer: Answers what it asks; what it raises breaks the call off.
            handler: Calls it, with what answers it; only if that is needed.

        Raises:
            BrokenOff: As *answer* does; the call can go on from there.
        """
        if progress.node is None:
            progress.node = self._roots.get(event)
        while (node := progress.node) is not None:
            if isinstance(node.next, Ended):
                return node.next
            told = answer(node.next)
            progress.told.append(told)
            progress.node = node.branches.get(identity(told))
            if progress.node is None:
                return self._learn(event, progress, answer, handler, node)
        return self._learn(event, progress, answer, handler, None)

    def _learn(
        self,
        event: Any,
        progress: Progress,
        answer: Answerer,
        handler: Callable[[Answerer], Any],
        last: Node | None,
    ) -> Ended:
        """Call the handler, and remember what it does from its *last* known node on."""
        if self.learnt > _MOST:
            self._roots.clear()
            self.learnt = 0
        self.calls += 1
        lesson = _Lesson(self, event, progress, answer, last)
        try:
            ended = Ended(result=handler(lesson.tell))
        except BrokenOff:
            raise
        except Exception as error:  # noqa: BLE001 - an end like another
            ended = Ended(error=error.with_traceback(None))
        lesson.reach(ended)
        return ended

    def grow(self, event: Any, last: Node | None, told: Any, node: Node) -> None:
        """Remember what comes after *last*, if it was *told* that."""
        self.learnt += 1
        if last is None:
            self._roots[event] = node
        else:
            last.branches[identity(told)] = node


@dataclass(slots=True)
class _Lesson:
    """One call of a handler that is listened to."""

    behaviour: Behaviour
    event: Any
    progress: Progress
    answer: Answerer
    last: Node | None
    place: int = 0

    def tell(self, ask: Ask) -> Any:
        """Tell the handler what it was told before, and then what is so now."""
        told = self.progress.told
        if self.place == len(told):
            self.reach(ask)
            told.append(self.answer(ask))
        self.place += 1
        return told[self.place - 1]

    def reach(self, found: Ask | Ended) -> None:
        """Remember that the handler comes to that."""
        told = self.progress.told[-1] if self.progress.told else None
        node = Node(found)
        self.behaviour.grow(self.event, self.last, told, node)
        self.last = self.progress.node = node


def identity(told: Any) -> Any:
    """Return what tells an answer from any other."""
    if isinstance(told, Message):
        return told.DESCRIPTOR.name, told.SerializeToString(deterministic=True)
    return told


def event_identity(event: Mapping[str, Any]) -> Any:
    """Return what tells an event from any other."""
    messages = event.get("messages")
    if not messages or "message" not in messages[0]["details"]:
        return json.dumps(event)
    found: list[Any] = []
    for one in messages:
        message = one["details"]["message"]
        attributes = message["attributes"]
        found += (message["body"], message["message_id"])
        found += (attributes["SentTimestamp"], attributes["ApproximateReceiveCount"])
    return tuple(found)
