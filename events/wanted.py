"""What is wanted after an event: policies times an instance."""

from datetime import datetime

from events.cause import Origin, Skipped, Stopped
from events.decision import Verdict
from events.identity import derived_id
from events.instance import Instance
from events.outcome import Outcome
from events.policy import Policies, Policy
from events.request import Request
from events.task import Task

Wanted = Task | Outcome | Skipped


def wanted(
    policies: Policies, instance: Instance, stopped: Stopped, now: datetime
) -> tuple[Wanted, ...]:
    """Return what each matching policy calls for, now that *instance* stopped.

    A `Task` for an interface that is missing, an `Outcome` for one that can
    never be, `Skipped` where there is nothing to do.
    """
    matching = policies.matching(instance, stopped.cause)
    if not matching:
        return (Skipped(reason="no policy matches"),)
    return tuple(_wanted(policy, instance, stopped, now) for policy in matching)


def _wanted(
    policy: Policy, instance: Instance, stopped: Stopped, now: datetime
) -> Wanted:
    attachment = policy.attachment(instance)
    # The event's id makes two stops two requests, and five deliveries of one
    # stop a single one.
    parts = (stopped.event_id, policy.name, instance.id, policy.index)
    request_id = derived_id("request", *parts)
    origin = Origin(cause=stopped.cause, event_id=stopped.event_id, policy=policy.name)
    if attachment is None:
        return Outcome(
            id=request_id,
            verdict=Verdict.REFUSED,
            reason=f"policy {policy.name} names no subnet for {instance.zone_id}",
            time=now,
            created=now,
            subject=f"{instance.id}/{policy.index}",
            request={
                "instanceId": instance.id,
                "networkInterfaceIndex": policy.index,
            },
            origin=origin.render(),
            instance_status=instance.status,
        )
    if instance.has(attachment):
        return Skipped(reason=f"policy {policy.name}: already attached")
    request = Request(id=request_id, attachment=attachment, options=policy.options)
    return Task(request=request, origin=origin, created=now)
