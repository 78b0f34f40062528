"""A wish: what a policy wants of an instance, still to be found out.

A producer wishes by naming a policy instead of an interface.  An event becomes
a wish when its instance cannot be looked at now: on the queue it waits as long
as any request, longer than a trigger would try again.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from events.cause import Cause, Occasion, Skipped
from events.decision import Verdict
from events.identity import derived_id
from events.instance import Instance
from events.moments import render_moment
from events.outcome import Outcome
from events.policy import Policies
from events.request import Options, render_options
from events.syntax import LONGEST_REASON
from events.task import VERSION, Task
from events.wanted import Wanted, conflict, wanted, wanted_by

ANY = "*"  # whatever policies match: for events, which name none
# As long as a request without a timeout of its own may take.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be found out, and why.

    Attributes:
        id: The request's id, or one derived from the event.
        policy: The policy's name, or `*`.
        occasion: What happened to which instance.
        created: When it was accepted.
        options: How to go about it, instead of the policy's own way.
        hurdles: How often in a row the instance could not be looked at.
        failures: How often a function failed over it, for no known reason.
        reason: What stood in the way last; for people.
    """

    id: str
    policy: str
    occasion: Occasion
    created: datetime
    options: Options | None = None
    hurdles: int = 0
    failures: int = 0
    reason: str = ""

    @property
    def due(self) -> datetime:
        """When it is given up."""
        return self.created + PATIENCE

    def hindered(self, reason: str) -> "Wish":
        """Return the wish with one more hurdle met, and *reason* for it."""
        return replace(self, hurdles=self.hurdles + 1, reason=reason[:LONGEST_REASON])


def wish_of(occasion: Occasion, now: datetime) -> Wish:
    """Return the wish that an event becomes; the same event gives the same id."""
    name = derived_id("wish", occasion.event_id, occasion.instance_id)
    return Wish(id=name, policy=ANY, occasion=occasion, created=now)


def grant(
    wish: Wish, policies: Policies, instance: Instance | None, now: datetime
) -> tuple[Wanted, ...]:
    """Return what *wish* comes to, now that *instance* was looked at.

    A wish that names a policy comes to one task or one outcome.
    """
    if wish.policy == ANY:
        if instance is None:
            return (Skipped(reason="the instance is gone"),)
        return wanted(policies, instance, wish.occasion, now)
    if instance is None:
        return (outcome_of(wish, Verdict.INSTANCE_MISSING, now),)
    policy = policies.named(wish.policy)
    if policy is None:
        problem = f"there is no policy {wish.policy}"
    elif misfit := policy.match.misfit(instance, wish.occasion.cause):
        problem = f"policy {wish.policy} does not mean the instance: {misfit}"
    elif policies.limits.opted_out(instance):
        problem = "the instance opts out by its label"
    elif rivals := conflict(
        policy, policies.matching(instance, wish.occasion.cause), instance
    ):
        problem = rivals
    else:
        found = wanted_by(policy, instance, wish.occasion, wish.id, wish.created)
        if isinstance(found, Task):
            return (_with_options(found, wish.options),)
        problem = found.reason
    return (outcome_of(wish, Verdict.REFUSED, now, problem, instance.status),)


def _with_options(task: Task, options: Options | None) -> Task:
    given = options or task.request.options
    return replace(task, request=replace(task.request, options=given))


def outcome_of(
    wish: Wish, verdict: Verdict, now: datetime, reason: str = "", status: str = ""
) -> Outcome:
    """Return the outcome of a wish that comes to nothing."""
    instance_id = wish.occasion.instance_id
    named = wish.policy != ANY
    return Outcome(
        id=wish.id,
        verdict=verdict,
        reason=reason,
        time=now,
        created=wish.created,
        subject=instance_id,
        # Nobody made a request of an event.
        request=_render_request(wish) if named else {"instanceId": instance_id},
        origin=wish.occasion.origin(wish.policy if named else "").render(),
        instance_status=status,
    )


def render_wish(wish: Wish) -> str:
    """Return the message body that `inbox.read_messages` reads."""
    occasion = wish.occasion
    state = {
        "v": VERSION,
        "cause": occasion.cause is not Cause.REQUESTED and occasion.cause.value,
        "eventId": occasion.event_id,
        "index": occasion.index,
        "created": render_moment(wish.created),
        "hurdles": wish.hurdles,
        "failures": wish.failures,
        "reason": wish.reason,
    }
    present = {name: value for name, value in state.items() if value}
    return json.dumps({**_render_request(wish), "task": present})


def _render_request(wish: Wish) -> dict[str, Any]:
    found: dict[str, Any] = {
        "requestId": wish.id,
        "instanceId": wish.occasion.instance_id,
        "policy": wish.policy,
    }
    if wish.options is not None:
        # Even an empty object is given: it stands for the defaults.
        found["options"] = render_options(wish.options)
    return found
