"""`nic send` and `nic tail` speak to real queues, with the functions deployed."""

import contextlib
import io
import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from yandex.cloud.compute.v1.instance_service_pb2 import (
    StopInstanceRequest,
)

from cli.consumer import Message, new_client, put_back, receive
from cli.deployment import account_of, create_queues, deploy
from cli.main import nic
from events.cause import Cause, Origin
from events.decision import Verdict
from events.outcome import of_task, render_outcome
from fakes.caller import Call
from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.compute.settings import Durations
from fakes.queue import NewMessage
from fakes.testing import CloudThread
from tests.unit.build import request, task

PATIENCE = "30"
ZONE = "ru-central1-a"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SUBJECT = "fhm4k9v2c7t1x5n8w3qd/1"
QUICK = Durations.all(timedelta(milliseconds=50))
VISIBLE = "ApproximateNumberOfMessages"


class City:
    """A cloud in real time, with the functions deployed as processes."""

    def __init__(self, folder):
        self._folder = folder
        self.thread = CloudThread(lambda: LocalCloud(SystemClock(), durations=QUICK))

    def __enter__(self):
        self.thread.__enter__()
        self.cloud = self.thread.cloud
        self.queues = self.thread.call(create_queues, self.cloud)
        self._running = self.thread.begin(self.cloud.run())
        self.thread.call(
            deploy, self.cloud, self._folder, self.queues, {}, lambda *_: None
        )
        attaching = self.thread.call(account_of, self.cloud, "on_task")
        self.thread.call(self.cloud.iam.grant, attaching, "vpc.publicAdmin")
        return self

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


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with City(tmp_path_factory.mktemp("city")) as city:
        yield city


@pytest.fixture(autouse=True)
def _clean(city):
    yield
    city.clear()


@pytest.fixture(scope="module")
def instance(city):
    """An instance with interface 1."""
    instance_id = city.create("web-1")
    found = city.wait_for(*city.flags(instance_id), "--request-id", "first")
    assert found[0] == 0
    return instance_id


@pytest.fixture(scope="module")
def running(city):
    return city.create("web-2", running=True)


# nic send


def test_who_waits_gets_the_outcome(city):
    """An interface is attached; its outcome is printed and taken off the queue."""
    instance_id = city.create("web-0")
    flags = [*city.flags(instance_id), "--address", "10.128.0.77", "--public"]
    code, [found] = city.wait_for(*flags, "--request-id", "order-1")
    operation = found["data"]["operation"]
    assert (code, verdicts([found])) == (0, {"order-1": "attached"})
    assert operation["metadata"]["instanceId"] == instance_id
    address = found["data"]["request"]["primaryV4AddressSpec"]
    assert address == {
        "address": "10.128.0.77",
        "oneToOneNatSpec": {"ipVersion": "IPV4"},
    }
    assert city.results() == (0, 0)


def test_without_waiting_the_id_is_printed(city, instance):
    """A new one, under which the outcome can be found later."""
    result = city.run("send", *city.flags(instance), RESULTS_QUEUE_URL="")
    [name] = result.stdout.split()
    shown = city.run("tail", "--count", "1", "--json", "--delete")
    assert (result.exit_code, json.loads(shown.stdout)["id"]) == (0, name)


def test_what_does_not_end_well_exits_1(city, running):
    """The outcome is printed all the same."""
    code, found = city.wait_for(*city.flags(running), "--request-id", "order-2")
    assert (code, verdicts(found)) == (1, {"order-2": "not-stopped"})


def test_a_dry_run_attaches_nothing(city, instance):
    """Its outcome tells what would have been done; all options arrive."""
    options = ("--dry-run", "--stop-if-running", "--timeout", "60")
    power = ("--final-power", "running")
    code, [found] = city.wait_for(*city.flags(instance, index="2"), *options, *power)
    assert (code, found["data"]["verdict"]) == (1, "planned")
    assert found["data"]["request"]["options"] == {
        "stopIfRunning": True,
        "finalPower": "running",
        "timeout": "60s",
        "dryRun": True,
    }


def test_several_instances_have_an_outcome_each(city, instance, running):
    """One message, one name, an outcome per instance; all must be attached."""
    flags = city.flags(instance, running)
    code, found = city.wait_for(*flags, "--request-id", "order-3")
    assert (code, verdicts(found)) == (
        1,
        {f"order-3/{instance}": "attached", f"order-3/{running}": "not-stopped"},
    )


