"""Asks, before anything is begun, whether the instance and the network allow it."""

import structlog

from events.codes import Remedy
from events.guard import misplacement, overload
from events.instance import Instance
from events.limits import Limits
from events.task import Step, Task
from functions._ports import CloudError, Compute

log = structlog.get_logger()


def objection(
    task: Task, instance: Instance, compute: Compute, limits: Limits
) -> str | None:
    """Return why the attach must not be begun, None if nothing speaks against it.

    The network is looked at once: when the attach was asked for before, it was.

    Raises:
        CloudError: If that cannot be told now.
    """
    wanted = task.attachment
    problem = overload(wanted, instance, limits)
    if problem or task.step is Step.ATTACH:
        return problem
    try:
        subnet = compute.subnet(wanted.subnet_id)
        networks = {
            group_id: compute.network_of_group(group_id)
            for group_id in wanted.security_group_ids
        }
    except CloudError as error:
        if error.remedy is not Remedy.NONE:
            raise
        # Whoever may not look at the network leaves the judgement to the API.
        log.warning("not checked", reason=error.reason)
        return None
    return misplacement(wanted, instance, subnet, networks)
