"""The story of an instance: what happened, what is there, what is wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cli.access import Access
from cli.backtest import Backtest, backtesting
from cli.looking import Looking
from cli.peek import QueueSeen
from events.cause import Cause, Occasion
from events.instance import Instance
from events.policy import Policies, Policy
from events.sighting import OperationSeen
from functions._ports import CloudError


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an instance stands with a policy.

    Attributes:
        policy: The policy's name.
        index: The interface it wants.
        unlike: Why the policy does not mean the instance, '' if it does.
        has: Whether it has what it wants.
        would: What would be done at the next look, as `Finding` has it; '' if
            nothing.
        why: In words.
        causes: On which occasions that look comes; () for any.
    """

    policy: str
    index: str
    unlike: str = ""
    has: bool = False
    would: str = ""
    why: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that can be found out about an instance.

    Attributes:
        instance_id: Its id.
        instance: The instance, None if there is none, or if it cannot be seen.
        problem: Why it cannot be seen; '' otherwise.
        operations: What happened to it, oldest first.
        unknown: Why the operations cannot be seen; '' otherwise.
        opted_out: The label by which it opts out, '' if it does not.
        standings: How it stands with each policy.
        queues: What the queues say.
    """

    instance_id: str
    instance: Instance | None
    problem: str = ""
    operations: Sequence[OperationSeen] = ()
    unknown: str = ""
    opted_out: str = ""
    standings: Sequence[Standing] = ()
    queues: Sequence[QueueSeen] = ()


def find_out(
    access: Access,
    policies: Policies,
    instance_id: str,
    now: Callable[[], datetime],
    queues: Sequence[QueueSeen] = (),
) -> Story:
    """Return the story of an instance.

    Raises:
        click.ClickException: If the cloud cannot be asked at all.
    """
    looking = Looking(access.compute())
    instance, problem, standings = None, "", []
    try:
        instance = looking.instance(instance_id)
    except CloudError as error:
        problem = error.reason
    if instance:
        with backtesting(looking, policies, now) as backtest:
            standings = [
                _standing(one, instance, backtest) for one in policies.policies
            ]
    operations, unknown = _operations(access, instance_id)
    out = instance is not None and policies.limits.opted_out(instance)
    return Story(
        instance_id=instance_id,
        instance=instance,
        problem=problem,
        operations=operations,
        unknown=unknown,
        opted_out=policies.limits.opt_out_label if out else "",
        standings=standings,
        queues=queues,
    )


def _operations(access: Access, instance_id: str) -> tuple[list[OperationSeen], str]:
    try:
        return access.operations(instance_id), ""
    except CloudError as error:
        return [], "" if error.code == "NOT_FOUND" else error.reason


def _standing(policy: Policy, instance: Instance, backtest: Backtest) -> Standing:
    attachment = policy.attachment(instance)
    unlike = policy.match.unlike(instance)
    has = attachment is not None and instance.has(attachment)
    causes = policy.match.causes
    standing = Standing(
        policy=policy.name,
        index=policy.index,
        unlike=unlike,
        has=has,
        causes=tuple(cause.value for cause in causes),
    )
    if unlike or has:
        return standing
    occasion = Occasion(
        event_id="why",
        cause=causes[0] if causes else Cause.STOPPED,
        instance_id=instance.id,
    )
    found = backtest.consider(occasion)
    # What is skipped is skipped for all of them.
    own = [one for one in found if one.policy in (policy.name, "")]
    return replace(standing, would=own[0].would, why=own[0].why) if own else standing