def test_a_request_comes_from_a_file(city, instance, tmp_path):
    """It keeps its own name."""
    file = tmp_path / "request.json"
    file.write_text(json.dumps(city.request(instance, requestId="mine")))
    code, found = city.wait_for("--file", str(file), "--request-id", "unused")
    assert (code, verdicts(found)) == (0, {"mine": "attached"})


def test_a_list_comes_from_stdin(city, instance):
    """Who has no name in it is named after the whole and the place."""
    body = [city.request(instance), city.request(instance, requestId="mine")]
    given = json.dumps(body)
    code, found = city.wait_for("--file", "-", "--request-id", "list", given=given)
    assert (code, verdicts(found)) == (0, {"list/0": "attached", "mine": "attached"})


def test_every_mistake_is_told_and_nothing_is_sent(city):
    """Each with its path, in one go."""
    flags = ("--index", "first", "--subnet", "a b", "--address", "10.1.2.300")
    result = city.run("send", *flags, "--request-id", "order 4")
    paths = [line.split()[0] for line in result.stderr.splitlines()]
    assert (result.exit_code, result.stdout) == (2, "")
    assert sorted(paths) == [
        "$.instanceId",
        "$.networkInterfaceIndex",
        "$.primaryV4AddressSpec.address",
        "$.requestId",
        "$.securityGroupIds",
        "$.subnetId",
    ]
    assert city.tasks() == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", "$ is not JSON: JSONDecodeError\n"),
        ("7", "$ must be an object\n"),
        ("[]", "$ must have 1 to 100 items\n"),
        ('[{"colour": "red"}]', "$[0].colour is not a known field\n"),
    ],
)
def test_a_file_is_checked_like_options(city, given, told):
    """Whatever is in it, nothing that is wrong is sent."""
    result = city.run("send", "--file", "-", given=given)
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert city.tasks() == 0


@pytest.mark.parametrize(
    ("arguments", "variables", "told"),
    [
        (["--file", "-", "--index", "1"], {}, "no other option belongs to it"),
        (["--wait"], {"RESULTS_QUEUE_URL": ""}, "--wait needs --results-queue"),
        ([], {"TASKS_QUEUE_URL": ""}, "Missing option '--tasks-queue'"),
        ([], {"TASKS_QUEUE_URL": "http://example.com/q"}, "must be an https URL"),
        ([], {"TASKS_QUEUE_URL": "https://[::"}, "must be an https URL"),
        ([], {"QUEUE_KEY_SECRET": ""}, "Missing option '--key-secret'"),
        (["--timeout", "0"], {}, "--timeout"),
        (["--final-power", "off"], {}, "--final-power"),
    ],
)
def test_a_wrong_command_line_sends_nothing(city, arguments, variables, told):
    """The option is named, the exit code is that of mistakes in usage."""
    result = city.run("send", *arguments, **variables)
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert "example.com" not in result.output
    assert city.tasks() == 0


def test_a_request_that_may_be_lost_can_be_sent_again(city):
    """Under which id is told: then it is the same request, if it was sent."""
    flags = (*city.flags("fhm1"), "--request-id", "order-5")
    result = city.run("send", *flags, TASKS_QUEUE_URL="https://127.0.0.1:1/queue")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines() == [
        "Error: SendMessage: no answer from the queue: ConnectionRefusedError",
        "to be sure, again with: --request-id order-5",
    ]


def test_a_queue_that_cannot_be_read_leaves_the_end_unknown(city, instance):
    """The request was sent, and its id told."""
    missing = city.variables["RESULTS_QUEUE_URL"] + "-missing"
    flags = (*city.flags(instance), "--request-id", "order-6", "--wait")
    result = city.run("send", *flags, RESULTS_QUEUE_URL=missing)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("order-6\nError: sent, but: ReceiveMessage: ")
    city.run("tail", "--count", "1", "--delete")


def test_patience_has_an_end(city):
    """What did not come in time is not known; foreign outcomes were put back."""
    others = city.another_queue("others", outcome())
    flags = (*city.flags("fhm-none"), "--request-id", "late", "--wait")
    result = city.run("send", *flags, "--patience", "1", RESULTS_QUEUE_URL=others)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "late\nnot in time: 1 of 1 outcomes\n"
    assert city.run("tail", "--count", "1", RESULTS_QUEUE_URL=others).exit_code == 0
    city.run("tail", "--count", "1", "--delete")


