"""From a message to what is in it.

A message holds one request, a list of requests, or one request for several
instances; each becomes a task of its own with an outcome of its own.  A task
under way is a request with one more field, `task`.  A request that names a
policy instead of an interface is a wish; a message `sweep` carries on a sweep.

Whoever can write to the queue can write anything: a task's state is read as
strictly as a request, and nothing in it is believed that can be looked up.
"""

import enum
import itertools
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from events import syntax
from events.cause import Cause, Occasion, Origin
from events.decision import Verdict
from events.envelope import Broken, Delivery
from events.items import Item
from events.moments import read_moment
from events.reading import Document, InvalidDocumentError, Violation, read_json
from events.rejected import Rejected
from events.request import (
    Request,
    check_size,
    given_options,
    names_for,
    read_instances,
    read_requests,
)
from events.sweep import read_sweep
from events.task import MOST_GENERATIONS, VERSION, Step, Task
from events.wish import ANY, Wish

MOST_REQUESTS = 100
# Those of several instances counted one by one: each has a message of its own.
MOST_ITEMS = 1000
_MOST_LOOKS = 1_000_000
_MOST_FOREIGN = 100  # there is no index beyond
# What a policy says, so that a request that names one must not.
_INTERFACE = (
    "networkInterfaceIndex",
    "subnetId",
    "primaryV4AddressSpec",
    "securityGroupIds",
)
_Choice = TypeVar("_Choice", bound=enum.Enum)


def read_tasks(delivery: Delivery | Broken, now: datetime) -> tuple[Item, ...]:
    """Read what is in a message of the tasks queue, in its order; at least one item.

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
    return _read_entry(value, "$", delivery.event_id, delivery, sent)


def _read_list(
    items: list[Any], delivery: Delivery, sent: datetime
) -> tuple[Item, ...]:
    if not 0 < len(items) <= MOST_REQUESTS:
        return (_reject(delivery, sent, f"must have 1 to {MOST_REQUESTS} items"),)
    entries = (
        item
        for place, entry in enumerate(items)
        for item in _read_entry(
            entry, f"$[{place}]", f"{delivery.event_id}/{place}", delivery, sent
        )
    )
    found = tuple(itertools.islice(entries, MOST_ITEMS + 1))
    if len(found) > MOST_ITEMS:
        return (_reject(delivery, sent, f"must stand for {MOST_ITEMS} at most"),)
    if len({one.id for one in found}) < len(found):
        return (_reject(delivery, sent, "has two requests with the same requestId"),)
    return found


def _read_entry(
    value: Any, path: str, name: str, delivery: Delivery, sent: datetime
) -> tuple[Item, ...]:
    violations: list[Violation] = []
    document = Document.of(value, path, violations)
    found: tuple[Item, ...]
    if sweep := document.object("sweep"):
        found = (read_sweep(sweep, sent),)
    elif document.has("policy"):
        found = _read_wishes(document, name, delivery, sent)
    else:
        found = _read_requests(document, name, delivery, sent)
    document.close()
    if violations:
        # Whoever waits for one of several is answered as well.
        wrong = tuple(violations)
        return tuple(_refuse(delivery, one.id or name, sent, wrong) for one in found)
    return found


def _read_requests(
    document: Document, name: str, delivery: Delivery, sent: datetime
) -> tuple[Task, ...]:
    document.take("policy")  # null or '': else it were a wish
    state = document.object("task")
    requests = read_requests(document, default_id=name)
    if state and len(requests) > 1:
        document.wrong("task", "must be absent where instanceIds is given")
    return tuple(_read_state(state, one, delivery.event_id, sent) for one in requests)


def _read_wishes(
    document: Document, name: str, delivery: Delivery, sent: datetime
) -> tuple[Wish, ...]:
    for field in _INTERFACE:
        _check_absent(document, field, "policy")
    state = document.object("task")
    several = read_instances(document)
    name = document.text("requestId", syntax.request_id) or name
    if several:
        _check_absent(document, "instanceId", "instanceIds")
        if state:
            document.wrong("task", "must be absent where instanceIds is given")
        named = names_for(document, name, several)
    else:
        named = [(name, document.text("instanceId", syntax.resource_id, required=True))]
    wish = _read_wish(document, state or Document("", []), delivery, sent)
    return tuple(
        replace(wish, id=one, occasion=replace(wish.occasion, instance_id=instance_id))
        for one, instance_id in named
    )


def _check_absent(document: Document, name: str, other: str) -> None:
    if document.take(name) not in (None, "", []):
        document.wrong(name, f"must be absent where {other} is given")


def _read_wish(
    document: Document, state: Document, delivery: Delivery, sent: datetime
) -> Wish:
    """Take what the wishes for several instances have in common."""
    cause = _one_of(Cause, state, "cause") or Cause.REQUESTED
    # Who asks is owed an outcome of that name: `*` promises none.
    known = syntax.resource_id if cause is Cause.REQUESTED else _policy
    policy = document.text("policy", known)
    wish = Wish(
        id="",
        policy=policy,
        options=given_options(document),
        occasion=Occasion(
            event_id=state.text("eventId", syntax.brief) or delivery.event_id,
            # An event names no policy.
            cause=cause if policy == ANY else Cause.REQUESTED,
            instance_id="",
            index=state.text("index", syntax.interface_index),
        ),
        created=_created(state, sent),
        hurdles=state.integer("hurdles", 0, _MOST_LOOKS),
        failures=state.integer("failures", 0, _MOST_LOOKS),
        reason=state.text("reason", syntax.brief),
    )
    state.integer("v", 1, VERSION)
    state.close()
    return wish


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
            event_id=state.text("eventId", syntax.brief),
            policy=state.text("policy", syntax.brief),
        ),
        created=_created(state, sent),
        looks=state.integer("looks", 0, _MOST_LOOKS),
        hurdles=state.integer("hurdles", 0, _MOST_LOOKS),
        failures=state.integer("failures", 0, _MOST_LOOKS),
        step=_one_of(Step, state, "step"),
        operation_id=state.text("operationId", syntax.resource_id),
        attach_id=state.text("attachId", syntax.resource_id),
        stop_id=state.text("stopId", syntax.resource_id),
        generation=state.integer("generation", 0, MOST_GENERATIONS),
        stops=state.integer("stops", 0, MOST_GENERATIONS),
        restarts=state.integer("restarts", 0, _MOST_LOOKS),
        index=state.text("index", syntax.interface_index),
        foreign=state.texts("foreign", syntax.interface_index, most=_MOST_FOREIGN),
        # Without a permission nothing can have been stopped, nor is owed a start.
        noted=state.flag("noted") and request.options.stop_if_running,
        ending=_one_of(Verdict, state, "ending"),
        reason=state.text("reason", syntax.brief),
    )
    state.close()
    return task


def _policy(value: str) -> str | None:
    return None if value == ANY else syntax.resource_id(value)


def _created(state: Document, sent: datetime) -> datetime:
    # Never later than the message: a date in the future would never be due.
    return min(read_moment(state.take("created")) or sent, sent)


def _one_of(choices: type[_Choice], state: Document, name: str) -> _Choice | None:
    known = {choice.value: choice for choice in choices}
    return known.get(
        state.text(name, lambda value: None if value in known else "is not known")
    )
