"""A local cloud under a clock that the test turns, with the functions deployed.

Everything goes through real sockets: the functions run in threads, built by
their own wiring, and reach the cloud over gRPC with TLS and over HTTP.
"""

import json
from datetime import UTC, datetime, timedelta

from google.protobuf.json_format import MessageToDict
from yandex.cloud.compute.v1.instance_service_pb2 import (
    GetInstanceRequest,
    ListInstanceOperationsRequest,
    StartInstanceRequest,
    StopInstanceRequest,
)
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest

from cli.deployment import (
    VISIBILITY,
    account_of,
    bind,
    create_queues,
    environment,
)
from fakes.caller import Call
from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.queue import NewMessage
from fakes.serverless.bootstrap import Context
from fakes.serverless.function import Function
from fakes.serverless.instance import ThreadInstance
from fakes.testing import CloudThread
from functions._settings import read_settings
from functions._wiring import build
from tests.scenario.handlers import handlers

# Both the cloud and boto-like clients accept 15 minutes of skew, no more.
START = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - signatures name the day
ZONE = "ru-central1-a"
A_WHILE = timedelta(seconds=5)
NEVER = 253_402_300_799_000  # the end of the year 9999, in milliseconds


class Stage:
    """What a scenario acts on.

    Between `with`: `queues` and `instance` (stopped, one interface, label
    nic=mgmt) are there, and the functions are bound to their triggers.
    """

    def __init__(self, folder, *, attach=timedelta(seconds=3.4), results="nic-results"):
        self._results = results
        self.clock = ManualClock(START)
        self._folder = folder
        self._warm = []
        durations = Durations(attach=attach)
        self.thread = CloudThread(
            lambda: LocalCloud(self.clock, seed=1, durations=durations)
        )

    def __enter__(self):
        self.thread.__enter__()
        self.cloud = self.thread.cloud
        self.queues = self.thread.call(
            create_queues, self.cloud, VISIBILITY, self._results
        )
        self.instance = self.create("web-1")
        return self

    def __exit__(self, *error):
        self.thread.__exit__(*error)
        for warm in self._warm:
            warm.close()

    # The world

    def create(self, name, *, running=False, labels=(("nic", "mgmt"),), zone=ZONE):
        """Create an instance, stopped unless *running*; return its id."""
        request = small_instance(self.cloud.world, name=name, zone_id=zone)
        request.labels.update(dict(labels))
        instance_id = self.begin(request).metadata.value.decode()[2:]
        self.pass_compute()
        if not running:
            self.begin(StopInstanceRequest(instance_id=instance_id))
            self.pass_compute()
        return instance_id

    def begin(self, request):
        """Begin an operation as somebody else would."""
        return self.thread.call(
            self.cloud.compute.begin, request, self.clock.now(), Call()
        )

    def pass_compute(self, by=A_WHILE):
        """Let time pass for instances alone."""
        self.clock.advance(by)
        self.thread.call(self.cloud.compute.advance, self.clock.now())

    def start(self, instance_id):
        self.begin(StartInstanceRequest(instance_id=instance_id))

    def stop(self, instance_id):
        self.begin(self.stop_request(instance_id))

    @staticmethod
    def stop_request(instance_id):
        return StopInstanceRequest(instance_id=instance_id)

    def see(self, instance_id=None):
        request = GetInstanceRequest(instance_id=instance_id or self.instance)
        return self.thread.call(self.cloud.compute.get, request, self.clock.now())

    def interfaces(self, instance_id=None):
        return [one.index for one in self.see(instance_id).network_interfaces]

    def attaches(self, instance_id=None):
        """Return the attach operations there were on an instance."""
        request = ListInstanceOperationsRequest(
            instance_id=instance_id or self.instance
        )
        page = self.thread.call(
            self.cloud.compute.list_operations, request, self.clock.now()
        )
        return [one for one in page.operations if "Attach" in one.metadata.type_url]

    def operation_json(self, operation_id):
        request = GetOperationRequest(operation_id=operation_id)
        found = self.thread.call(
            self.cloud.compute.get_operation, request, self.clock.now()
        )
        return MessageToDict(found)

    def keys(self, method="AttachNetworkInterface"):
        """Return the idempotency keys with which a method was called."""
        return [
            one.idempotency_key
            for one in self.cloud.faults.seen
            if one.method.endswith(method)
        ]

    # The deployment

    def policies(self, **limits):
        world = self.cloud.world
        wanted = {
            "networkInterfaceIndex": "1",
            "subnetIds": {ZONE: world.subnet_in(ZONE).id},
            "securityGroupIds": [world.security_groups[0].id],
        }
        match = {"labels": {"nic": "mgmt"}}
        policy = {"name": "mgmt", "match": match, "attachment": wanted}
        return {"policies": [policy], "limits": limits}

    def deploy(self, *, bound=bind, policies=None, **replaced):
        """Deploy the functions and return them, by name.

        *policies* are other ones, or make them from the stage; *replaced* are
        other handlers.
        """
        ca_file = self._folder / "ca.pem"
        ca_file.write_bytes(self.cloud.rpc.ca_pem)
        wanted = policies(self) if callable(policies) else policies
        variables = environment(
            self.cloud, self.queues, wanted or self.policies(), ca_file
        )
        settings = read_settings(variables)

        def kept():
            self._warm.append(
                build(settings, self.clock.now, pause=lambda _seconds: None)
            )
            return self._warm[-1]

        self.handlers = handlers(kept)
        found = {
            name: self.function(name, handler)
            for name, handler in {**self.handlers, **replaced}.items()
        }
        self.thread.call(bound, self.cloud, self.queues, found)
        return found

    def grant(self, name, role):
        """Let the service account of a function have one more role."""
        account = account_of(self.cloud, name)
        self.thread.call(self.cloud.iam.grant, account, role)

    def function(self, name, handler):
        async def launch():
            return ThreadInstance(handler)

        return Function(
            name=name,
            launch=launch,
            token=lambda: self.cloud.fresh_token(account_of(self.cloud, name)),
            chance=self.cloud.chance,
        )

    def context(self):
        """Return what the platform hands to a handler beside the event."""
        token, _ = self.thread.call(self.cloud.fresh_token)
        return Context({"deadline_ms": NEVER, "token": {"access_token": token}})

    def turn(self, by=A_WHILE, times=1):
        """Let time pass, and all that is due happen, again and again."""
        for _ in range(times):
            self.clock.advance(by)
            self.thread.run(self.cloud.pass_time())

    # The queues

    def request(self, **changes):
        """Return a producer's request for interface 1 of the instance."""
        world = self.cloud.world
        request = {
            "requestId": "request-1",
            "instanceId": self.instance,
            "networkInterfaceIndex": "1",
            "subnetId": world.subnet_in(ZONE).id,
            "securityGroupIds": [world.security_groups[0].id],
        }
        changed = {**request, **changes}
        return {name: value for name, value in changed.items() if value is not None}

    def ask(self, body):
        """Put a request on the tasks queue; *body* is JSON or text."""
        self.thread.call(self.queues.tasks.send, self.message(body), self.clock.now())

    @staticmethod
    def message(body):
        text = body if isinstance(body, str) else json.dumps(body)
        return NewMessage(body=text)

    def outcomes(self):
        """Receive and delete what is on the results queue."""
        results, now, found = self.queues.results, self.clock.now(), []
        while received := self.thread.call(results.receive, now, 10):
            for message in received:
                self.thread.call(results.delete, message.receipt_handle, now)
                found.append(json.loads(message.body))
        return found

    def left(self):
        """Return how many messages are anywhere on the tasks and dead queues."""
        return sum(
            sum(self.thread.call(queue.counters, self.clock.now()).values())
            for queue in (self.queues.tasks, self.queues.dead)
        )
