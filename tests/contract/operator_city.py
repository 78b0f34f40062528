"""A local cloud in real time, and `nic` run against it by its file of endpoints."""

import json
import os
import signal
import threading
from datetime import timedelta

from click.testing import CliRunner
from yandex.cloud.compute.v1.instance_service_pb2 import (
    AttachInstanceNetworkInterfaceRequest,
    DeleteInstanceRequest,
    StopInstanceRequest,
)

from cli.deployment import create_queues
from cli.main import nic
from fakes.caller import Call
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.endpoints import write_endpoints
from fakes.queue import NewMessage
from fakes.testing import CloudThread

PATIENCE = 30
ZONE = "ru-central1-a"
QUICK = Durations.all(timedelta(milliseconds=20))
AUDIT = "yandex.cloud.audit.compute."


class City:
    """Between `with`: a cloud without functions, its queues, its endpoints' file."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "cloud.json"
        self.thread = CloudThread(lambda: LocalCloud(SystemClock(), durations=QUICK))
        self._events = 0

    def __enter__(self):
        self.thread.__enter__()
        self.cloud = self.thread.cloud
        self.queues = self.thread.call(create_queues, self.cloud)
        url = self.cloud.queues.url_of
        self.thread.call(
            lambda: write_endpoints(
                self.cloud,
                self.file,
                self.folder / "ca.pem",
                tasks_queue=url(self.queues.tasks),
                results_queue=url(self.queues.results),
                dead_queue=url(self.queues.dead),
            )
        )
        return self

    def __exit__(self, *error):
        self.thread.__exit__(*error)

    # The world

    def create(self, name, *, running=False, zone=ZONE, **labels):
        """Create an instance, stopped unless *running*; return its id."""
        request = small_instance(self.cloud.world, name=name, zone_id=zone)
        request.labels.update(
            {key.replace("_", "-"): one for key, one in labels.items()}
        )
        instance_id = self.begin(request).metadata.value.decode()[2:]
        if not running:
            self.begin(StopInstanceRequest(instance_id=instance_id))
        return instance_id

    def attach(self, instance_id, index="1"):
        """Attach an interface as the policies here want it."""
        world = self.cloud.world
        return self.begin(
            AttachInstanceNetworkInterfaceRequest(
                instance_id=instance_id,
                network_interface_index=index,
                subnet_id=world.subnet_in(ZONE).id,
                security_group_ids=[world.security_groups[0].id],
                primary_v4_address_spec={},
            )
        )

    def delete(self, instance_id):
        self.begin(DeleteInstanceRequest(instance_id=instance_id))

    def begin(self, wanted):
        """Begin an operation as somebody else would, and wait for its end."""
        begun = self.thread.call(self.cloud.compute.begin, wanted, self.now(), Call())
        self.thread.run(self._idle())
        return begun

    async def _idle(self):
        while (moment := self.cloud.compute.next_change()) is not None:
            await self.cloud.clock.sleep_until(moment)
            self.cloud.compute.advance(self.now())

    def now(self):
        return self.cloud.clock.now()

    def calls(self):
        """Return the calls that were made since the last time."""
        seen = [one.method for one in self.cloud.faults.seen]
        self.cloud.faults.clear()
        return seen

    # Files

    def policy(self, name="mgmt", index="1", labels=None, *, zones=(ZONE,), **more):
        """Return a policy; for label nic=mgmt unless others are given."""
        world = self.cloud.world
        match = {"labels": {"nic": "mgmt"} if labels is None else labels}
        wanted = {
            "networkInterfaceIndex": index,
            "subnetIds": {zone: world.subnet_in(ZONE).id for zone in zones},
            "securityGroupIds": [world.security_groups[0].id],
        }
        match |= more.pop("match", {})
        return {"name": name, "match": match, "attachment": wanted, **more}

    def policies(self, *policies, **limits):
        """Write policies to a file; return its name."""
        file = self.folder / "policies.json"
        wanted = policies or [self.policy()]
        file.write_text(json.dumps({"policies": wanted, "limits": limits}))
        return str(file)

    def event(self, kind, instance_id, status="DONE", **details):
        """Return an audit event as a trail writes it."""
        self._events += 1
        return {
            "event_id": f"event-{self._events}",
            "event_type": AUDIT + kind,
            "event_time": "2026-01-02T03:04:05Z",
            "event_status": status,
            "details": {"instance_id": instance_id, **details},
        }

    # The queues

    def put(self, queue, body):
        text = body if isinstance(body, str) else json.dumps(body)
        self.thread.call(queue.send, NewMessage(body=text), self.now())

    def queue(self, name, **attributes):
        return self.thread.call(self.cloud.queues.create, name, self.now(), attributes)

    def messages(self, queue):
        """Return how many messages anybody can see, and how many there are."""
        found = self.thread.call(queue.counters, self.now())
        return found["ApproximateNumberOfMessages"], sum(found.values())

    def purge(self):
        """Take all that is visible off the queues."""
        for queue in (self.queues.tasks, self.queues.results, self.queues.dead):
            while found := self.thread.call(queue.receive, self.now(), 10):
                for one in found:
                    self.thread.call(queue.delete, one.receipt_handle, self.now())

    # The command

    def run(self, *arguments, given=None, local=True, **variables):
        """Run `nic` against this cloud; nothing secret may be printed."""
        where = ("--endpoints", str(self.file)) if local else ()
        environment = {"YC_IAM_TOKEN": None, "YC_TOKEN": None, **variables}
        impatience = threading.Timer(PATIENCE, press_ctrl_c)
        impatience.start()
        try:
            result = CliRunner().invoke(
                nic, [*map(str, arguments), *where], input=given, env=environment
            )
        finally:
            impatience.cancel()
        secret = json.loads(self.file.read_text())
        for name in ("iam_token", "secret_access_key"):
            assert secret[name] not in result.output
        return result


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


def printable(text):
    """Tell whether a text does nothing to a terminal but print lines."""
    return all(line.isprintable() for line in text.split("\n"))
