"""From audit events to the rows of a plan."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from cli.backtest import Backtest, Finding
from cli.exports import read_export
from cli.looking import Looking
from events.cause import Confirmed, Occasion, Skipped, read_audit_event
from events.envelope import Broken, Delivery
from events.moments import read_moment, render_moment
from events.reading import InvalidDocumentError, camel_keys, read_json

NOTHING = "nothing"
_TOGETHER = 500  # as many are read before their instances are looked at
_PREFIX = "yandex.cloud.audit.compute."
_Found = Occasion | Confirmed | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one event would lead to, for one policy.

    Attributes:
        line: Where in the file the event, or what it is in, begins; from 1.
        time: When it happened, None if it does not tell.
        event: Its type, without what all have in common.
        event_id: Its id, '' if it calls for nothing.
        cause: What it means to policies, '' if nothing.
        instance: The instance, '' likewise.
        policy: The policy, '' if none is concerned.
        index: The interface, '' likewise.
        would: What would be done, as `Finding` has it, or `nothing`.
        why: In words.
    """

    line: int
    time: datetime | None
    event: str
    event_id: str
    cause: str
    instance: str
    policy: str
    index: str
    would: str
    why: str

    def render(self) -> dict[str, Any]:
        """Return the row's JSON."""
        fields = {**asdict(self), "eventId": self.event_id}
        del fields["event_id"]
        return {**fields, "time": render_moment(self.time) if self.time else ""}


@dataclass(slots=True)
class Totals:
    """What was counted.

    Attributes:
        events: How many were read.
        would: How often each thing would be done.
        ignored: How many events call for nothing, by the reason.
        broken: The lines in which something could not be read, and why.
    """

    events: int = 0
    would: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)

    def count(self, finding: Finding) -> None:
        """Count what would be done, or why nothing would."""
        if finding.would == NOTHING:
            self.ignored[finding.why] += 1
        else:
            self.would[finding.would] += 1


class Planner:
    """Plans what would be done.

    Args:
        looking: Where instances are looked at.
        backtest: Asks the functions.
        everything: Whether events that call for nothing get a row too.

    Attributes:
        totals: What was counted so far.
    """

    def __init__(
        self, looking: Looking, backtest: Backtest, *, everything: bool = False
    ) -> None:
        self.totals = Totals()
        self._looking = looking
        self._backtest = backtest
        self._everything = everything
        self._known: set[str] = set()

    def rows(self, lines: Iterable[bytes]) -> Iterator[Row]:
        """Yield the rows for the events in *lines*, in their order."""
        events = self._events(lines)
        while some := list(islice(events, _TOGETHER)):
            concerned = (one for _, _, one in some if not isinstance(one, Skipped))
            self._looking.prepare(one.instance_id for one in concerned)
            for line, delivery, found in some:
                for finding in self._judge(delivery, found):
                    self.totals.count(finding)
                    if self._everything or finding.would != NOTHING:
                        yield _row(line, delivery, found, finding)

    def _events(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Delivery, _Found]]:
        for line, delivery in read_export(lines):
            if isinstance(delivery, Broken):
                self.totals.broken.append((line, delivery.problem))
            else:
                self.totals.events += 1
                yield line, delivery, read_audit_event(delivery.body)

    def _judge(self, delivery: Delivery, found: _Found) -> list[Finding]:
        if isinstance(found, Skipped):
            return [Finding(would=NOTHING, why=found.reason)]
        if found.event_id in self._known:
            # A request made of it has the same id: it is the same request.
            return [Finding(would=NOTHING, why="the same event again")]
        self._known.add(found.event_id)
        findings = self._backtest.react(delivery)
        if findings or isinstance(found, Occasion):
            return findings
        gone = self._looking.instance(found.instance_id) is None
        why = "the instance is gone" if gone else "no policy wants this interface"
        return [Finding(index=found.index, would="confirmed", why=why)]


def _row(line: int, delivery: Delivery, found: _Found, finding: Finding) -> Row:
    event = _fields(delivery.body)
    return Row(
        line=line,
        time=read_moment(event.get("eventTime")) or delivery.created,
        event=str(event.get("eventType", "")).removeprefix(_PREFIX),
        event_id=getattr(found, "event_id", ""),
        cause=found.cause.value if isinstance(found, Occasion) else "",
        instance=getattr(found, "instance_id", ""),
        policy=finding.policy,
        index=finding.index,
        would=finding.would,
        why=finding.why,
    )


def _fields(body: Any) -> dict[str, Any]:
    if isinstance(body, str | bytes):
        try:
            body = read_json(body)
        except InvalidDocumentError:
            return {}
    return camel_keys(body) if isinstance(body, dict) else {}
