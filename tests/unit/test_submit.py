"""What the client is told where a story over sockets would take too long."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from events.guard import Subnet
from events.identity import idempotency_key
from events.limits import Limits
from events.request import Options
from events.rest import Call
from functions._ports import CloudError, ThrottledError
from functions._submit import Submitter
from tests.unit.build import NOW, Mailbox, instance, interface, operation, request

BUSY = CloudError("UNAVAILABLE", "busy")
RUNNING = operation(done=False, json={"id": "fhm-operation-1"})
ATTACHED = (interface(index="0"), interface())
FOREIGN = (interface(index="0"), interface(subnet_id="other"))


@dataclass
class Cloud:
    """Shows one instance, and answers an attach; an error stands for a refusal."""

    shown: object = field(default_factory=instance)
    begins: object = RUNNING
    listed: tuple = ()
    network: object = "enp"
    keys: list = field(default_factory=list)

    def instance(self, _instance_id):
        return answered(self.shown)

    def attaches(self, _wanted):
        return self.listed

    def subnet(self, subnet_id):
        answered(self.network)
        return Subnet(id=subnet_id, zone_id="ru-central1-a", network_id="enp")

    def network_of_group(self, _group_id):
        return self.network

    def attach(self, _wanted, key):
        self.keys.append(key)
        return answered(self.begins)


def answered(value):
    if isinstance(value, Exception):
        raise value
    return value


def submit(cloud, tasks=None, **changes):
    """Return the status and the code, and the messages on the queue."""
    tasks = tasks or Mailbox()
    submitter = Submitter(compute=cloud, tasks=tasks, limits=Limits(), now=lambda: NOW)
    answer = submitter.submit(Call(request=request(**changes), event_id="call-1"))
    assert answer.request_id == "request-1"
    return answer, tasks.sent


@pytest.mark.parametrize(
    ("shown", "listed"),
    [
        (instance(), ()),
        (instance(interfaces=ATTACHED), ()),
        (instance(interfaces=FOREIGN), ()),
        (instance(status="RUNNING", interfaces=ATTACHED), ()),
        (instance(status="RUNNING", interfaces=FOREIGN), ()),
        (instance(status="UPDATING"), (RUNNING,)),
    ],
)
def test_the_api_decides_what_may_be_a_repeat(shown, listed):
    """Called with the request's own key, where the index is taken or being taken,
    or free on a stopped instance.
    """
    cloud = Cloud(shown=shown, listed=listed)
    answer, _ = submit(cloud)
    assert (answer.status, answer.document["id"]) == (200, RUNNING.id)
    assert cloud.keys == [idempotency_key(request(), "attach", 0)]


@pytest.mark.parametrize(
    ("shown", "listed", "code"),
    [
        (None, (), 5),
        (instance(status="DELETING", interfaces=ATTACHED), (), 5),
        (instance(status="RUNNING"), (RUNNING,), 9),
        (instance(status="UPDATING"), (), 9),
        (instance(status="UPDATING"), (operation(),), 9),
        (instance(status="STARTING"), (), 9),
        (instance(status="CRASHED"), (), 9),
        (instance(disks=13), (), 9),
        (BUSY, (), 14),
    ],
)
def test_an_attach_that_could_do_harm_is_not_called(shown, listed, code):
    """Nothing is begun and nothing goes on."""
    cloud = Cloud(shown=shown, listed=listed)
    answer, sent = submit(cloud)
    assert (answer.document["code"], cloud.keys, sent) == (code, [], [])


@pytest.mark.parametrize(
    ("network", "code"),
    [("other", 9), (None, 9), (CloudError("UNAVAILABLE", "busy"), 14)],
)
def test_the_network_is_looked_at_first(network, code):
    """A group elsewhere, or none, or a network that cannot be looked at now."""
    cloud = Cloud(network=network)
    answer, sent = submit(cloud)
    assert (answer.document["code"], cloud.keys, sent) == (code, [], [])


@pytest.mark.parametrize(
    ("begins", "soonest", "latest"), [(RUNNING, 3, 4), (operation(), 0, 0)]
)
def test_the_task_that_follows_knows_its_operation(begins, soonest, latest):
    """It looks in a while; at once, if the operation has ended already."""
    _, [sent] = submit(Cloud(begins=begins))
    state = sent["body"]["task"]
    assert (state["step"], state["looks"], state["eventId"]) == ("attach", 1, "call-1")
    assert state["operationId"] == state["attachId"] == begins.id
    assert timedelta(seconds=soonest) <= sent["after"] <= timedelta(seconds=latest)


def test_what_needs_the_queue_is_sent_there_untouched():
    """As a task that nobody has looked at yet."""
    cloud = Cloud(shown=BUSY)
    answer, [sent] = submit(cloud, options=Options(stop_if_running=True))
    assert (answer.status, answer.document) == (202, {"requestId": "request-1"})
    assert set(sent["body"]["task"]) == {"v", "cause", "eventId", "created"}
    assert (sent["after"], cloud.keys) == (timedelta(0), [])


@pytest.mark.parametrize(
    ("code", "status"),
    [("UNAVAILABLE", 503), ("CANCELLED", 499), ("NEW_IDEA", 500)],
)
def test_doubt_goes_on(code, status):
    """Whatever is not known to have begun nothing is followed to its end."""
    answer, [sent] = submit(Cloud(begins=CloudError(code, "lost")))
    state = sent["body"]["task"]
    assert answer.status == status
    assert "the request goes on as request-1" in answer.document["message"]
    assert (state["step"], state["hurdles"]) == ("attach", 1)
    assert state["reason"] == f"{code}: lost"
    assert "operationId" not in state
    assert sent["after"] >= timedelta(seconds=3)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("RESOURCE_EXHAUSTED", 429),
        ("ABORTED", 409),
        ("ALREADY_EXISTS", 409),
        ("FAILED_PRECONDITION", 400),
        ("OUT_OF_RANGE", 400),
        ("NOT_FOUND", 404),
        ("UNIMPLEMENTED", 501),
        ("UNAUTHENTICATED", 503),
    ],
)
def test_a_refusal_does_not(code, status):
    """The answer is the end; that our own token is refused is not the client's."""
    answer, sent = submit(Cloud(begins=CloudError(code, "no")))
    assert (answer.status, sent) == (status, [])
    assert answer.document["message"] == f"{code}: no"


@pytest.mark.parametrize(
    ("begins", "options", "message"),
    [
        (
            RUNNING,
            Options(),
            "operation fhm-operation-1 has begun, but is not followed",
        ),
        (BUSY, Options(), "UNAVAILABLE: busy; repeat it with the same key"),
        (
            RUNNING,
            Options(dry_run=True),
            "the queue may have taken it or not: repeat",
        ),
    ],
)
def test_a_queue_that_takes_nothing_is_told(begins, options, message):
    """503, with what has begun and how to go on."""
    answer, _ = submit(Cloud(begins=begins), Mailbox(full=True), options=options)
    assert (answer.status, answer.document["code"]) == (503, 14)
    assert message in answer.document["message"]


def test_a_queue_that_has_too_much_to_do_took_nothing():
    """That can be told for certain."""
    answer, _ = submit(
        Cloud(), Mailbox(full=ThrottledError), options=Options(dry_run=True)
    )
    assert answer.status == 503
    assert answer.document["message"].endswith("nothing was begun")
