"""What is wanted on an occasion: policies times an instance."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from events.cause import Cause, Occasion, Skipped
from events.decision import Verdict
from events.identity import derived_id
from events.instance import Instance
from events.outcome import Outcome
from events.policy import Policies, Policy
from events.request import Request
from events.syntax import AUTO
from events.task import Task

Wanted = Task | Outcome | Skipped


def wanted(
    policies: Policies,
    instance: Instance,
    occasion: Occasion,
    now: datetime,
    names: Collection[str] = (),
) -> tuple[Wanted, ...]:
    """Return what each policy that means *instance* calls for; at least one item.

    A `Task` for an interface that is missing, an `Outcome` for one that can
    never be, `Skipped` where there is nothing to do.

    Args:
        policies: All policies: they may want the same.
        instance: The instance.
        occasion: What happened to it.
        now: The time.
        names: The names of the policies that count; none for all.
    """
    if policies.limits.opted_out(instance):
        return (Skipped(reason="the instance opts out by its label"),)
    matching = [
        policy
        for policy in policies.matching(instance, occasion.cause)
        if _concerned(policy, occasion)
    ]
    counting = [one for one in matching if not names or one.name in names]
    if not counting:
        return (Skipped(reason="no policy matches"),)
    return tuple(
        _wanted(policy, instance, occasion, now, conflict(policy, matching, instance))
        for policy in counting
    )


def upheld(policies: Policies, instance: Instance, index: str) -> dict[str, bool]:
    """Tell of each policy that wants that *index* whether it has what it wants."""
    if policies.limits.opted_out(instance):
        return {}
    wanting = {
        policy.name: policy.attachment(instance)
        for policy in policies.policies
        if policy.index in (index, AUTO) and not policy.match.unlike(instance)
    }
    return {
        name: instance.has(attachment)
        for name, attachment in wanting.items()
        if attachment is not None
    }


def _concerned(policy: Policy, occasion: Occasion) -> bool:
    """Tell whether it may be this policy's interface that was taken away."""
    if occasion.cause is not Cause.DETACHED:
        return True
    return policy.index in (occasion.index, AUTO) or not occasion.index


def conflict(policy: Policy, matching: Sequence[Policy], instance: Instance) -> str:
    """Return which policies want the same index on *instance*, '' if none do.

    None does where *policy* cannot have it itself, for want of a subnet in the
    zone.
    """
    if policy.index == AUTO or policy.attachment(instance) is None:
        return ""
    rivals = [
        one.name
        for one in matching
        if one.index == policy.index and one.attachment(instance) is not None
    ]
    if rivals == [policy.name]:
        return ""
    return f"policies {' and '.join(rivals)} want interface {policy.index}"


def _wanted(
    policy: Policy,
    instance: Instance,
    occasion: Occasion,
    now: datetime,
    problem: str,
) -> Wanted:
    # The event's id makes two stops two requests, and five deliveries of one
    # stop a single one.
    parts = (occasion.event_id, policy.name, instance.id, policy.index)
    request_id = derived_id("request", *parts)
    if problem:
        return refusal(policy, instance, occasion, request_id, problem=problem, now=now)
    found = wanted_by(policy, instance, occasion, request_id, now)
    if isinstance(found, Task) and instance.has(found.attachment):
        return Skipped(reason=f"policy {policy.name}: already attached")
    return found


def wanted_by(
    policy: Policy,
    instance: Instance,
    occasion: Occasion,
    request_id: str,
    now: datetime,
) -> Task | Outcome:
    """Return the task that *policy* has for *instance*, or why it can have none.

    Only who asks can permit a stop: were the attach refused, a stop of ours
    would be the next event, and lead to the next stop.
    """
    attachment = policy.attachment(instance)
    if attachment is None:
        problem = f"policy {policy.name} names no subnet for {instance.zone_id}"
        return refusal(policy, instance, occasion, request_id, problem=problem, now=now)
    options = policy.options
    if occasion.cause is not Cause.REQUESTED:
        options = replace(options, stop_if_running=False)
    request = Request(id=request_id, attachment=attachment, options=options)
    return Task(request=request, origin=occasion.origin(policy.name), created=now)


def refusal(  # noqa: PLR0913 - an outcome has this many independent parts
    policy: Policy,
    instance: Instance,
    occasion: Occasion,
    request_id: str,
    *,
    problem: str,
    now: datetime,
) -> Outcome:
    """Return the outcome of what *policy* cannot have on *instance*."""
    return Outcome(
        id=request_id,
        verdict=Verdict.REFUSED,
        reason=problem,
        time=now,
        created=now,
        subject=f"{instance.id}/{policy.index}",
        request={"instanceId": instance.id, "networkInterfaceIndex": policy.index},
        origin=occasion.origin(policy.name).render(),
        instance_status=instance.status,
    )
