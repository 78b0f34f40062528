"""What becomes of a task where a story over sockets would take too long."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from events.decision import FinalPower, Verdict
from events.guard import Subnet
from events.limits import Limits
from events.request import Options
from events.task import Step
from functions._follow import Follower
from functions._ports import CloudError
from tests.unit.build import NOW, Mailbox, instance, interface, operation, request, task

HOPELESS = NOW + timedelta(hours=3)
BUSY = CloudError("UNAVAILABLE", "busy")
FORBIDDEN = CloudError("PERMISSION_DENIED", "no")
STOPPED = instance()
ATTACHED = instance(interfaces=(interface(),))
RESTORE = request(options=Options(stop_if_running=True))
RUN = request(options=Options(final_power=FinalPower.RUNNING))


@dataclass
class Cloud:
    """Shows one instance and one operation; an error stands for what it refuses."""

    shown: object = STOPPED
    current: object = None
    begins: object = field(default_factory=operation)
    listed: object = ()
    stopped: object = ""

    def instance(self, _instance_id):
        return answered(self.shown)

    def operation(self, _operation_id):
        return answered(self.current)

    def subnet(self, subnet_id):
        return Subnet(id=subnet_id, zone_id="ru-central1-a", network_id="enp")

    def network_of_group(self, _group_id):
        return "enp"

    def attaches(self, _wanted):
        return answered(self.listed)

    def last_stop(self, _instance_id):
        return answered(self.stopped)

    def attach(self, _wanted, _key):
        return answered(self.begins)

    def stop(self, _instance_id, _key):
        return answered(self.begins)

    def start(self, _instance_id, _key):
        return answered(self.begins)


def answered(value):
    if isinstance(value, Exception):
        raise value
    return value


@dataclass
class Desk:
    """A follower with its mailboxes."""

    cloud: Cloud
    now: object = NOW
    tasks: Mailbox = field(default_factory=Mailbox)
    results: Mailbox = field(default_factory=Mailbox)

    @property
    def follower(self):
        return Follower(
            compute=self.cloud,
            tasks=self.tasks,
            results=self.results,
            limits=Limits(),
            now=lambda: self.now,
        )

    def follow(self, known):
        self.follower.follow(known)
        return self

    @property
    def verdicts(self):
        return [one["body"]["data"]["verdict"] for one in self.results.sent]

    @property
    def outcome(self):
        [one] = self.results.sent
        return one["body"]["data"]

    @property
    def next(self):
        """The state of the task that goes on."""
        [one] = self.tasks.sent
        return one["body"]["task"]


def test_progress_forgives_earlier_failures():
    """Failures count only without a success between them."""
    assert "failures" not in Desk(Cloud()).follow(task(failures=4)).next


def test_what_is_owed_is_not_given_up_for_a_permission():
    """An instance that we stopped is started later if it may not be started now."""
    owed = task(request=RESTORE, noted=True, ending=Verdict.REFUSED, reason="because")
    desk = Desk(Cloud(begins=FORBIDDEN)).follow(owed)
    assert (desk.verdicts, desk.next["ending"]) == ([], "refused")


@pytest.mark.parametrize(
    ("known", "stopped", "expected"),
    [
        ("", "fhm-stop-1", "fhm-stop-1"),
        ("fhm-stop-1", BUSY, "fhm-stop-1"),
        ("", "", ""),
        ("", FORBIDDEN, ""),
    ],
)
def test_a_start_makes_up_for_the_last_stop(known, stopped, expected):
    """Also for one whose call ended before it could tell of it; who may not look for
    it starts the instance all the same.
    """
    owed = task(request=RESTORE, noted=True, stop_id=known, ending=Verdict.REFUSED)
    desk = Desk(Cloud(stopped=stopped)).follow(owed)
    assert (desk.next["step"], desk.next.get("stopId", "")) == ("start", expected)


def test_no_start_begins_before_the_last_stop_is_known():
    """The start's key would be another's."""
    owed = task(request=RESTORE, noted=True, ending=Verdict.REFUSED)
    desk = Desk(Cloud(stopped=BUSY)).follow(owed)
    assert "operationId" not in desk.next


def test_a_start_that_was_only_wished_for_is_given_up():
    """The interface is there; that the start was refused is told beside it."""
    desk = Desk(Cloud(shown=ATTACHED, begins=FORBIDDEN)).follow(task(request=RUN))
    assert desk.outcome["verdict"] == "attached"
    assert "not done: start: PERMISSION_DENIED: no" in desk.outcome["warnings"]


def test_a_start_that_may_have_begun_keeps_the_verdict():
    """While it is not known whether the start took effect, the ending is kept."""
    desk = Desk(Cloud(shown=ATTACHED, begins=BUSY)).follow(task(request=RUN))
    assert (desk.next["ending"], desk.next["step"]) == ("attached", "start")


def test_no_answer_to_an_attach_is_no_refusal():
    """What may have been begun is never said to be refused."""
    sent = Desk(Cloud(begins=BUSY)).follow(task()).next
    desk = Desk(Cloud(shown=FORBIDDEN)).follow(task(step=Step(sent["step"])))
    assert (desk.verdicts, len(desk.tasks.sent)) == ([], 1)


def test_the_operation_of_an_unanswered_attach_is_found():
    """Attached, and its operation id never learnt: the outcome has it all the same."""
    attach = operation(created=NOW, ended=NOW)
    earlier = operation(id="earlier", created=NOW - timedelta(days=1))
    desk = Desk(Cloud(shown=ATTACHED, listed=[earlier, attach]))
    desk.follow(task(step=Step.ATTACH))
    assert desk.outcome["operation"]["id"] == attach.id


@pytest.mark.parametrize(
    ("error", "now", "verdicts"),
    [(BUSY, NOW, []), (FORBIDDEN, NOW, ["attached"]), (BUSY, HOPELESS, ["attached"])],
)
def test_an_operation_that_cannot_be_read(error, now, verdicts):
    """It is read later; where that never helps, the verdict goes without it."""
    desk = Desk(Cloud(shown=ATTACHED, current=error), now=now)
    desk.follow(task(step=Step.ATTACH, attach_id="fhm-operation-1"))
    assert desk.verdicts == verdicts


@pytest.mark.parametrize(
    ("ending", "verdict"),
    [
        (Verdict.OPERATION_FAILED, "operation-failed"),
        (Verdict.ATTACHED, "unresolved"),
        (Verdict.INDEX_TAKEN, "unresolved"),
        (None, "unresolved"),
    ],
)
def test_the_last_word_without_a_look(ending, verdict):
    """A verdict stands without a look, unless it claims that something is there."""
    desk = Desk(Cloud(shown=BUSY), now=HOPELESS).follow(
        task(step=Step.START, ending=ending)
    )
    assert desk.verdicts == [verdict]


def test_an_attach_of_others_is_waited_for_when_it_is_late():
    """While any attach to the index runs, a timeout could become a lie."""
    running = operation(done=False)
    late = NOW + timedelta(minutes=61)
    desk = Desk(Cloud(listed=[running]), now=late).follow(task())
    assert (desk.verdicts, "attachId" in desk.next) == ([], False)


def test_an_operation_of_others_is_not_followed():
    """A task's operation id that names another instance's operation is void."""
    other = operation(instance_id="other", done=False)
    desk = Desk(Cloud(current=other)).follow(task(step=Step.STOP, operation_id="other"))
    assert desk.next["step"] == "attach"
