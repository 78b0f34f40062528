"""`nic why` looks into queues without harm."""

import json

import pytest

from events.task import render_task
from tests.contract.operator_city import City
from tests.contract.stories import EVIL, known, outcome, section, told


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


def test_messages_about_the_instance_are_read_and_left(city, web):
    """On results and dead letters, not those about others."""
    city.put(city.queues.results, outcome(web, reason=f"because{EVIL}"))
    city.put(city.queues.results, outcome("fhmother"))
    city.put(city.queues.dead, render_task(known(web, "order-2", looks=3)))
    city.put(
        city.queues.dead, {"requestId": "order-3", "instanceId": web, "policy": "mgmt"}
    )
    city.put(city.queues.dead, {"mentions": web})
    lines = section(told(city, web), "queues")
    assert lines[0] == "tasks: 0 visible, 0 in flight, 0 delayed"
    assert lines[1] == "results: 2 visible, 0 in flight, 0 delayed"
    assert lines[2].startswith(
        "2026-01-02 03:04:05  interface 1, timed-out: because\ufffd"
    )
    assert lines[3] == "dead: 3 visible, 0 in flight, 0 delayed"
    dead = "\n".join(lines[4:])
    assert "request order-2, for interface 1, looked at 3 times" in dead
    assert "policy mgmt, for a producer asked" in dead
    assert "neither request nor outcome" in dead
    assert city.messages(city.queues.results) == (2, 2)
    assert city.messages(city.queues.dead) == (3, 3)


def test_reading_tasks_counts_so_it_must_be_asked_for(city, web):
    """Without that, messages are counted and never received."""
    city.put(city.queues.tasks, render_task(known(web)))
    found = section(told(city, web), "queues")[0]
    assert found.endswith("; not read, for its redrive policy would count that")
    assert "MessageQueue/ReceiveMessage" not in city.calls()
    lines = told(city, web, "--peek-tasks")
    assert "request order-1" in section(lines, "queues")[1]
    assert lines[-1].endswith("; a request about it is on the tasks queue already.")
    assert city.messages(city.queues.tasks) == (1, 1)


def test_any_queue_with_a_redrive_policy_is_only_counted(city, web):
    """Results that somebody wants buried are not brought nearer to it."""
    arn = city.queues.dead.arn
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    queue = city.queue("guarded", RedrivePolicy=redrive)
    city.put(queue, outcome(web))
    url = city.cloud.queues.url_of(queue)
    for _ in range(3):
        lines = told(city, web, "--peek-tasks", RESULTS_QUEUE_URL=url)
        assert "not read" in section(lines, "queues")[1]
    assert city.messages(queue) == (1, 1)


def test_a_queue_that_fails_spoils_nothing_else(city, web):
    """It is named; so it is where its URL is wrong."""
    missing = city.cloud.queues.url_of(city.queues.dead) + "-missing"
    lines = told(city, web, DEAD_QUEUE_URL=missing)
    assert section(lines, "queues")[2].startswith(
        "dead: cannot be looked at: GetQueueAttributes: HTTP 400"
    )
    assert lines[-1].startswith("Nothing stands in the way")


def test_queues_need_a_key(city, web):
    """Of a cloud that does not bring one."""
    url = city.cloud.queues.url_of(city.queues.results)
    options = ("--policies", city.policies(), "--results-queue", url)
    variables = {"YC_IAM_TOKEN": city.cloud.token().value, "QUEUE_KEY_ID": ""}
    result = city.run("why", web, *options, local=False, **variables)
    assert (result.exit_code, "queues need --key-id" in result.stderr) == (2, True)
