"""`nic why` tells the story of an instance, and changes nothing."""

import json

import pytest

from events.decision import Verdict
from fakes.compute.fates import fails
from fakes.compute.settings import Kind
from fakes.errors import Code
from fakes.faults import Fault
from tests.contract.operator_city import City, printable
from tests.contract.stories import EVIL, outcome, section, told

SEEN = "the instance is STOPPED, the slot free"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with City(tmp_path_factory.mktemp("city")) as city:
        yield city


@pytest.fixture(autouse=True)
def _clean(city):
    city.cloud.faults.clear()
    yield
    city.purge()


@pytest.fixture(scope="module")
def web(city):
    """A stopped instance without the interface that it should have."""
    return city.create("web-1", nic="mgmt")


@pytest.fixture(scope="module")
def complete(city):
    """A stopped instance that has its interface."""
    instance_id = city.create("web-3", nic="mgmt")
    city.attach(instance_id)
    return instance_id


def document(city, instance_id, *arguments, policies=None):
    options = ("--policies", policies or city.policies(), "--json")
    return json.loads(city.run("why", instance_id, *options, *arguments).stdout)


def test_what_is_missing_is_told_and_what_would_follow(city, web):
    """What it is, what is there, what is wanted, and the end of the story."""
    other = city.policy("other", "2", labels={"tier": "db"})
    lines = told(city, web, policies=city.policies(city.policy(), other))
    assert lines[0].startswith(f"instance {web} (web-1) is STOPPED, in ru-central1-a")
    assert lines[1] == "labels: nic=mgmt"
    assert section(lines, "policies") == [
        f"mgmt, interface 1: missing; at the next look: attach ({SEEN})",
        "other, interface 2: does not mean this instance: its label tier is missing",
    ]
    assert lines[-1].startswith("Nothing stands in the way of interface 1")


def test_nothing_is_begun(city, web):
    """Reading is all; the instance is looked at once."""
    told(
        city,
        web,
        policies=city.policies(city.policy(options={"finalPower": "running"})),
    )
    calls = city.calls()
    assert calls.count("InstanceService/Get") == 1
    assert {one.rpartition("/")[2] for one in calls} <= {
        *("Get", "ListOperations", "GetQueueAttributes"),
    }


def test_operations_of_every_kind_are_told(city, complete):
    """When, what, by whom, how it ended; the interfaces are those of now."""
    lines = told(city, complete)
    found = section(lines, "operations")
    assert [line.split("  ")[2].strip() for line in found] == [
        "Create instance",
        "Stop instance",
        "Attach network interface to instance (interface 1)",
    ]
    assert all("by aje" in line and "done 20" in line for line in found)
    head, *rows = section(lines, "interfaces")
    assert head.split()[:3] == ["index", "subnet", "address"]
    assert [(row.split()[0], "none yet" in row) for row in rows] == [
        ("0", False),
        ("1", True),
    ]
    assert section(lines, "policies") == ["mgmt, interface 1: has it"]
    assert lines[-1] == "Nothing is missing: the instance has all that policies want."


def test_the_newest_operations_are_shown(city, complete):
    """As many as asked for."""
    found = section(told(city, complete, "--operations", "1"), "operations")
    assert found[0] == "(2 older operations)"
    assert len(found) == 2
    assert len(document(city, complete, "--operations", "1")["operations"]) == 1


def test_a_failed_operation_is_told_with_its_error(city):
    """Whatever the cloud says is printed safely."""
    instance_id = city.create("web-4", nic="mgmt")
    fate = fails(Code.INTERNAL, f"because{EVIL}")
    city.thread.call(city.cloud.compute.script, Kind.ATTACH, fate)
    city.attach(instance_id)
    *_, last = section(told(city, instance_id), "operations")
    assert last.split("  ")[-1].startswith("failed: INTERNAL: because\ufffd[2J")


def test_the_json_tells_the_same(city, web):
    """With names as everywhere in JSON here."""
    found = document(city, web)
    assert found["instance"]["name"] == "web-1"
    assert found["instance"]["interfaces"][0]["subnetId"].startswith("e9b")
    assert found["operations"][0]["description"] == "Create instance"
    assert "response" not in found["operations"][0]
    [policy] = found["policies"]
    assert (policy["means"], policy["has"], policy["would"]) == (True, False, "attach")
    assert [one["name"] for one in found["queues"]] == ["tasks", "results", "dead"]
    assert found["conclusion"].startswith("Nothing stands in the way")


# What cannot be had


def test_an_instance_that_never_was_is_an_error(city):
    """What the queues say about it is told all the same."""
    city.put(city.queues.results, outcome("fhmgone", Verdict.INSTANCE_MISSING))
    lines = told(city, "fhmgone", code=1)
    assert lines[0] == "instance fhmgone: not found"
    assert "order-1" in "".join(section(lines, "queues"))
    assert lines[-1].startswith("There is no instance fhmgone")


def test_an_instance_that_may_not_be_seen_is_not_called_gone(city, web):
    """Neither are its operations said to be none."""
    for method in ("InstanceService/Get", "InstanceService/ListOperations"):
        city.cloud.faults.add(Fault(method=method, code=Code.PERMISSION_DENIED))
    lines = told(city, web, code=1)
    assert lines[0].startswith(f"instance {web}: PERMISSION_DENIED: ")
    assert section(lines, "operations")[0].startswith("cannot be looked at: PERM")
    assert lines[-1].startswith("The instance cannot be looked at: PERMISSION_DENIED")


def test_an_instance_that_opts_out_is_left_alone(city):
    """By the label that the limits name."""
    instance_id = city.create("web-5", nic="mgmt", nic_attach_opt_out="yes")
    lines = told(city, instance_id)
    assert "skipped (the instance opts out" in section(lines, "policies")[0]
    assert lines[-1].endswith("for it has label nic-attach-opt-out.")


@pytest.mark.parametrize("instance", ["a b", "\x1b[2J", ""])
def test_what_is_no_id_is_refused(city, instance):
    """Before the cloud is asked; it is not repeated."""
    result = city.run("why", instance, "--policies", city.policies())
    assert (result.exit_code, "must be a resource's id" in result.stderr) == (2, True)
    assert printable(result.stderr)


def test_operations_come_in_pages(city, complete, monkeypatch):
    """All of them are told, and no endless number is asked for."""
    monkeypatch.setattr("cli.access._PAGE", 1)
    assert len(section(told(city, complete), "operations")) == 3
    monkeypatch.setattr("cli.access._MOST_PAGES", 2)
    assert len(section(told(city, complete), "operations")) == 2
