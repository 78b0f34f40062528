"""What the functions would do: the real ones, over a cloud that is only looked at.

What they would send is kept here, and a task is followed one step as a dry run.
Why something was skipped they only tell their log, so that is listened to.
"""

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from structlog.typing import EventDict

from cli.looking import Looking
from events.cause import Occasion
from events.consuming import read_outcome
from events.decision import Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.policy import Policies
from events.task import Task
from events.wish import wish_of
from functions._follow import Follower
from functions._ports import Clock, Label, Message
from functions._react import Reactor

# Actions in the words of whoever reads what would be done: a stop is noted first.
_WORDS = {"note": "stop"}
_CONFIRMING = {
    "confirmed": "the interface is there, as policy {policy} wants it",
    "contradicted": "there is no such interface now as policy {policy} wants",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What would be done for one policy.

    Attributes:
        policy: Its name, '' where no policy is concerned.
        index: The interface, '' likewise.
        would: `attach`, `stop`, `wait`, `skipped`, `look again`, `confirmed`,
            `contradicted`, `dry run`, or the verdict that would be published.
        why: In words.
    """

    policy: str = ""
    index: str = ""
    would: str
    why: str


class Backtest:
    """Asks the functions what they would do.

    Args:
        compute: Where to look.
        policies: What instances should have.
        now: Tells the time.
        heard: Where the lines of their log arrive.
    """

    def __init__(
        self,
        compute: Looking,
        policies: Policies,
        now: Clock,
        heard: list[EventDict],
    ) -> None:
        self._asked, self._settled = _Kept(), _Kept()
        self._heard = heard
        self._now = now
        self._reactor = Reactor(
            compute=compute,
            tasks=self._asked,
            results=self._settled,
            policies=policies,
            now=now,
        )
        self._follower = Follower(
            compute=compute,
            tasks=self._asked,
            results=self._settled,
            limits=policies.limits,
            now=now,
        )

    def react(self, delivery: Delivery) -> list[Finding]:
        """Return what an audit event would lead to."""
        self._heard.clear()
        self._reactor.react(delivery)
        return self._found()

    def consider(self, occasion: Occasion) -> list[Finding]:
        """Return what would be done if that happened now."""
        self._heard.clear()
        self._reactor.consider(wish_of(occasion, self._now()))
        return self._found()

    def _found(self) -> list[Finding]:
        asked, settled = self._asked.take(), self._settled.take()
        told = [_told(line) for line in self._heard]
        found = [one for body in asked for one in self._follow(body)]
        found += map(_of_outcome, settled)
        return found + [one for one in told if one]

    def _follow(self, body: str) -> Iterator[Finding]:
        for one in read_tasks(Delivery(event_id="", body=body), self._now()):
            if isinstance(one, Task):
                yield from self._step(one)
            else:  # a wish
                yield Finding(would="look again", why=getattr(one, "reason", ""))

    def _step(self, task: Task) -> Iterator[Finding]:
        self._heard.clear()
        self._follower.follow(_dry(task))
        policy, index = task.origin.policy, task.attachment.index
        for body in self._settled.take():
            found = replace(_of_outcome(body, self._action()), policy=policy)
            yield _held_back(found) if task.request.options.dry_run else found
        for body in self._asked.take():
            for one in read_tasks(Delivery(event_id="", body=body), self._now()):
                why = getattr(one, "reason", "")
                yield Finding(policy=policy, index=index, would="look again", why=why)

    def _action(self) -> str:
        decided = (line for line in self._heard if line["event"] == "decided")
        return str(next(decided, {}).get("action", ""))


@contextlib.contextmanager
def backtesting(compute: Looking, policies: Policies, now: Clock) -> Iterator[Backtest]:
    """Yield a backtest; meanwhile the functions' log goes nowhere else."""
    heard: list[EventDict] = []

    def keep(_logger: Any, _name: str, line: EventDict) -> EventDict:
        heard.append(line)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    try:
        yield Backtest(compute, policies, now, heard)
    finally:
        structlog.configure(**before)


class _Kept:
    """A mailbox that keeps what would be sent."""

    def __init__(self) -> None:
        self._bodies: list[str] = []

    def send(
        self,
        body: str,
        *,
        after: timedelta = timedelta(0),
        attributes: Mapping[str, str] | None = None,
        label: Label | None = None,
    ) -> None:
        """Keep a message's body."""
        _ = (after, attributes, label)
        self._bodies.append(body)

    def send_all(self, messages: Sequence[Message]) -> None:
        """Keep the bodies of messages."""
        self._bodies += (message.body for message in messages)

    def take(self) -> list[str]:
        """Return what was kept since the last time."""
        bodies, self._bodies = self._bodies, []
        return bodies


def _dry(task: Task) -> Task:
    options = replace(task.request.options, dry_run=True)
    return replace(task, request=replace(task.request, options=options))


def _held_back(found: Finding) -> Finding:
    why = f"the policy is a dry run; else: {found.would}, as {found.why}"
    return replace(found, would="dry run", why=why)


def _of_outcome(body: str, action: str = "") -> Finding:
    outcome = read_outcome(body)
    would, why = outcome.verdict.value, outcome.reason
    if outcome.verdict is Verdict.PLANNED:
        would = _WORDS.get(action, action.removeprefix("settle "))
        why = why.partition(", as ")[2] or why
    return Finding(
        policy=outcome.origin.get("policy", ""),
        index=outcome.index,
        would=would,
        why=why,
    )


def _told(line: EventDict) -> Finding | None:
    """Return what a line of the reactor's log tells that it did not send."""
    event, policy = line["event"], line.get("policy", "")
    if event == "skipped":
        return Finding(would="skipped", why=line["reason"])
    if event == "not confirmed":
        return Finding(would="confirmed", why=f"not looked at: {line['reason']}")
    if event in _CONFIRMING:
        index = line["subject"].rpartition("/")[2]
        why = _CONFIRMING[event].format(policy=policy)
        return Finding(policy=policy, index=index, would=event, why=why)
    return None
