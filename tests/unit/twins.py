"""Two estates that live the same life, one of which is killed now and then."""

import random
from datetime import UTC, datetime, timedelta

from google.protobuf.message import Message
from yandex.cloud.compute.v1 import instance_service_pb2 as instances
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.operation.operation_service_pb2 import (
    CancelOperationRequest,
    GetOperationRequest,
)
from yandex.cloud.vpc.v1 import address_service_pb2 as addresses
from yandex.cloud.vpc.v1 import network_service_pb2 as networks
from yandex.cloud.vpc.v1 import subnet_service_pb2 as subnets

from fakes.caller import Call
from fakes.compute.creation import small_instance
from fakes.errors import ApiError
from fakes.estate import new_estate
from fakes.queue import NewMessage, QueueError
from fakes.state import KeptEstates, StateFile

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def begin(seed):
    return new_estate(seed)


def resume(seed, found):
    return new_estate(seed, found=found)


def reopened(path, seed=1):
    """Return the file and what is in it, or what begins with it."""
    file = StateFile(path)
    return file, KeptEstates(file, begin, resume)(seed)


class Mortal:
    """An estate in a file."""

    def __init__(self, path, seed=1):
        self._path = path
        self.file, self.estate = reopened(path, seed)

    def kill(self):
        """Lose all that is not written, and begin again."""
        state = self.estate.chance._random.getstate()
        self.file._file.close()
        self.file, self.estate = reopened(self._path)
        # The same dice, so that both live the same life.
        self.estate.chance._random.setstate(state)


