"""From a message to the tasks in it.

A message holds one request, a list of requests, or one request for several
instances; each becomes a task of its own with an outcome of its own.  A task
under way is a request with one more field, `task`.

Whoever can write to the queue can write anything: a task's state is read as
strictly as a request, and nothing in it is believed that can be looked up.
"""

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from events import syntax
from events.cause import Cause, Origin
from events.decision import Verdict
from events.envelope import Broken, Delivery
from events.guard import MOST_INTERFACES
from events.moments import read_moment
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.request import Request, check_size, read_requests
from events.task import LONGEST_REASON, MOST_GENERATIONS, VERSION, Step, Task

MOST_WISHES = 100
_MOST_LOOKS = 1_000_000
_Choice = TypeVar("_Choice", bound=enum.Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A request that is none, whatever one tries.

    Attributes:
        id: The request's id if it can be told, else the message's.
        event_id: The message.
        created: When it was sent.
        violations: What is wrong; at least one.
    """

    id: str
    event_id: str
    created: datetime
    violations: tuple[Violation, ...] = field(default=())


def read_tasks(
    delivery: Delivery | Broken, now: datetime
) -> tuple[Task | Rejected, ...]:
    """Read the tasks in a queue message, in their order; at least one.

    Where a request names itself and stands for several instances, the id of
    each is the request's and the instance's: `order-1/fhm…`.  In a list, a
    request without an id is named after the message and its place: `…/0`.
    """
    sent = min(getattr(delivery, "created", None) or now, now)
    if isinstance(delivery, Broken):
        return (_reject(delivery, sent, delivery.problem),)
    if not isinstance(delivery.body, str | bytes):
        return (_reject(delivery, sent, "must be a JSON text"),)
    try:
        check_size(delivery.body)
        value = read_json(delivery.body)
    except InvalidDocumentError as error:
        return (_refuse(delivery, delivery.event_id, sent, error.violations),)
    if isinstance(value, list):
        return _read_list(value, delivery, sent)
    return _read_wishes(value, "$", delivery.event_id, delivery, sent)


def _read_list(
    items: list[Any], delivery: Delivery, sent: datetime
) -> tuple[Task | Rejected, ...]:
    if not 0 < len(items) <= MOST_WISHES:
        return (_reject(delivery, sent, f"must have 1 to {MOST_WISHES} items"),)
    found = tuple(
        task
        for place, item in enumerate(items)
        for task in _read_wishes(
            item, f"$[{place}]", f"{delivery.event_id}/{place}", delivery, sent
        )
    )
    if len({one.id for one in found}) < len(found):
        return (_reject(delivery, sent, "has two requests with the same requestId"),)
    return found


def _read_wishes(
    value: Any, path: str, name: str, delivery: Delivery, sent: datetime
) -> tuple[Task | Rejected, ...]:
    violations: list[Violation] = []
    document = Document.of(value, path, violations)
    state = document.object("task")
    requests = read_requests(document, default_id=name)
    if state and len(requests) > 1:
        document.wrong("task", "must be absent where instanceIds is given")
    document.close()
    tasks = tuple(_read_state(state, one, delivery.event_id, sent) for one in requests)
    if violations:
        # Whoever waits for one of several is answered as well.
        wrong = tuple(violations)
        return tuple(_refuse(delivery, one.id, sent, wrong) for one in requests)
    return tasks


def _reject(delivery: Delivery | Broken, sent: datetime, problem: str) -> Rejected:
    violation = Violation(path="$", problem=problem)
    return _refuse(delivery, delivery.event_id, sent, (violation,))


def _refuse(
    delivery: Delivery | Broken,
    name: str,
    sent: datetime,
    violations: tuple[Violation, ...],
) -> Rejected:
    return Rejected(
        id=name, event_id=delivery.event_id, created=sent, violations=violations
    )


def _read_state(
    state: Document | None, request: Request, event_id: str, sent: datetime
) -> Task:
    if state is None:
        origin = Origin(cause=Cause.REQUESTED, event_id=event_id)
        return Task(request=request, origin=origin, created=sent)
    state.integer("v", 1, VERSION)
    task = Task(
        request=request,
        origin=Origin(
            cause=_one_of(Cause, state, "cause") or Cause.REQUESTED,
            event_id=state.text("eventId", _brief),
            policy=state.text("policy", _brief),
        ),
        # Never later than the message: a date in the future would never be due.
        created=min(read_moment(state.take("created")) or sent, sent),
        looks=state.integer("looks", 0, _MOST_LOOKS),
        hurdles=state.integer("hurdles", 0, _MOST_LOOKS),
        failures=state.integer("failures", 0, _MOST_LOOKS),
        step=_one_of(Step, state, "step"),
        operation_id=state.text("operationId", syntax.resource_id),
        attach_id=state.text("attachId", syntax.resource_id),
        generation=state.integer("generation", 0, MOST_GENERATIONS),
        restarts=state.integer("restarts", 0, _MOST_LOOKS),
        index=state.text("index", syntax.interface_index),
        foreign=state.texts("foreign", syntax.interface_index, most=MOST_INTERFACES),
        noted=state.flag("noted"),
        ending=_one_of(Verdict, state, "ending"),
        reason=state.text("reason", _brief),
    )
    state.close()
    return task


def _brief(value: str) -> str | None:
    # Unbounded, it would grow into an outcome that no message can hold.
    return None if len(value) <= LONGEST_REASON else "is too long"


def _one_of(choices: type[_Choice], state: Document, name: str) -> _Choice | None:
    known = {choice.value: choice for choice in choices}
    return known.get(
        state.text(name, lambda value: None if value in known else "is not known")
    )
