"""Deploys the functions to the local cloud, as `terraform/` does to the real one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli.package import ENTRYPOINTS, lay_out
from fakes.caller import Subject
from fakes.cloud import LocalCloud
from fakes.queue import Queue
from fakes.serverless.function import Function
from fakes.serverless.instance import Code
from fakes.triggers.logging_trigger import LoggingTrigger
from fakes.triggers.queue_trigger import QueueTrigger
from fakes.triggers.redelivery import Retries
from fakes.triggers.timer_trigger import TimerTrigger

FUNCTION_TIMEOUT = timedelta(seconds=30)
# Beyond it nobody works on a message any more: it may come again.
VISIBILITY = 2 * FUNCTION_TIMEOUT
MOST_DELIVERIES = 5

QUEUE_USER = "queue_user"
ROLES = {
    "on_event": ("compute.viewer",),
    "on_schedule": ("compute.viewer",),
    "on_http": ("compute.editor",),
    "on_task": ("compute.editor",),
    "on_dead_letter": (),
    # Its static key signs what all of them send.
    QUEUE_USER: ("ymq.writer",),
}
"""The roles of each function's service account, on the folder.

Whoever lets requests ask for public addresses adds `vpc.publicAdmin` to those
that attach.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The queues of a deployment.

    Attributes:
        dead: Where tasks go that were delivered too often.
        tasks: Where tasks wait.
        results: Where outcomes go.
    """

    dead: Queue
    tasks: Queue
    results: Queue


def create_queues(
    cloud: LocalCloud,
    visibility: timedelta = VISIBILITY,
    results_name: str = "nic-results",
) -> Queues:
    """Create the three queues, tasks with a redrive to the dead letters.

    One that is there already is used as it is.  A results queue whose name ends in
    `.fifo` keeps the order of each instance's outcomes, and drops repeats within five
    minutes.
    """
    now = cloud.clock.now()
    seconds = str(visibility // timedelta(seconds=1))

    def queue(name: str, attributes: Mapping[str, str]) -> Queue:
        found = [one for one in cloud.queues.queues(name) if one.name == name]
        return found[0] if found else cloud.queues.create(name, now, attributes)

    dead = queue("nic-dead", {"VisibilityTimeout": seconds})
    redrive = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": MOST_DELIVERIES}
    tasks = queue(
        "nic-tasks",
        {"VisibilityTimeout": seconds, "RedrivePolicy": json.dumps(redrive)},
    )
    fifo = {"FifoQueue": "true"} if results_name.endswith(".fifo") else {}
    results = queue(results_name, fifo)
    return Queues(dead=dead, tasks=tasks, results=results)


def account_of(cloud: LocalCloud, name: str) -> Subject:
    """Return the service account of one of `ROLES`, made when first asked for."""
    title = f"nic-{name.replace('_', '-')}"
    return cloud.iam.find_service_account(title) or cloud.iam.create_service_account(
        title, ROLES[name]
    )


def environment(
    cloud: LocalCloud, queues: Queues, policies: Any, ca_file: Path
) -> dict[str, str]:
    """Return the environment variables of the functions, with their static key."""
    user = account_of(cloud, QUEUE_USER)
    key = cloud.iam.find_access_key(user) or cloud.iam.create_access_key(user)
    return {
        "TASKS_QUEUE_URL": cloud.queues.url_of(queues.tasks),
        "RESULTS_QUEUE_URL": cloud.queues.url_of(queues.results),
        "QUEUE_KEY_ID": key.id,
        "QUEUE_KEY_SECRET": key.secret,
        "POLICIES": json.dumps(policies, separators=(",", ":")),
        "FOLDER_ID": cloud.world.folder_id,
        # Whoever calls the function's URL has shown a token to the platform.
        "ALLOW_ANONYMOUS": "url",
        "COMPUTE_ENDPOINT": cloud.rpc.endpoint,
        "OPERATION_ENDPOINT": cloud.rpc.endpoint,
        "VPC_ENDPOINT": cloud.rpc.endpoint,
        "CA_FILE": str(ca_file),
    }


def deploy(  # noqa: PLR0913 - a deployment has this many parts
    cloud: LocalCloud,
    folder: Path,
    queues: Queues,
    policies: Any,
    on_line: Callable[[str, str], object],
    *,
    concurrency: int = 1,
    sweeps: str = "",
) -> dict[str, Function]:
    """Deploy the functions with their triggers, and let the triggers call.

    Args:
        cloud: A cloud that was started.
        folder: An empty folder for the package.
        queues: The queues.
        policies: What instances should have, as JSON.
        on_line: Gets the name of a function and a line of its log.
        concurrency: How many instances of each function may run at once.
        sweeps: When to sweep, as a cron expression; '' for never.
    """
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(cloud.rpc.ca_pem)
    package = folder / "package"
    lay_out(package)
    variables = environment(cloud, queues, policies, ca_file)

    def function(name: str) -> Function:
        code = Code(folder=package, entrypoint=f"{name}.handle", environment=variables)
        return cloud.functions.deploy(
            name,
            code,
            lambda line: on_line(name, line),
            timeout=FUNCTION_TIMEOUT,
            concurrency=concurrency,
            account=account_of(cloud, name),
        )

    found = {name: function(name) for name in ENTRYPOINTS}
    bind(cloud, queues, found)
    if sweeps:
        bind_timer(cloud, queues, found, sweeps)
    return found


def bind(cloud: LocalCloud, queues: Queues, found: dict[str, Any]) -> None:
    """Let events, messages and callers reach the functions *found*, by their names."""
    happened = LoggingTrigger(
        cloud.audit_group, cloud.chance, Retries(dead_letters=queues.dead)
    )
    if cloud.estate.kept is not None:
        happened.keep_in(cloud.estate.kept, "events for on_event")
    cloud.runner.bind(happened, found["on_event"])
    for queue, name in ((queues.tasks, "on_task"), (queues.dead, "on_dead_letter")):
        trigger = QueueTrigger(queue=queue, place=cloud.place)
        cloud.runner.bind(trigger, found[name])
    cloud.http.serve("on_http", found["on_http"])


def bind_timer(
    cloud: LocalCloud,
    queues: Queues,
    found: dict[str, Any],
    cron: str,
    payload: str = "",
) -> None:
    """Let a timer begin sweeps, at the times of *cron*."""
    timer = TimerTrigger(
        cron,
        place=cloud.place,
        chance=cloud.chance,
        since=cloud.clock.now(),
        payload=payload,
        retries=Retries(dead_letters=queues.dead),
    )
    cloud.runner.bind(timer, found["on_schedule"])