def test_outcomes_of_others_stay(city, instance):
    """However many are in front of ours, all are visible afterwards, and so is
    what is no outcome at all.
    """
    bodies = [outcome(f"foreign-{number}") for number in range(24)]
    for body in [*bodies, "no outcome"]:
        city.put(body)
    code, found = city.wait_for(*city.flags(instance), "--request-id", "order-7")
    assert (code, verdicts(found)) == (0, {"order-7": "attached"})
    assert city.results() == (25, 25)


def test_the_first_of_two_outcomes_counts(city):
    """The second one is taken off the queue as well, and not printed."""
    bodies = [outcome("order-8", one) for one in (Verdict.PLANNED, Verdict.REFUSED)]
    elsewhere = city.another_queue("twice", *bodies, outcome("foreign-1"))
    flags = (*city.flags("fhm-none"), "--request-id", "order-8")
    code, found = city.wait_for(*flags, RESULTS_QUEUE_URL=elsewhere)
    left = city.run("tail", "--count", "1", "--json", RESULTS_QUEUE_URL=elsewhere)
    assert (code, verdicts(found)) == (1, {"order-8": "planned"})
    assert json.loads(left.stdout)["id"] == "foreign-1"
    city.run("tail", "--count", "1", "--delete")


# nic tail


def test_it_prints_and_leaves(city):
    """A line per id, however many messages have it; all of them stay."""
    city.put(outcome("a", reason="because\n\x1b[2Jof it"))
    city.put(outcome("a", Verdict.VANISHED))
    city.put(outcome("b", Verdict.REFUSED))
    result = city.run("tail", "--count", "2")
    reason = "because\ufffd\ufffd[2Jof it"
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"2026-01-02 03:04:05  attached          {SUBJECT}  a  {reason}",
        f"2026-01-02 03:04:05  refused           {SUBJECT}  b",
    ]
    assert city.results() == (3, 3)


def test_it_consumes_what_it_printed(city):
    """And nothing beyond as many as were asked for."""
    for name in ("a", "b", "c"):
        city.put(outcome(name))
    result = city.run("tail", "--delete", "--count", "2", "--json")
    printed = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert (result.exit_code, printed) == (0, ["a", "b"])
    assert city.results() == (1, 1)


def test_what_is_no_outcome_is_told_of_once_and_stays(city):
    """Also where outcomes are taken away, look after look."""
    city.put("not ours")
    city.put(outcome("a"))
    later = threading.Timer(0.5, city.put, [outcome("b")])
    later.start()
    result = city.run("tail", "--delete", "--count", "2")
    later.join(timeout=10)
    [line] = result.stderr.splitlines()
    assert line.endswith("is no outcome: $ is not JSON: JSONDecodeError")
    assert city.results() == (1, 1)


class Impatient(io.StringIO):
    """Where a command prints: as soon as it does, Ctrl-C is pressed."""

    def write(self, text):
        written = super().write(text)
        if text:
            press_ctrl_c()
        return written


def test_ctrl_c_ends_it_without_a_trace(city):
    """With success, and with all messages put back."""
    city.put(outcome("a"))
    city.put(outcome("b"))
    arguments = [
        *("tail", "--results-queue", city.variables["RESULTS_QUEUE_URL"]),
        *("--key-id", city.cloud.key.id, "--key-secret", city.cloud.key.secret),
    ]
    with contextlib.redirect_stdout(Impatient()) as out:
        nic.main(arguments, standalone_mode=False)
    [line] = out.getvalue().splitlines()
    assert line.endswith("  a")
    assert city.results() == (2, 2)


def test_a_queue_that_is_missing_is_told_of(city):
    """One line, and the exit code of failures."""
    missing = city.variables["RESULTS_QUEUE_URL"] + "-missing"
    result = city.run("tail", RESULTS_QUEUE_URL=missing)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("Error: ReceiveMessage: HTTP 400 ")


def test_what_cannot_be_put_back_does_not_keep_the_rest(city):
    """It comes back by itself; those after it are put back all the same."""
    city.put(outcome())
    url = city.variables["RESULTS_QUEUE_URL"]
    key = city.cloud.key
    with contextlib.closing(new_client(key.id, key.secret)) as client:
        [message] = receive(client, url)
        gone = Message(id="gone", body="", receipt="gone")
        put_back(client, url, [gone, message])
    assert city.results() == (1, 1)


@pytest.mark.parametrize("command", ["send", "tail"])
def test_help_tells_what_it_does_to_other_consumers(city, command):
    """Whoever shares a queue must know."""
    result = city.run(command, "--help")
    assert "other consumers" in " ".join(result.stdout.split())
