"""What is wanted on an occasion: policies times an instance."""

from collections.abc import Sequence
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
    policies: Policies, instance: Instance, occasion: Occasion, now: datetime
) -> tuple[Wanted, ...]:
    """Return what each policy that means *instance* calls for; at least one item.

    A `Task` for an interface that is missing, an `Outcome` for one that can
    never be, `Skipped` where there is nothing to do.
    """
    if policies.limits.opted_out(instance):
        return (Skipped(reason="the instance opts out by its label"),)
    matching = [
        policy
        for policy in policies.matching(instance, occasion.cause)
        if _concerned(policy, occasion)
    ]
    if not matching:
        return (Skipped(reason="no policy matches"),)
    return tuple(
        _wanted(policy, instance, occasion, now, _rivals(policy, matching, instance))
        for policy in matching
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


def _rivals(
    policy: Policy, matching: Sequence[Policy], instance: Instance
) -> list[str]:
    """Return the names of those that can have the same index, the policy's included.

    None where it cannot have it itself, for want of a subnet in the zone.
    """
    if policy.index == AUTO or policy.attachment(instance) is None:
        return []
    return [
        one.name
        for one in matching
        if one.index == policy.index and one.attachment(instance) is not None
    ]


def _wanted(
    policy: Policy,
    instance: Instance,
    occasion: Occasion,
    now: datetime,
    rivals: list[str],
) -> Wanted:
    # The event's id makes two stops two requests, and five deliveries of one
    # stop a single one.
    parts = (occasion.event_id, policy.name, instance.id, policy.index)
    request_id = derived_id("request", *parts)
    if len(rivals) > 1:
        problem = f"policies {' and '.join(rivals)} want interface {policy.index}"
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
    """Return the task that *policy* has for *instance*, or why it can have none."""
    attachment = policy.attachment(instance)
    if attachment is None:
        problem = f"policy {policy.name} names no subnet for {instance.zone_id}"
        return refusal(policy, instance, occasion, request_id, problem=problem, now=now)
    request = Request(id=request_id, attachment=attachment, options=policy.options)
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
