"""`nic send` speaks to real queues, with the functions deployed."""

import json

import pytest

from events.decision import Verdict
from tests.contract.busy_city import City, outcome, verdicts


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


def test_a_policy_is_asked_for_by_its_name(city):
    """It says which interface; options say how, instead of its own."""
    instance_id = city.create("web-3", running=True)
    named = ("--instance", instance_id, "--policy", "mgmt")
    code, [found] = city.wait_for(*named, "--stop-if-running")
    assert (code, found["subject"]) == (0, f"{instance_id}/1")
    assert found["data"]["origin"]["policy"] == "mgmt"
    code, [found] = city.wait_for("--instance", instance_id, "--policy", "nobody")
    assert (code, found["data"]["verdict"]) == (1, "refused")


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
        (["--policy", "mgmt", "--index", "1"], {}, "no option does beside it"),
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


@pytest.mark.parametrize("command", ["send", "tail"])
def test_help_tells_what_it_does_to_other_consumers(city, command):
    """Whoever shares a queue must know."""
    result = city.run(command, "--help")
    assert "other consumers" in " ".join(result.stdout.split())
