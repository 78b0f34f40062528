"""The consumer's kit: from a message on the results queue to an outcome, once.

Each request is answered at least once, every time under its own id, and the
first answer counts: the world may have moved before a second one was made.
So a consumer reads, asks its `Store` whether the id is new, and only then acts.

Fields that this version does not know are ignored, for a newer one may add
some.  A verdict that it does not know is an error: nobody can act on that.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from events.decision import Verdict
from events.moments import after_epoch, read_moment
from events.outcome import TYPE
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.syntax import AUTO

_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_MOST_WARNINGS = 1_000
_MOST_LOOKS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedOutcome:
    """How a request ended, as a consumer was told.

    Attributes:
        id: The request's id.
        verdict: How it ended.
        reason: Why, in a sentence for people; '' where the verdict says all.
        subject: The instance and the index: `fhm…/1`; '' if the request was not
            understood.
        instance_id: The instance; '' if the request was not understood.
        index: The interface's index, `auto` if none was chosen yet; '' if it is
            not known.
        time: When it was settled.
        created: When the request was accepted.
        request: The request as understood, in its own JSON; None if it was not.
        origin: `cause`, `eventId` and `policy`, as far as there are any.
        looks: How often the cloud was looked at.
        warnings: What a person should know although it changes no verdict.
        operation: The last attach operation in the API's JSON, if there was one.
        instance_status: The instance's status at the last look; '' if unknown.
    """

    id: str
    verdict: Verdict
    reason: str
    subject: str
    instance_id: str
    index: str
    time: datetime
    created: datetime
    request: Mapping[str, Any] | None
    origin: Mapping[str, Any]
    looks: int
    warnings: tuple[str, ...]
    operation: Mapping[str, Any] | None
    instance_status: str


def read_outcome(body: str | bytes) -> ReceivedOutcome:
    """Read the body of a message from the results queue.

    Raises:
        InvalidDocumentError: If it is not a CloudEvent 1.0 of our type that is
            well-formed and agrees with itself; with all that is wrong, each
            with its JSON path.
    """
    violations: list[Violation] = []
    event = Document.of(read_json(body), "$", violations)
    data = event.object("data") or Document.of({}, "$.data", violations)
    outcome = _read(event, data)
    if not violations:
        _check_agreement(outcome, data)
    if violations:
        raise InvalidDocumentError(*violations)
    return outcome


def _read(event: Document, data: Document) -> ReceivedOutcome:
    event.text("specversion", _version, required=True)
    event.text("source", required=True)
    event.text("datacontenttype", _content)
    subject = event.text("subject")
    instance_id, _, index = subject.partition("/")
    return ReceivedOutcome(
        id=event.text("id", required=True),
        verdict=_verdict(event, data),
        reason=data.text("reason"),
        subject=subject,
        instance_id=instance_id,
        index=index,
        time=_moment(event, "time"),
        created=_moment(data, "created"),
        request=_json_object(data, "request"),
        origin=_json_object(data, "origin") or {},
        looks=data.integer("looks", 0, _MOST_LOOKS),
        warnings=_texts(data, "warnings"),
        operation=_json_object(data, "operation"),
        instance_status=data.text("instanceStatus"),
    )


def _check_agreement(outcome: ReceivedOutcome, data: Document) -> None:
    """Note where the request is not the one that the event is about."""
    request = outcome.request or {}
    index = request.get("networkInterfaceIndex", outcome.index)
    for name, agrees in (
        ("requestId", request.get("requestId", outcome.id) == outcome.id),
        (
            "instanceId",
            request.get("instanceId", outcome.instance_id) == outcome.instance_id,
        ),
        ("networkInterfaceIndex", index in (outcome.index, AUTO)),
    ):
        if not agrees:
            data.wrong(f"request.{name}", "is not that of the event")


def _version(value: str) -> str | None:
    return None if value == "1.0" else "must be 1.0"


def _content(value: str) -> str | None:
    kind = value.partition(";")[0].strip().lower()
    return None if kind == "application/json" else "must be application/json"


def _kind(value: str) -> str | None:
    return None if value.startswith(TYPE) else f"must begin with {TYPE}"


def _known(value: str) -> str | None:
    return None if value in _VERDICTS else "is not a verdict that this version knows"


def _verdict(event: Document, data: Document) -> Verdict:
    kind = event.text("type", _kind, required=True)
    name = data.text("verdict", _known, required=True)
    if kind and name and kind != TYPE + name:
        event.wrong("type", "must end in the verdict")
    return _VERDICTS.get(name, Verdict.UNRESOLVED)


def _moment(document: Document, name: str) -> datetime:
    return read_moment(document.text(name, _time, required=True)) or after_epoch()


def _time(value: str) -> str | None:
    return None if read_moment(value) else "must be a time as in RFC 3339"


def _json_object(document: Document, name: str) -> dict[str, Any] | None:
    value = document.take(name)
    if value is None or isinstance(value, dict):
        return value
    document.wrong(name, "must be an object")
    return None


def _texts(document: Document, name: str) -> tuple[str, ...]:
    items = [item for _, item in document.items(name, _MOST_WARNINGS)]
    if all(isinstance(item, str) for item in items):
        return tuple(items)
    document.wrong(name, "must be a list of strings")
    return ()


class Store(Protocol):
    """Remembers the ids of outcomes, for as long as a second one may come.

    When an id is added decides what a crash does:

    - before the outcome is handled (what `first_outcome` does): at most once.
      A crash between the two loses the outcome, for its next delivery is
      taken for a second one.
    - in one transaction with the effect, where both are in one database: once.
      Call `first_outcome` inside of the transaction; a crash undoes both.
    - after it was handled: at least once.  A crash between the two, or two
      consumers at a time, handle it again, so handling must bear that.  Use
      `read_outcome` and `add`.

    In every case, delete the message last.
    """

    def add(self, outcome_id: str) -> bool:
        """Remember an id; return True if it was new.

        Atomic: of any number of callers with the same id, one gets True.
        """
        ...


class MemoryStore:
    """A store that lasts as long as its process; threads may share it.

    Args:
        capacity: How many ids are remembered; beyond, the oldest is forgotten.

    Raises:
        ValueError: If *capacity* is below 1.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        if capacity < 1:
            msg = "a store remembers one id at least"
            raise ValueError(msg)
        self._capacity = capacity
        self._known: OrderedDict[str, object] = OrderedDict()

    def add(self, outcome_id: str) -> bool:
        """Remember an id; return True if it was new or is long forgotten."""
        mine = object()
        # One step, so that two threads cannot both find that it is new.
        new = self._known.setdefault(outcome_id, mine) is mine
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return new


def first_outcome(body: str | bytes, store: Store) -> ReceivedOutcome | None:
    """Return the outcome in a message, None if its id is known to *store*.

    The id is added here, before anything is done about the outcome: see `Store`.

    Raises:
        InvalidDocumentError: As `read_outcome` does; nothing is added then.
    """
    outcome = read_outcome(body)
    return outcome if store.add(outcome.id) else None