class Life:
    """What somebody does to an estate, the same in every life with its seed."""

    def __init__(self, estate, seed):
        self.estate = estate
        self.now = START
        self._dice = random.Random(seed)  # noqa: S311 - a test's
        self._operations, self._tokens = ["none"], ["none"]
        self._receipts, self._asked = [("a", "none")], []

    def live(self):
        """Do one thing; return what came of it, and how it looks afterwards."""
        self.now += self._dice.choice([0.01, 0.1, 1.1, 3.3, 20.7]) * SECOND
        deed = self._dice.choice(DEEDS)
        try:
            answer = deed(self)
        except (ApiError, QueueError) as error:
            answer = str(error)
        return deed.__name__, plain(answer)

    def pick(self, *several):
        return self._dice.choice(several)

    def begin(self, request):
        key = f"00000000-0000-4000-8000-{self._dice.getrandbits(48):012x}"
        self._asked.append((key, request))
        return self._begin(key, request)

    def ask_again(self):
        """Repeat a request, or its key with another's request, or without a key."""
        if not self._asked:
            return self.create_instance()
        (key, request), (_, other) = self._dice.choices(self._asked[-6:], k=2)
        return self._begin(self.pick(key, key, None), self.pick(request, other))

    def _begin(self, key, request):
        call = Call(idempotency_key=key)
        operation = self.estate.compute.begin(request, self.now, call)
        self._operations.append(operation.id)
        return operation

    def instance_id(self):
        found = sorted(one.id for one in self.estate.world.instances)
        return self._dice.choice([*found, "fhmnone"])

    def create_instance(self):
        name = f"vm-{self._dice.randrange(6)}"
        return self.begin(small_instance(self.estate.world, name=name))

    def power(self):
        kind = self.pick(
            instances.StartInstanceRequest,
            instances.StopInstanceRequest,
            instances.StopInstanceRequest,
            instances.DeleteInstanceRequest,
        )
        return self.begin(kind(instance_id=self.instance_id()))

    def attach(self):
        here = self.estate.world.instances
        stopped = [it.id for it in here if it.status == Instance.Status.STOPPED]
        nat = instances.OneToOneNatSpec()
        request = instances.AttachInstanceNetworkInterfaceRequest(
            instance_id=min(stopped, default=self.instance_id()),
            network_interface_index=str(self._dice.randrange(1, 4)),
            subnet_id=self.estate.world.subnets[0].id,
            security_group_ids=[self.estate.world.security_groups[0].id],
            primary_v4_address_spec=instances.PrimaryAddressSpec(
                one_to_one_nat_spec=nat if self.pick(True, False) else None
            ),
        )
        return self.begin(request)

    def change_networks(self):
        world = self.estate.world
        folder, name = world.folder_id, f"n-{self._dice.randrange(4)}"
        block = f"10.{self._dice.randrange(4)}.0.0/24"
        request = self.pick(
            networks.CreateNetworkRequest(folder_id=folder, name=name),
            networks.DeleteNetworkRequest(network_id=added(world.networks, 2)),
            subnets.CreateSubnetRequest(
                folder_id=folder,
                network_id=world.networks[-1].id,
                zone_id="ru-central1-b",
                v4_cidr_blocks=[block],
            ),
            subnets.DeleteSubnetRequest(subnet_id=added(world.subnets, 3)),
            addresses.CreateAddressRequest(
                folder_id=folder,
                external_ipv4_address_spec=addresses.ExternalIpv4AddressSpec(
                    zone_id="ru-central1-a"
                ),
            ),
        )
        return self.begin(request)

    def follow(self):
        kind = self.pick(GetOperationRequest, CancelOperationRequest)
        request = kind(operation_id=self.pick(*self._operations[-5:]))
        compute = self.estate.compute
        look = (
            compute.cancel if kind is CancelOperationRequest else compute.get_operation
        )
        return look(request, self.now)

    def look_around(self):
        world = self.estate.world
        self.estate.compute.advance(self.now)
        everything = [*world.networks, *world.subnets, *world.security_groups]
        return [*everything, *sorted(world.instances, key=lambda one: one.id)]

    def queue(self):
        name = self.pick("a", "b", "c.fifo", "d.fifo")
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        found = [it for it in self.estate.queues.queues() if it.name == name]
        return found[0] if found else self.estate.queues.create(name, self.now, fifo)

    def send(self):
        queue = self.queue()
        body = f"body {self._dice.randrange(5)}"
        if not queue.attributes.fifo:
            delay = self.pick(None, SECOND, 5 * SECOND)
            return queue.send(NewMessage(body=body, delay=delay), self.now)
        key = f"key-{self._dice.randrange(6)}"
        message = NewMessage(body=body, group_id="x", deduplication_id=key)
        return queue.send(message, self.now)

    def receive(self):
        queue = self.queue()
        attempt = self.pick(None, "t1", "t2") if queue.attributes.fifo else None
        limit, hidden = self.pick(1, 3, 10), self.pick(None, SECOND, 60 * SECOND)
        received = queue.receive(self.now, limit, hidden, attempt)
        self._receipts += [(queue.name, one.receipt_handle) for one in received]
        return received

    def settle(self):
        name, receipt = self.pick(*self._receipts[-4:])
        queue = self.estate.queues.by_name(name)
        if self.pick(True, False):
            return queue.delete(receipt, self.now)
        return queue.change_visibility(receipt, 10 * SECOND, self.now)

    def count(self):
        queue = self.queue()
        return [queue.counters(self.now), str(queue.next_visible(self.now))]

    def administrate(self):
        service, queue = self.estate.queues, self.queue()
        match self._dice.randrange(6):
            case 0:
                return service.delete(service.url_of(queue), self.now)
            case 1:
                return service.purge(queue, self.now)
            case 2:
                return service.set_tags(queue, {"team": self.pick("x", "y")})
            case 3:
                policy = '{"deadLetterTargetArn":"%s","maxReceiveCount":2}'
                wire = {"RedrivePolicy": policy % self.queue().arn}
            case _:
                wire = {"DelaySeconds": self.pick("0", "4")}
        return service.set_attributes(queue, wire, self.now)

    def identify(self):
        iam = self.estate.iam
        account = iam.find_service_account("robot")
        if account is None:
            account = iam.create_service_account("robot", ["ymq.writer"])
        token = iam.issue(account, self.now, self.pick(SECOND, 90 * SECOND))
        self._tokens.append(token.value)
        known = iam.authenticate(f"Bearer {self.pick(*self._tokens[-3:])}", self.now)
        return [token, known, iam.create_access_key(account), iam.access_keys]


DEEDS = [
    *[Life.create_instance, Life.power, Life.attach, Life.change_networks],
    *[Life.ask_again, Life.follow, Life.follow, Life.look_around],
    *[Life.attach, Life.settle, Life.settle],
    *[Life.send, Life.send, Life.send, Life.receive, Life.receive, Life.settle],
    *[Life.count, Life.administrate, Life.identify],
]


def added(resources, first):
    """Return the id of the newest that was not there from the *first*, or of none."""
    return resources[-1].id if len(resources) > first else "none"


def plain(answer):
    """Return what two answers can be compared by."""
    if isinstance(answer, list):
        return [plain(one) for one in answer]
    return str(answer) if isinstance(answer, Message) else answer
