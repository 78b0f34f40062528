"""A local cloud in hurried time, where `nic send` and `nic tail` find queues."""

import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner
from yandex.cloud.compute.v1.instance_service_pb2 import (
    StopInstanceRequest,
)

from cli.deployment import account_of, create_queues, deploy
from cli.main import nic
from events.cause import Cause, Origin
from events.decision import Verdict
from events.outcome import of_task, render_outcome
from fakes.caller import Call
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.queue import NewMessage
from fakes.testing import CloudThread
from tests.hurried_clock import HurriedClock
from tests.unit.build import request, task

PATIENCE = "30"
ZONE = "ru-central1-a"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SUBJECT = "fhm4k9v2c7t1x5n8w3qd/1"
QUICK = Durations.all(timedelta(milliseconds=50))
VISIBLE = "ApproximateNumberOfMessages"


class City:
    """A cloud in hurried time; *deployed*, with the functions as processes."""

    def __init__(self, folder, *, deployed=True):
        self._folder = folder
        self._deployed = deployed
        self.thread = CloudThread(lambda: LocalCloud(HurriedClock(), durations=QUICK))

    def __enter__(self):
        self.thread.__enter__()
        self.cloud = self.thread.cloud
        self.queues = self.thread.call(create_queues, self.cloud)
        self._running = self.thread.begin(self.cloud.run())
        if self._deployed:
            self._deploy()
        return self

    def _deploy(self):
        wanted = {key: one for key, one in self.request("").items() if one}
        del wanted["subnetId"]
        wanted["subnetIds"] = {ZONE: self.cloud.world.subnet_in(ZONE).id}
        policy = {"name": "mgmt", "match": {"causes": ["requested"]}}
        policies = {"policies": [{**policy, "attachment": wanted}]}
        self.thread.call(
            deploy, self.cloud, self._folder, self.queues, policies, lambda *_: None
        )
        attaching = self.thread.call(account_of, self.cloud, "on_task")
        self.thread.call(self.cloud.iam.grant, attaching, "vpc.publicAdmin")

    def __exit__(self, *error):
        self._running.cancel()
        self.thread.__exit__(*error)

    @property
    def variables(self):
        """Return the environment in which the commands find the queues."""
        return {
            "TASKS_QUEUE_URL": self.cloud.queues.url_of(self.queues.tasks),
            "RESULTS_QUEUE_URL": self.cloud.queues.url_of(self.queues.results),
            "QUEUE_KEY_ID": self.cloud.key.id,
            "QUEUE_KEY_SECRET": self.cloud.key.secret,
        }

    def create(self, name, *, running=False):
        """Create an instance, stopped unless *running*; return its id."""
        operation = self._begin(small_instance(self.cloud.world, name=name))
        instance_id = operation.metadata.value.decode()[2:]
        if not running:
            self._begin(StopInstanceRequest(instance_id=instance_id))
        return instance_id

    def flags(self, *instances, index="1", subnet=None):
        """Return the options that ask for an interface."""
        world = self.cloud.world
        named = [part for one in instances for part in ("--instance", one)]
        return [
            *named,
            *("--index", index, "--subnet", subnet or world.subnet_in(ZONE).id),
            *("--security-group", world.security_groups[0].id),
        ]

    def request(self, instance_id, **changes):
        """Return a request as a producer has it in a file."""
        world = self.cloud.world
        return {
            "instanceId": instance_id,
            "networkInterfaceIndex": "1",
            "subnetId": world.subnet_in(ZONE).id,
            "securityGroupIds": [world.security_groups[0].id],
            **changes,
        }

    def put(self, body):
        """Put a message on the results queue."""
        self.thread.call(self.queues.results.send, NewMessage(body=body), self._now())

    def another_queue(self, name, *bodies):
        """Return the URL of a new queue with messages on it."""
        queue = self.thread.call(self.cloud.queues.create, name, self._now())
        for body in bodies:
            self.thread.call(queue.send, NewMessage(body=body), self._now())
        return self.cloud.queues.url_of(queue)

    def clear(self):
        """Take all that is visible off the results queue."""
        results = self.queues.results
        while found := self.thread.call(results.receive, self._now(), 10):
            for one in found:
                self.thread.call(results.delete, one.receipt_handle, self._now())

    def results(self):
        """Return how many messages anybody can see, and how many there are."""
        found = self.thread.call(self.queues.results.counters, self._now())
        return found[VISIBLE], sum(found.values())

    def tasks(self):
        """Return how many tasks there are."""
        found = self.thread.call(self.queues.tasks.counters, self._now())
        return sum(found.values())

    def run(self, *arguments, given=None, **variables):
        """Run `nic` in the environment of a deployment."""
        environment = {**self.variables, **variables}
        impatience = threading.Timer(int(PATIENCE), press_ctrl_c)
        impatience.start()
        try:
            result = CliRunner().invoke(nic, arguments, input=given, env=environment)
        finally:
            impatience.cancel()
        assert self.cloud.key.secret not in result.output
        return result

    def wait_for(self, *arguments, **more):
        """Send a request and wait for its end; return the code and the outcomes."""
        result = self.run("send", "--wait", "--patience", PATIENCE, *arguments, **more)
        return result.exit_code, read_all(result.stdout)

    def _now(self):
        return self.cloud.clock.now()

    def _begin(self, wanted):
        begun = self.thread.call(self.cloud.compute.begin, wanted, self._now(), Call())
        self.thread.run(self._idle())
        return begun

    async def _idle(self):
        """Return when all operations have ended."""
        while (moment := self.cloud.compute.next_change()) is not None:
            await self.cloud.clock.sleep_until(moment)
            self.cloud.compute.advance(self._now())


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


def read_all(text):
    """Return the JSON documents that stand one after another in *text*."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def verdicts(outcomes):
    return {one["id"]: one["data"]["verdict"] for one in outcomes}


def outcome(name="foreign-0", verdict=Verdict.ATTACHED, **more):
    """Return the outcome of somebody else's request."""
    origin = Origin(cause=Cause.REQUESTED, event_id="event-1")
    known = task(request=request(id=name), origin=origin)
    return render_outcome(of_task(known, verdict, WHEN, **more))
